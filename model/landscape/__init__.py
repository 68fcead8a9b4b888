"""The loss over a plane through the weights of a network, and paths of training on it."""
