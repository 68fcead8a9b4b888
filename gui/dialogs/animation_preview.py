"""Preview: one moment of the animation that is being set up, at the size of the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.export.animation.composer import Composer
from gui.export.animation.moments import Moments
from gui.export.animation.settings import AnimationSettings
from gui.program.guard import guarded
from gui.widgets.card import label
from gui.widgets.fields import Slider

_DELAY_MS = 60
_POSITIONS = 1000
_LEAST_SIZE = QSize(420, 320)
_LONGEST_PLACE = "600.0 s · step 9,999,999"


class Preview(QWidget):
    """Draws what the animation shows, with a slider for the moment. It is drawn small, which takes less time.

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
        self._slider.valueChanged.connect(self.refresh)
        self._place = label(role="muted")
        self._place.setFont(theme.figure_font(12))
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._place.setFixedWidth(self._place.fontMetrics().horizontalAdvance(_LONGEST_PLACE))
        row = QHBoxLayout()
        row.addWidget(self._slider, 1)
        row.addWidget(self._place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._picture, 1)
        column.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._draw)

    @property
    def place(self) -> str:
        """Which moment is shown: its time in the animation, and its step in the run."""
        return self._place.text()

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
        self._place.clear()

    @Slot()
    def refresh(self) -> None:
        """Draw again, soon; several changes at once are drawn once."""
        if not self._timer.isActive():
            self._timer.start()

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
        place = round(self._slider.value() / _POSITIONS * (len(moments) - 1))
        frame = moments[place]
        self._place.setText(f"{place / settings.fps:.1f} s · step {frame.step:,}")
        ratio = self.devicePixelRatioF()
        room = self._picture.size() * ratio
        (width, height), composer = settings.size, self._composer
        reduction = min(room.width() / width, room.height() / height, 1.0)
        if composer is None or (composer.settings, composer.reduction) != (settings, reduction):
            composer = self._composer = Composer(settings, reduction=reduction)
        image = composer.picture(frame, history, curve, place / max(len(moments) - 1, 1))
        _paint_border(image, theme.current().line)
        image.setDevicePixelRatio(ratio)
        self._picture.setPixmap(QPixmap.fromImage(image))


def _paint_border(image: QImage, colour: QColor) -> None:
    """Draw where the picture ends: its background may be the dialog's."""
    painter = QPainter(image)
    painter.setPen(colour)
    painter.drawRect(image.rect().adjusted(0, 0, -1, -1))
    painter.end()
