"""The dialog that offers what was not saved when the program ended: a row with a picture for each experiment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPixmap, QShowEvent, QTransform
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.items.curve.lines import curve_lines
from gui.items.lines_item import paint_lines
from gui.items.points_layer import paint_points
from gui.items.surface_item import surface_image, to_image
from gui.program.guard import guarded
from gui.widgets.card import ElidedLabel, label
from gui.widgets.forms import dialog_buttons
from gui.widgets.scroll import Scroll
from gui.widgets.texts import as_tip, folder_text
from model import Dataset
from model.data.dataset import PLANE_LIMIT
from model.experiment import Experiment, ExperimentError, load_experiment
from model.run.snapshot import Snapshot, SnapshotMaker
from model.types import counted

SUSPICIOUS_CRASHES = 2
"""After so many unexpected ends of the program an experiment is offered with a warning."""

_Answer: TypeAlias = tuple[int, Experiment | str]

_PICTURE_PX = 88
_LOOK_MS = 30
_MARKER_SCALE, _CURVE_PX = 0.45, 1.5
_MOST_POINTS = 400
_ROW_WIDTH = 560
_MOST_ROWS_SHOWN = 4
_INTRODUCTION = (
    "NetCanvas ended before this was saved. What you leave here, also by Escape, is kept and offered again at the next "
    "start."
)


@dataclass(frozen=True, slots=True)
class LeftExperiment:
    """An unsaved experiment that a window left behind.

    Attributes
    ----------
    path : Path
        Where it is kept.
    file : Path or None
        The file that it belongs to; None: it was never saved.
    saved_at : float
        When it was kept, in seconds since 1970.
    n_steps : int or None
        How far its run is, where that is known.
    n_crashes : int
        How often the program ended unexpectedly after it had been restored.
    """

    path: Path
    file: Path | None
    saved_at: float
    n_steps: int | None
    n_crashes: int

    @property
    def name(self) -> str:
        """What the person calls it."""
        return "Untitled" if self.file is None else self.file.name

    @property
    def is_suspicious(self) -> bool:
        """Whether it may be what crashes the program."""
        return self.n_crashes >= SUSPICIOUS_CRASHES


def small_picture(experiment: Experiment, side: int) -> QImage:
    """Return the output with some of the points, `side` pixels wide and high."""
    colours, enlargement = theme.current(), side / _PICTURE_PX
    moment = experiment.history.frames[-1]
    snapshot = SnapshotMaker(4, side).make(0, moment)
    picture = _surface_picture(snapshot, side, colours)
    to_pixels = QTransform.fromScale(side / (2 * PLANE_LIMIT), -side / (2 * PLANE_LIMIT))
    to_pixels *= QTransform.fromTranslate(side / 2, side / 2)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line in curve_lines(snapshot, colours, terms=False, width=_CURVE_PX * enlargement):
        paint_lines(painter, [line.vertices], to_pixels, line.pen)
    paint_points(painter, _some_points(moment.dataset), to_pixels, colours, scale=_MARKER_SCALE * enlargement)
    painter.end()
    return picture


def _surface_picture(snapshot: Snapshot, side: int, colours: theme.Theme) -> QImage:
    """Return the network's answer over the plane; of a curve, an empty plane."""
    if snapshot.curve is None:
        answer = surface_image(snapshot.surface, colours, regions=False)
        return to_image(np.ascontiguousarray(answer[::-1])).copy()
    picture = QImage(side, side, QImage.Format.Format_RGB32)
    picture.fill(colours.panel)
    return picture


