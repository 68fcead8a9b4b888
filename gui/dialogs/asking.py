"""Asking and telling: what a file may be written over, what went wrong, and in which folder a person was last."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QLabel, QMainWindow, QMessageBox, QPushButton, QWidget

from gui import theme
from gui.icons import icon

_NOTE_MS = 10_000
_ICON_PX = 36


def message_box(
    parent: QWidget,
    kind: QMessageBox.Icon,
    sentence: str,
    reason: str = "",
    buttons: QMessageBox.StandardButton = QMessageBox.StandardButton.NoButton,
) -> QMessageBox:
    """Return a box that shows its texts as they are, for they may have the names of files; it is not open yet."""
    box = QMessageBox(kind, "NetCanvas", sentence, buttons, parent)
    box.setIconPixmap(_picture(kind, box.devicePixelRatioF()))
    box.setInformativeText(reason)
    for text in box.findChildren(QLabel):
        text.setTextFormat(Qt.TextFormat.PlainText)
    for button in box.buttons():
        # The style's icons are black, also where the theme is dark.
        button.setIcon(QIcon())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box


def _picture(kind: QMessageBox.Icon, ratio: float) -> QPixmap:
    """Return the sign of a kind of box, in the colours of the theme: the style's own are of another design."""
    colours = theme.current()
    is_question = kind is QMessageBox.Icon.Question
    sign = icon("question" if is_question else "warning", colours.accent if is_question else colours.negative)
    side = theme.px(_ICON_PX)
    return sign.pixmap(QSize(side, side), ratio)


def warn(parent: QWidget, sentence: str, reason: str = "") -> None:
    """Say what went wrong in a box, so that it is not missed."""
    message_box(parent, QMessageBox.Icon.Warning, sentence, reason, QMessageBox.StandardButton.Close).open()


def note(window: QMainWindow, sentence: str) -> None:
    """Say what was done, or why nothing was, at the foot of the window."""
    window.statusBar().showMessage(sentence, _NOTE_MS)


def ask(parent: QWidget, name: str, sentence: str, reason: str, answers: Mapping[str, Callable[[], object]]) -> None:
    """Ask what is to be done.

    Parameters
    ----------
    parent : QWidget
    name : str
        The box's object name.
    sentence, reason : str
        What the matter is, and what will come of it.
    answers : mapping of str to callable
        What each button is called and does; Cancel, which Return and Escape press, does nothing.
    """
    box = message_box(parent, QMessageBox.Icon.Question, sentence, reason, QMessageBox.StandardButton.Cancel)
    box.setObjectName(name)
    for text, then in answers.items():
        # Of a button that Qt makes, PySide may give the wrapper of a widget that was at the same address.
        button = QPushButton(text, box)
        box.addButton(button, QMessageBox.ButtonRole.AcceptRole)
        button.clicked.connect(then)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.open()


def ask_to_replace(parent: QWidget, path: Path, then: Callable[[], object], *, is_folder: bool = False) -> None:
    """Do something that writes over a file, or over the pictures in a folder, if a person agrees."""
    what = "The pictures in it" if is_folder else "It"
    ask(parent, "replace", f"{path} exists already.", f"{what} will be replaced.", {"Replace": then})


def ask_about_suffix(parent: QWidget, path: Path, suffixes: Sequence[str], write: Callable[[Path], object]) -> None:
    """Write a file that a file dialog has asked for.

    A name without one of the suffixes gets the first. Then the dialog has asked about another file, and a person may
    have to be asked about this one.
    """
    if path.suffix.lower() in suffixes:
        write(path)
        return
    path = path.with_name(path.name + suffixes[0])
    # Where the system does not let one look, or the name is none, writing says why.
    if os.path.exists(path):
        ask_to_replace(parent, path, lambda: write(path))
    else:
        write(path)


class LastFolder:
    """The folder in which a person was last, for one kind of file; remembered for the next start.

    Parameters
    ----------
    kind : str
        Its key in the settings.
    """

    def __init__(self, kind: str) -> None:
        self._key = kind

    @property
    def path(self) -> Path | None:
        """The folder; None where there is none yet, or it is gone."""
        folder = Path(str(QSettings().value(self._key) or ""))
        return folder if folder.is_absolute() and os.path.isdir(folder) else None

    def remember(self, file: Path) -> None:
        """Offer the folder of this file the next time."""
        QSettings().setValue(self._key, str(file.parent))
