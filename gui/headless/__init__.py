"""Training and rendering from the command line, without a window."""
