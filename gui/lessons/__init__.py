"""Lessons in the window: opening them, pointing, doing, hiding, and seeing what a person has done.

Most starts open none: the window imports what is in here with the first lesson.
"""

LESSON_SUFFIXES = (".md", ".zip")
"""The ends of the names of files that may be one."""
