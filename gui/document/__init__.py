"""The only mutable state of the window."""
