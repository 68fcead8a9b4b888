"""Networks as Python scripts, JSON and arrays for other programs."""