def _some_points(dataset: Dataset) -> Dataset:
    return dataset.take(slice(None, None, max(len(dataset) // _MOST_POINTS, 1)))


class _Row(QFrame):
    """One experiment, and what can become of it."""

    restore_chosen = Signal(object)
    later_chosen = Signal(object)
    delete_chosen = Signal(object)

    def __init__(self, left: LeftExperiment) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(left.name)
        self.left = left
        self.picture = label()
        theme.measure(self.picture, width=_PICTURE_PX, height=_PICTURE_PX)
        self.picture.setAccessibleName("Picture of the experiment")
        self._warning = label("", "error")
        self._warning.setWordWrap(True)
        # So that the place of a file can be copied.
        self._warning.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.restore = self._button("Restore", "Go on with it in this window.", self._on_restore)
        self.later = self._button("Later", "Keep it, and offer it at the next start.", self._on_later)
        self.delete = self._button("Delete…", "Remove it for good.", self._on_delete)
        self._lay_out()
        crashes = f"NetCanvas ended unexpectedly {left.n_crashes} times after this was restored: it may do so again."
        self._warn(crashes if left.is_suspicious else "")

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        name, where = ElidedLabel("header"), ElidedLabel("muted")
        name.show_text(self.left.name)
        where.show_text(_where(self.left), "" if self.left.file is None else str(self.left.file))
        for text in (name, where, label(_when(self.left), "muted")):
            texts.addWidget(text)
        texts.addWidget(self._warning)
        texts.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.restore, self.later, self.delete):
            buttons.addWidget(button)
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setHorizontalSpacing(12)
        grid.addWidget(self.picture, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(texts, 0, 1)
        grid.addLayout(buttons, 1, 1)
        grid.setColumnStretch(1, 1)

    def _button(self, text: str, tip: str, on_clicked: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(as_tip(tip))
        button.setAccessibleName(f"{text.rstrip('…')} {self.left.name}")
        button.setAutoDefault(True)
        button.clicked.connect(on_clicked)
        return button

    @property
    def is_offered(self) -> bool:
        """Whether it is still in the list."""
        return not self.isHidden()

    @property
    def is_safe(self) -> bool:
        """Whether Return may restore it."""
        return self.restore.isEnabled() and not self.left.is_suspicious

    def show_picture(self, experiment: Experiment) -> None:
        """Show how it looked."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(small_picture(experiment, round(theme.px(_PICTURE_PX) * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(pixmap)

    def show_unreadable(self, reason: str) -> None:
        """Say why it cannot be restored, and where it is kept."""
        self.restore.setEnabled(False)
        # A reason names the file, which has another name to the person.
        self._warn(f"This{reason.removeprefix(self.left.path.name)} It is kept as {self.left.path}")

    def _warn(self, text: str) -> None:
        self._warning.setText(text)
        self._warning.setVisible(bool(text))

    @Slot()
    def _on_restore(self) -> None:
        self.restore_chosen.emit(self.left)

    @Slot()
    def _on_later(self) -> None:
        self.later_chosen.emit(self.left)

    @Slot()
    def _on_delete(self) -> None:
        self.delete_chosen.emit(self.left)


class RecoveryDialog(QDialog):
    """Asks what is to become of each unsaved experiment.

    Nothing becomes of one but by its own buttons; what is still in the list when the dialog closes is for later.

    Parameters
    ----------
    found : sequence of LeftExperiment
        One or more.
    parent : QWidget
    """

    restore_chosen = Signal(object)
    later_chosen = Signal(object)
    delete_chosen = Signal(object)

    def __init__(self, found: Sequence[LeftExperiment], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recovery")
        self.setWindowTitle("Unsaved Experiments")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows = [_Row(left) for left in found]
        self._closed = threading.Event()
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._show_what_was_read)
        column = QVBoxLayout(self)
        introduction = label(_INTRODUCTION)
        introduction.setWordWrap(True)
        column.addWidget(introduction)
        column.addWidget(self._list(), 1)
        column.addWidget(dialog_buttons(self, QDialogButtonBox.StandardButton.Close))
        self.finished.connect(self._on_finished)
        self.destroyed.connect(self._closed.set)
        self._choose_default()

    def _list(self) -> Scroll:
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        for row in self._rows:
            row.restore_chosen.connect(self._on_restore)
            row.later_chosen.connect(self._on_later)
            row.delete_chosen.connect(self._on_delete)
            rows.addWidget(row)
        rows.addStretch(1)
        scroll = Scroll(inner)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        shown = self._rows[:_MOST_ROWS_SHOWN]
        scroll.setMinimumSize(theme.px(_ROW_WIDTH), sum(row.sizeHint().height() + rows.spacing() for row in shown))
        return scroll

    @property
    def n_offered(self) -> int:
        """How many are in the list."""
        return sum(row.is_offered for row in self._rows)

    def settle(self, left: LeftExperiment) -> None:
        """Take an experiment out of the list; the dialog closes after the last."""
        row = self._row(left)
        if row is not None:
            row.hide()
        if self.n_offered:
            self._choose_default()
        else:
            self.accept()

    def show_unreadable(self, left: LeftExperiment, reason: str) -> None:
        """Say why an experiment cannot be restored."""
        row = self._row(left)
        if row is not None:
            row.show_unreadable(reason)
            self._choose_default()

    def _row(self, left: LeftExperiment) -> _Row | None:
        return next((row for row in self._rows if row.left == left), None)

    def _choose_default(self) -> None:
        """Let Return restore the first one that is safe; where none is, keep the first for later."""
        offered = [row for row in self._rows if row.is_offered]
        safe = next((row for row in offered if row.is_safe), None)
        button = safe.restore if safe is not None else offered[0].later
        button.setDefault(True)
        button.setFocus()

    @Slot(object)
    def _on_restore(self, left: LeftExperiment) -> None:
        self.restore_chosen.emit(left)

    @Slot(object)
    def _on_later(self, left: LeftExperiment) -> None:
        self.later_chosen.emit(left)
        self.settle(left)

    @Slot(object)
    def _on_delete(self, left: LeftExperiment) -> None:
        self.delete_chosen.emit(left)

    @Slot()
    def _on_finished(self) -> None:
        self._closed.set()
        self._timer.stop()
        for row in self._rows:
            if row.is_offered:
                self.later_chosen.emit(row.left)

    # Pictures

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Begin to read the experiments, in a thread of its own, for a large one takes a while."""
        super().showEvent(event)
        if not self._timer.isActive() and not self._closed.is_set():
            paths = [row.left.path for row in self._rows]
            arguments = (paths, self._answers, self._closed)
            threading.Thread(target=_read, args=arguments, name="recovery pictures").start()
            self._timer.start()

    @Slot()
    def _show_what_was_read(self) -> None:
        try:
            number, answer = self._answers.get_nowait()
        except Empty:
            return
        row = self._rows[number]
        if isinstance(answer, str):
            self.show_unreadable(row.left, answer)
        elif len(answer.history):
            row.show_picture(answer)
        if number == len(self._rows) - 1:
            self._timer.stop()


def _read(paths: Sequence[Path], answers: SimpleQueue[_Answer], closed: threading.Event) -> None:
    """Read experiments, in their order, until the dialog is closed; of one that cannot be read say why."""
    for number, path in enumerate(paths):
        if closed.is_set():
            return
        try:
            answers.put((number, load_experiment(path)))
        except ExperimentError as error:
            answers.put((number, str(error)))


def _where(left: LeftExperiment) -> str:
    return "Not saved yet" if left.file is None else f"From {folder_text(left.file)}"


def _when(left: LeftExperiment) -> str:
    time = QDateTime.fromSecsSinceEpoch(round(left.saved_at))
    kept = QLocale.c().toString(time, "d MMMM yyyy, HH:mm")
    return kept if left.n_steps is None else f"{kept} · {counted(left.n_steps, 'step')}"
