"""The dialog that exports a run as an animation. The window stays usable, and training may go on meanwhile."""

from __future__ import annotations

import contextlib
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QVBoxLayout,
)

from gui import theme
from gui.dialogs.animation_form import ExportForm, size_remark
from gui.dialogs.animation_memory import remember_settings
from gui.dialogs.animation_preview import Preview
from gui.dialogs.file_field import FileField
from gui.dialogs.working import WorkingDialog
from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.export.animation.formats import FORMATS
from gui.export.animation.rendering import Finisher, Renderer
from gui.export.animation.settings import AnimationSettings
from gui.export.errors import ExportError
from gui.program.exported import exported
from gui.widgets.card import label
from gui.widgets.forms import plain_button
from gui.widgets.screens import set_first_size
from model.numbers import number_text
from model.types import counted

NOTHING_TRAINED = "There is nothing to export yet: train some steps first, with Play."

_NOTHING_TO_SEE = "The animation is shown here when the network has been trained for some steps."

_SLICE_S = 0.015
"""How long it draws before the window has its turn."""

_ENDING_MS = 30

_UNKNOWN_S = 0.5
"""No time left is told before it has drawn for so long."""


class ExportDialog(WorkingDialog):
    """Asks what an animation shows, previews it, and writes it.

    Closing it, or the window, cancels an export. What is left then is what was there before.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
        It keeps the title and the caption with the experiment.
    window : QMainWindow
        The window that it stays in front of.
    """

    def __init__(self, run: LiveRun, changes: Changes, window: QMainWindow) -> None:
        super().__init__(window)
        self._run, self._changes = run, changes
        self._rendering: Renderer | None = None
        self._finisher: Finisher | None = None
        self._settings = AnimationSettings()
        self._written: Path | None = None
        self._started_at = 0.0
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export animation")
        self._form = ExportForm(run.shown_dataset)
        self._form.show_titles(changes.titles)
        self._preview = Preview(run)
        self._file = FileField("animation")
        self._build_foot()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_turn)
        self._show_format()
        self._file.offer("run")
        self._form.changed.connect(self._on_form_changed)
        self._file.changed.connect(self._show_problem)
        changes.titles_changed.connect(self._on_titles_changed)
        run.playing_changed.connect(self._on_run_changed)
        run.displayed_changed.connect(self._on_run_changed)
        self._on_form_changed()

    # Building

    def _build_foot(self) -> None:
        self._summary = label(role="muted")
        self._summary.setWordWrap(True)
        self._message = label()
        self._message.setAccessibleName("Message")
        self._message.setWordWrap(True)
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Progress")
        self._progress.setTextVisible(False)
        self._pace = label(role="muted")
        theme.measure(self._pace, font=12)
        self._play = plain_button("&Play", "Play the animation in the program that the system has for it.")
        self._play.clicked.connect(self._on_play_clicked)
        self._open = plain_button("&Open Folder", "Show the file in its folder.")
        self._open.clicked.connect(self._on_open_clicked)
        self._cancel = plain_button("Close", "Close, and cancel an export that runs.")
        self._cancel.clicked.connect(self.reject)
        self._export = plain_button("&Export", "Write the animation.")
        self._export.setObjectName("primary")
        self._export.clicked.connect(self._on_export_clicked)
        for widget in (self._progress, self._pace, self._play, self._open, self._message):
            widget.hide()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(16)
        right = QVBoxLayout()
        right.addWidget(self._preview, 1)
        right.addWidget(self._summary)
        top.addWidget(self._form)
        top.addLayout(right, 1)
        progress = QHBoxLayout()
        progress.setSpacing(12)
        progress.addWidget(self._progress, 1)
        progress.addWidget(self._pace)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._file, 1)
        foot.addSpacing(12)
        for button in (self._play, self._open, self._cancel, self._export):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(top, 1)
        column.addWidget(self._message)
        column.addLayout(progress)
        column.addLayout(foot)
        set_first_size(self, 1020, 760)

    # Showing

    @property
    def is_exporting(self) -> bool:
        """Whether an animation is being written."""
        return self._rendering is not None

    @property
    def summary(self) -> str:
        """How long and large the animation will be."""
        return self._summary.text()

    @property
    def pace(self) -> str:
        """How far the export is, and how fast it goes."""
        return self._pace.text()

    @Slot()
    def _on_form_changed(self) -> None:
        self._show_format()
        self._show_problem()

    def _show_format(self) -> None:
        entry = FORMATS[self._form.format]
        self._file.show_kind(entry.label, entry.suffix, *entry.other_suffixes)

    @Slot()
    def _on_titles_changed(self) -> None:
        self._form.show_titles(self._changes.titles)

    @Slot()
    def _on_run_changed(self) -> None:
        # While training goes on each snapshot would be a new picture; the last one counts.
        if not self._run.playing:
            self._preview.refresh()
            if self._message.text() == NOTHING_TRAINED:
                self._show_problem()

    @Slot()
    def _show_problem(self) -> None:
        """Show how long and large it will be, or why it cannot be."""
        if self.is_exporting:
            return
        self._hide_written()
        try:
            settings = self._chosen()
        except ValueError as error:
            self._summary.clear()
            self._say(str(error), is_error=True)
            if str(error) == NOTHING_TRAINED:
                self._preview.show_sentence(_NOTHING_TO_SEE)
            return
        self._say("")
        entry, n_frames = FORMATS[settings.format], settings.movie().n_written(settings.n_frames)
        width, height = settings.size
        parts = [f"{counted(n_frames, 'frame')} of {width} × {height}, {number_text(settings.total_seconds, 3)} s."]
        parts.append(size_remark(self._form.wanted_size, settings))
        if not entry.is_exact(settings.fps):
            unit = {100: "hundredths", 1000: "thousandths"}.get(entry.ticks_per_second, "parts")
            parts.append(f"{entry.label} counts in {unit} of a second, so frames differ by one.")
        self._summary.setText(" ".join(filter(None, parts)))
        self._preview.show_settings(settings)

    def _chosen(self) -> AnimationSettings:
        """Return what the form says, if the run has it; otherwise raise a ValueError that says why not."""
        history = self._run.history
        last = history.frames[-1].step if len(history) else 0
        if last == 0:
            raise ValueError(NOTHING_TRAINED)
        try:
            settings = self._form.settings()
        except ValueError as error:
            text = str(error)
            raise ValueError(f"{text[:1].upper()}{text[1:].rstrip('.')}.") from error
        if settings.first_step is not None and settings.first_step >= last:
            raise ValueError(f"The run has {last:,} steps: the animation must begin before the last one.")
        if settings.last_step is not None and settings.last_step > last:
            raise ValueError(f"The run has {last:,} steps: the animation cannot end at step {settings.last_step:,}.")
        return settings

    def _say(self, sentence: str, *, is_error: bool = False) -> None:
        self._message.setProperty("role", "error" if is_error else "")
        self._message.style().unpolish(self._message)
        self._message.style().polish(self._message)
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    # Exporting

    @Slot()
    def _on_export_clicked(self) -> None:
        self._hide_written()
        try:
            settings, path = self._chosen(), self._file.path()
        except ValueError as error:
            self._say(str(error), is_error=True)
            return
        self._file.confirm(path, partial(self._begin, settings, path))

    def _begin(self, settings: AnimationSettings, path: Path) -> None:
        history, curve = self._run.history.copy(), self._run.curve.copy()
        try:
            self._rendering = Renderer(settings, history, curve, path)
        except (ValueError, ExportError) as error:
            self._say(str(error), is_error=True)
            return
        self._settings, self._written = settings, path
        remember_settings(settings)
        self._changes.set_titles(self._form.titles(self._changes.titles))
        self._say("")
        self._show_exporting(True)
        self._started_at = time.perf_counter()
        self._show_progress(self._rendering)
        self._timer.start(0)

    @Slot()
    def _on_turn(self) -> None:
        """Draw for a moment; or look whether the file is whole."""
        rendering = self._rendering
        if rendering is None:
            self._timer.stop()
            return
        try:
            goes_on = self._draw(rendering) if self._finisher is None else self._finisher.goes_on()
        except ExportError as error:
            self._stop()
            self._say(str(error), is_error=True)
        except BaseException:
            self._stop()
            raise
        else:
            if not goes_on:
                self._finish()

    def _draw(self, rendering: Renderer) -> bool:
        """Draw frames until the window must have its turn, and say whether there is more to do."""
        end = time.perf_counter() + _SLICE_S
        goes_on = True
        while goes_on and rendering.n_done < rendering.n_frames and time.perf_counter() < end:
            goes_on = rendering.advance()
        self._show_progress(rendering)
        if goes_on and rendering.n_done >= rendering.n_frames:
            self._pace.setText("the file is put together…")
            self._finisher = Finisher(rendering)
            self._finisher.start()
            self._timer.start(_ENDING_MS)
        return goes_on

    def _show_progress(self, rendering: Renderer) -> None:
        n_done, n_frames = rendering.n_done, rendering.n_frames
        self._progress.setRange(0, n_frames)
        self._progress.setValue(n_done)
        elapsed = time.perf_counter() - self._started_at
        text = f"{n_done:,} of {n_frames:,} pictures"
        if n_done and elapsed > _UNKNOWN_S:
            rate = n_done / elapsed
            text += f" · {number_text(rate, 3)} a second · {_duration_text((n_frames - n_done) / rate)} left"
        self._pace.setText(text)

    def _finish(self) -> None:
        """Say what has been written."""
        settings, path = self._settings, self._written
        self._rendering = None
        self._stop()
        assert path is not None
        self._file.remember(path)
        size = QLocale.c().formattedDataSize(_bytes_of(path), 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        self._say(f"{path.name} is written: {size}, {number_text(settings.total_seconds, 3)} s.")
        self._play.setVisible(bool(FORMATS[settings.format].suffix))
        self._open.show()
        exported().tell("animation")

    def _stop(self) -> None:
        """End an export; one that is not whole leaves nothing."""
        self._timer.stop()
        rendering, self._rendering = self._rendering, None
        finisher, self._finisher = self._finisher, None
        self._show_exporting(False)
        if rendering is not None:
            rendering.cancel()
        if finisher is not None:
            finisher.join()

    def _show_exporting(self, exporting: bool) -> None:
        for widget in (self._form, self._file, self._export):
            widget.setEnabled(not exporting)
        self._progress.setVisible(exporting)
        self._pace.setVisible(exporting)
        self._cancel.setText("Cancel" if exporting else "Close")

    def _hide_written(self) -> None:
        """Offer no longer what was written: something else is chosen."""
        self._play.hide()
        self._open.hide()

    @Slot()
    def _on_play_clicked(self) -> None:
        path = self._written
        if path is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._say(f"The system has no program that plays {path.name}.", is_error=True)

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    # Closing

    @Slot()
    def reject(self) -> None:
        """Cancel the export that runs; otherwise close."""
        if self.is_exporting:
            self._stop()
            self._say("The export was cancelled; nothing is written.")
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close, and remember what was chosen."""
        self.end_work()
        self._preview.stop()
        self._changes.set_titles(self._form.titles(self._changes.titles))
        with contextlib.suppress(ValueError):  # What does not go together is not worth keeping.
            remember_settings(self._form.settings())
        super().done(result)

    def end_work(self) -> None:
        """Cancel the export that runs."""
        self._stop()


def _bytes_of(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)


def _duration_text(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.1f} min"
