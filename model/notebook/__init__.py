"""A run as a Jupyter notebook, which trains the network again with NumPy alone."""
