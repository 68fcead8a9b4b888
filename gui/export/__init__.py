"""Animations as files: the pictures of a run, encoded."""
