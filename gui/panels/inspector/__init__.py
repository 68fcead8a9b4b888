"""The panel that shows one neuron or weight, with its numbers to turn."""
