"""Preview: one moment of the animation that is being set up, at the size of the screen."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.export.animation.composer import Composer
from gui.export.animation.moments import Moments
from gui.export.animation.settings import AnimationSettings
from gui.program.guard import guarded
from gui.widgets.card import label
from gui.widgets.fields import IntegerBox, NumberBox, Slider

_DELAY_MS = 60
_POSITIONS = 1000
_LEAST_SIZE = QSize(420, 320)
_SECONDS_PX, _STEP_PX, _HEIGHT_PX = 64, 84, 22
_SECONDS_TIP = "When in the animation the moment is that is shown above."
_STEP_TIP = "Which step of the run is shown above; of a step that has no frame, the next one that has."


class Preview(QWidget):
    """Draws what the animation shows, with a slider for the moment, which can be typed, too: its time or its step.

    It is drawn small, which takes less time.

    Parameters
    ----------
    run : LiveRun
        Shown as far as it is.
    """

    def __init__(self, run: LiveRun) -> None:
        super().__init__()
        self._run = run
        self._settings: AnimationSettings | None = None
        self._composer: Composer | None = None
        self._picture = label()
        self._picture.setAccessibleName("Preview")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setWordWrap(True)
        self._picture.setMinimumSize(_LEAST_SIZE)
        # A picture must not make the room for itself in which the next one is larger.
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._slider = Slider("Moment of the preview", "Which moment of the animation is shown above.", 0, _POSITIONS)
        self._slider.setValue(_POSITIONS)
        self._slider.valueChanged.connect(self._on_dragged)
        self._share = 1.0
        self._moments: Moments | None = None
        self._seconds = NumberBox("Time of the preview", _SECONDS_TIP, 0.0, 0.0, 0.1, 1, padded=True, unit=" s")
        self._seconds.valueChanged.connect(self._on_seconds_entered)
        self._step = IntegerBox("Step of the preview", _STEP_TIP, 0, 0)
        self._step.valueChanged.connect(self._on_step_entered)
        for box, width in ((self._seconds, _SECONDS_PX), (self._step, _STEP_PX)):
            box.setProperty("role", "figure")
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            theme.measure(box, width=width, height=_HEIGHT_PX)
        self._places = QWidget()
        places = QHBoxLayout(self._places)
        places.setContentsMargins(0, 0, 0, 0)
        places.addWidget(self._seconds)
        places.addWidget(label("step", "muted"))
        places.addWidget(self._step)
        row = QHBoxLayout()
        row.addWidget(self._slider, 1)
        row.addWidget(self._places)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._picture, 1)
        column.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._draw)

    def show_settings(self, settings: AnimationSettings) -> None:
        """Show an animation with these settings, soon."""
        self._settings = settings
        self.refresh()

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no picture, in its place."""
        self._settings = None
        self._show_text(sentence)

    def _show_text(self, sentence: str) -> None:
        self._picture.setText(sentence)
        self._moments = None
        self._places.setEnabled(False)

    @Slot()
    def refresh(self) -> None:
        """Draw again, soon; several changes at once are drawn once."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot(int)
    def _on_dragged(self, position: int) -> None:
        self._share = position / _POSITIONS
        self.refresh()

    @Slot(float)
    def _on_seconds_entered(self, seconds: float) -> None:
        if self._moments is not None and self._settings is not None:
            self._show_frame(round(seconds * self._settings.fps), len(self._moments))

    @Slot(int)
    def _on_step_entered(self, step: int) -> None:
        """Show the first moment that has come as far as that."""
        moments = self._moments
        if moments is not None:
            index = bisect_left(range(len(moments)), step, key=lambda index: moments[index].step)
            self._show_frame(index, len(moments))

    def _show_frame(self, index: int, n_frames: int) -> None:
        self._share = min(index / max(n_frames - 1, 1), 1.0)
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(self._share * _POSITIONS))
        self.refresh()

    def stop(self) -> None:
        """Draw no more."""
        self._timer.stop()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new size."""
        super().resizeEvent(event)
        self.refresh()

    @Slot()
    def _draw(self) -> None:
        history, curve, settings = self._run.history, self._run.curve, self._settings
        if settings is None:
            return
        try:
            moments = Moments(history, curve, settings)
        except ValueError as error:  # The run has begun anew since.
            text = str(error)
            self._show_text(f"{text[:1].upper()}{text[1:]}.")
            return
        place = round(self._share * (len(moments) - 1))
        frame = moments[place]
        self._show_place(moments, place, settings.fps)
        ratio = self.devicePixelRatioF()
        room = self._picture.size() * ratio
        (width, height), composer = settings.size, self._composer
        fitting = min(room.width() / width, room.height() / height)
        reduction = min(fitting, 1.0)
        if composer is None or (composer.settings, composer.reduction) != (settings, reduction):
            composer = self._composer = Composer(settings, reduction=reduction)
        image = composer.picture(frame, history, curve, place / max(len(moments) - 1, 1))
        enlargement = min(fitting, theme.manager().scale)
        if enlargement > 1.0:
            # Who has a large interface sees a small picture larger, and no sharper than it will be.
            image = image.scaled(image.size() * enlargement, mode=Qt.TransformationMode.SmoothTransformation)
        _paint_border(image, theme.current().line)
        image.setDevicePixelRatio(ratio)
        self._picture.setPixmap(QPixmap.fromImage(image))

    def _show_place(self, moments: Moments, place: int, fps: float) -> None:
        """Say which moment is shown; what was typed is then that of the frame next to it."""
        self._moments = moments
        first, last = moments[0].step, moments[len(moments) - 1].step
        with QSignalBlocker(self._seconds), QSignalBlocker(self._step):
            self._seconds.setRange(0.0, (len(moments) - 1) / fps)
            self._seconds.setValue(place / fps)
            self._step.setRange(first, last)
        self._step.follow(moments[place].step)
        self._places.setEnabled(True)


def _paint_border(image: QImage, colour: QColor) -> None:
    """Draw where the picture ends: its background may be the dialog's."""
    painter = QPainter(image)
    painter.setPen(colour)
    painter.drawRect(image.rect().adjusted(0, 0, -1, -1))
    painter.end()
