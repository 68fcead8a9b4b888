"""The dialog that shows the network as a formula, and the process that computes it."""
