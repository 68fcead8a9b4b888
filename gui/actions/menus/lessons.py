"""The Lessons menu: the program's own, others, and new ones."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from gui.actions.action import Action, Menu, Window
from gui.theme import RESOURCES

_OWN = RESOURCES / "lessons"
_TITLE = "title:"


def own_lessons() -> list[Path]:
    """Return the folders of the program's own lessons, in their order."""
    return sorted(path.parent for path in _OWN.glob("*/lesson.md"))


def _title_of(folder: Path) -> str:
    """Return the title of one of the program's own lessons, which is in the first lines of its text."""
    with (folder / "lesson.md").open(encoding="utf-8") as lines:
        titles = (line.removeprefix(_TITLE).strip() for line in lines if line.startswith(_TITLE))
        return next(titles, folder.name)


def _open(window: Window, folder: Path) -> None:
    window.lessons.settle_and_open(folder)


def _lesson_action(folder: Path) -> Action:
    title, number = _title_of(folder), int(folder.name.partition("-")[0])
    return Action(
        id=f"lesson_{number}",
        title=f"&{number} {title.replace('&', '&&')}",
        tip=f"Begin the lesson “{title}”.",
        call=partial(_open, folder=folder),
    )


LESSON_ACTIONS = tuple(map(_lesson_action, own_lessons()))

LESSONS = Menu(
    "&Lessons",
    (
        *LESSON_ACTIONS,
        *((None,) if LESSON_ACTIONS else ()),
        Action(
            id="open_lesson",
            title="&Open Lesson…",
            tip="Begin a lesson from a file: its text lesson.md, or a zip of its folder.",
            call=lambda window: window.lessons.ask_and_open(),
        ),
        Action(
            id="new_lesson",
            title="&New from This Experiment…",
            tip="Make the folder of a lesson that shows this experiment; its text is gone on with in any editor.",
            call=lambda window: window.lessons.ask_and_make(),
        ),
        Action(
            id="leave_lesson",
            title="&Leave the Lesson",
            tip="Close the text beside the work; what was done stays.",
            call=lambda window: window.lessons.leave(),
            enabled=lambda window: window.document.lesson.lesson is not None,
        ),
    ),
)
