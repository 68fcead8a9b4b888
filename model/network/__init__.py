"""The function: layers of neurons, what they compute, and changes of their shape."""
