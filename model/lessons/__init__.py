"""Lessons: texts with steps that point, do, wait and check; see resources/lesson-format.md."""

from model.lessons.lesson import Lesson, LessonError
from model.lessons.reading import read_lesson

__all__ = ["Lesson", "LessonError", "read_lesson"]
