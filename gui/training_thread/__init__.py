"""The thread that trains, the only code that touches a live network, and its messages."""
