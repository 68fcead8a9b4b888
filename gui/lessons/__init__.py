"""Lessons in the window: opening them, pointing, doing, hiding, and seeing what a person has done."""
