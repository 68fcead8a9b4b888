"""The mathematics of one moment: the chain rule in numbers, and the network as formulas."""
