"""The network of a curve: its answer over x, what it is put together from, and what each neuron makes of x."""
