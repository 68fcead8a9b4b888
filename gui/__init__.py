"""The window of NetCanvas."""
