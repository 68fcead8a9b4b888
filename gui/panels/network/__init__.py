"""The panel that shows the network, with a header over each layer."""
