"""A training step taken apart, to walk through page by page."""
