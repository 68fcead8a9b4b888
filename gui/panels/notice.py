"""The notice: a sentence on what stands in the way, with a button where one click can help."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.document.settings import TrainingEdits
from gui.icons import icon
from gui.program.guard import guarded
from gui.widgets.card import GAP, label
from gui.widgets.texts import as_tip


class NoticeBar(QFrame):
    """Floats over the foot of some cards while there is something to say.

    It is not part of a layout: what is below the mouse must not move away because a sentence appears.

    Parameters
    ----------
    run : LiveRun
        Whose notice is shown.
    learning : TrainingEdits
        What its button acts on.
    parent : QWidget
    floor : QWidget, optional
        The part of the parent over which it floats; by default all of it.
    """

    def __init__(self, run: LiveRun, learning: TrainingEdits, parent: QWidget, floor: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._parent, self._floor = parent, floor or parent
        self.setObjectName("notice")
        self.setProperty("role", "notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(14)
        self._text = label()
        self._halve = QPushButton("Halve the learning rate")
        self._halve.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._halve.clicked.connect(learning.halve_learning_rate)
        self._rewind = QPushButton("Rewind and halve")
        self._rewind.setToolTip(as_tip("Begin again from the first weights, with half of the learning rate."))
        self._rewind.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rewind.clicked.connect(learning.rewind_and_halve)
        self._begin = QPushButton("Re-initialise")
        self._begin.setToolTip(as_tip("Begin a new run with the weights of the next seed; undo brings this one back."))
        self._begin.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._begin.clicked.connect(learning.reinitialise)
        row.addWidget(self._text, 1)
        row.addWidget(self._begin)
        row.addWidget(self._rewind)
        row.addWidget(self._halve)
        self._close = QToolButton()
        self._close.setProperty("role", "round")
        self._close.setToolTip("Hide this until something new is to say.")
        self._close.setAccessibleName("Hide the notice")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(run.dismiss_notice)
        row.addWidget(self._close)
        self._floor.installEventFilter(self)
        run.notice_changed.connect(self._synchronize)
        self._synchronize()

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when its place or its size changes."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    @Slot()
    def _synchronize(self) -> None:
        notice = self._run.notice
        if notice is not None:
            self._text.setText(notice.text)
            self.setAccessibleName(notice.text)
            self._halve.setVisible(notice.offers_halving)
            self._rewind.setVisible(notice.offers_rewinding)
            self._begin.setVisible(notice.is_hint)
            _make_primary(self._halve, not notice.offers_rewinding)
            _make_primary(self._rewind, notice.offers_rewinding)
            self._close.setIcon(icon("close", theme.current().text))
            self._place()
            self.raise_()
        self.setVisible(notice is not None)

    def _place(self) -> None:
        """Be in the middle of the foot, in one line, or in several where those are too wide."""
        floor = self._floor
        self._text.setWordWrap(False)
        size, most = self.sizeHint(), floor.width() - 4 * GAP
        if size.width() > most:
            self._text.setWordWrap(True)
            size = QSize(most, max(self.heightForWidth(most), self.sizeHint().height()))
        place = QPoint((floor.width() - size.width()) // 2, floor.height() - size.height() - 2 * GAP)
        self.setGeometry(QRect(floor.mapTo(self._parent, place), size))


def _make_primary(button: QPushButton, primary: bool) -> None:
    """Let a button be the one that is meant first, or any other."""
    button.setObjectName("primary" if primary else "")
    button.style().unpolish(button)
    button.style().polish(button)
