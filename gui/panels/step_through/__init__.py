"""The panel that takes one training step apart, page by page."""
