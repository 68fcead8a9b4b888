"""The window of a race: its lanes, how they stand, and what becomes of them."""
