"""The entries of each menu of the menu bar, as data."""
