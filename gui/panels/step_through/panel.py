"""The step-through: one training step taken apart, while the diagram shows which part is at work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.icons import icon
from gui.items.formula import FormulaView
from gui.panels.step_through.lines import latex_of
from gui.panels.step_through.progress import ProgressLine
from gui.panels.step_through.walking import Walking
from gui.program.guard import guarded
from gui.widgets.card import PADDING, Panel, label
from gui.widgets.choices import Segments
from gui.widgets.focus import leave_field
from gui.widgets.scroll import Scroll
from gui.widgets.texts import as_tip
from model.walk.pages import Block, Page

_PAGE_MS = 2_000
"""How long a page stays open while the pages play."""

_ROOMY = 760
"""From this width in pixels on numbers have four digits, otherwise three."""

_FEWEST, _MOST, _COLUMN_PX = 6, 12, 95
"""How many columns a matrix has at most in a narrow and in a wide panel, and how much of the width is for each."""

_ICON_PX = 15

_TURN_TIPS = {
    "Back": "The page before  (,)",
    "Play": "Turn the pages one after the other, slowly.",
    "Next": "The next page  (.)",
}
_APPLY = "Take this step: exactly what Step would do now."
_APPLY_BATCH = "Train one step with the next batch, exactly as Step would do now; not with the probe point alone."
_NO_PAGES = "There are no pages to turn before a point is pinned."


class StepThroughPanel(Panel):
    """The card that takes the place of the inspector. While it is hidden it computes nothing."""

    closed = Signal()

    def __init__(self, run: LiveRun, view: View, probe: Probe) -> None:
        super().__init__("Step Through")
        self._run = run
        self._walking = Walking(run, view, probe, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_PAGE_MS)
        self._timer.timeout.connect(self._on_page_played)
        self._pending: list[int] = []
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.timeout.connect(self._fill_next)
        self._page: Page | None = None
        theme.measure(self, least_width=320, least_height=190)
        self._make_header()
        self._subject_row = QHBoxLayout()
        self._subject_row.addStretch(1)
        self.body.addLayout(self._subject_row)
        self._progress = ProgressLine()
        self._progress.chosen.connect(self._on_page_chosen)
        self.body.addWidget(self._progress)
        self._sentence = label()
        self._sentence.setWordWrap(True)
        self._blocks: list[_BlockView] = []
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(8)
        # A low card has no room for a long sentence above what is scrolled.
        self._column.addWidget(self._sentence)
        self._column.addStretch(1)
        self._scroll = Scroll(self._list)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName("Formulas of this page")
        self.body.addWidget(self._scroll, 1)
        self._walking.changed.connect(self._show)
        run.playing_changed.connect(self._show_apply)
        run.moment_changed.connect(self._show_apply)
        theme.manager().changed.connect(self._colour_icons)
        self._colour_icons()

    def _make_header(self) -> None:
        self._subject = Segments(
            "Walk with",
            ["Batch", "Probe point"],
            ["The points that training takes next.", "The pinned point alone, with every factor of its chain rule."],
        )
        self._subject.chosen.connect(self._on_subject_chosen)
        self._back = _button("Back", _TURN_TIPS["Back"], self._on_back)
        self._play = _button("Play", _TURN_TIPS["Play"], self._on_play)
        self._play.setCheckable(True)
        self._play.setProperty("beside", True)
        self._next = _button("Next", _TURN_TIPS["Next"], self._on_next)
        self._apply = _button("Apply", "", self._on_apply)
        self._apply.setProperty("role", "primary")
        self._close = _button("", "Close the step-through; Escape does so, too.", self._on_close)
        self._close.setAccessibleName("Close the step-through")
        self._close.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        # A button's own shortcut would press it for a tenth of a second first.
        for key, call in ((",", self._on_back), (".", self._on_next)):
            QShortcut(QKeySequence(key), self, call)
        self.header.addWidget(self._subject)
        self.header.addStretch(1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(4)
        for button in (self._back, self._play, self._next, self._apply, self._close):
            self._buttons.addWidget(button)
        self.header.addLayout(self._buttons)

    @Slot()
    def _colour_icons(self) -> None:
        colours = theme.current()
        disabled = theme.mixed(colours.muted, colours.panel, 0.5)
        for button, name in ((self._back, "previous"), (self._next, "next"), (self._close, "close")):
            button.setIcon(icon(name, colours.text, disabled=disabled))
        self._play.setIcon(icon("pause" if self._timer.isActive() else "play", colours.text, on=colours.on_accent))

    # Being shown

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Pause the training and open the first page."""
        super().showEvent(event)
        if not event.spontaneous():
            if self._run.playing:
                self._run.set_playing(False)
            self._walking.begin()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Put the light out."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._stop_playing()
            self._walking.end()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold matrices, and leave out what the buttons say, as there is room for them."""
        super().resizeEvent(event)
        self._fit_header()
        if self._page is not None and self._fold(event.size().width()) != self._fold(event.oldSize().width()):
            self._fill(self._page)

    def _fit_header(self) -> None:
        """Leave out the texts on the buttons that turn the pages, and then the title, where they have no room.

        Where even that is too wide, what is walked with is chosen in a row of its own.
        """
        styles = Qt.ToolButtonStyle
        own_row = self._subject_row
        for has_texts, has_title, row in (
            (True, True, self.header),
            (False, True, self.header),
            (False, False, self.header),
            (False, True, own_row),
            (False, False, own_row),
        ):
            if row.indexOf(self._subject) < 0:
                (own_row if row is self.header else self.header).removeWidget(self._subject)
                row.insertWidget(1 if row is self.header else 0, self._subject)
            for button in (self._back, self._next):
                button.setToolButtonStyle(styles.ToolButtonTextOnly if has_texts else styles.ToolButtonIconOnly)
            self._play.setToolButtonStyle(styles.ToolButtonTextBesideIcon if has_texts else styles.ToolButtonIconOnly)
            self.title.setVisible(has_title)
            # A layout remembers what its buttons needed, and the one round it does not make it forget.
            self._buttons.invalidate()
            self.header.invalidate()
            if self.header.sizeHint().width() <= self.width() - 2 * PADDING:
                break

    @staticmethod
    def _fold(width: int) -> tuple[int, int]:
        """Return how many columns a matrix has at most, and how many digits a number."""
        room = int(width / theme.manager().scale)
        return max(_FEWEST, min(room // _COLUMN_PX, _MOST)), 4 if room >= _ROOMY else 3

    # The open page

    @Slot()
    def _show(self) -> None:
        walking = self._walking
        page, number = walking.page, walking.number
        self._progress.show_pages(walking.headings, number)
        self._subject.show_choice(int(walking.takes_probe))
        self._back.setEnabled(number > 0)
        self._next.setEnabled(not walking.is_at_end)
        self._play.setEnabled(not walking.lacks_point)
        for button, name in ((self._back, "Back"), (self._play, "Play"), (self._next, "Next")):
            button.setToolTip(as_tip(_NO_PAGES if walking.lacks_point else _TURN_TIPS[name]))
        if walking.lacks_point:
            self._stop_playing()
        self._show_apply()
        if page is not self._page:
            self._sentence.setText(page.sentence)
            self._fill(page)

    @Slot()
    def _show_apply(self) -> None:
        if not self._walking.is_wanted:
            return
        reason = self._walking.why_not_applied
        self._apply.setEnabled(not reason)
        self._apply.setToolTip(as_tip(reason or (_APPLY_BATCH if self._walking.takes_probe else _APPLY)))

    def _fill(self, page: Page) -> None:
        """Show the formulas of a page, the first block at once and the others in their turn."""
        is_same_part = self._page is not None and self._page.heading == page.heading
        self._page = page
        while len(self._blocks) < len(page.blocks):
            self._blocks.append(_BlockView())
            self._column.insertWidget(self._column.count() - 1, self._blocks[-1])
        for view in self._blocks[len(page.blocks) :]:
            view.hide()
        self._pending = list(range(len(page.blocks)))
        if not is_same_part:
            self._scroll.verticalScrollBar().setValue(0)
        self._fill_next()

    @Slot()
    def _fill_next(self) -> None:
        if self._pending and self._page is not None:
            number = self._pending.pop(0)
            self._blocks[number].show_block(self._page.blocks[number], *self._fold(self.width()))
            self._blocks[number].show()
        if self._pending:
            self._filling.start(0)

    # Turning pages

    @Slot(int)
    def _on_page_chosen(self, number: int) -> None:
        self._stop_playing()
        self._walking.turn_to(number)

    @Slot()
    def _on_back(self) -> None:
        self._on_page_chosen(self._walking.number - 1)

    @Slot()
    def _on_next(self) -> None:
        self._on_page_chosen(self._walking.number + 1)

    @Slot()
    def _on_play(self) -> None:
        if self._timer.isActive():
            self._stop_playing()
            return
        if self._walking.is_at_end:
            self._walking.turn_to(0)
        self._timer.start()
        self._show_playing()

    @Slot()
    def _on_page_played(self) -> None:
        self._walking.turn_to(self._walking.number + 1)
        if self._walking.is_at_end:
            self._stop_playing()

    def _stop_playing(self) -> None:
        self._timer.stop()
        self._show_playing()

    def _show_playing(self) -> None:
        plays = self._timer.isActive()
        self._play.setChecked(plays)
        self._play.setText("Pause" if plays else "Play")
        self._play.setAccessibleName("Pause the pages" if plays else "Play the pages")
        self._fit_header()
        self._colour_icons()

    @Slot()
    def _on_apply(self) -> None:
        self._stop_playing()
        self._walking.apply()

    @Slot(int)
    def _on_subject_chosen(self, index: int) -> None:
        self._walking.take_probe(index == 1)

    @Slot()
    def _on_close(self) -> None:
        self.closed.emit()


class _BlockView(QWidget):
    """Some words, and below them formulas."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._text = label(role="muted")
        self._text.setWordWrap(True)
        self._formulas = FormulaView("Formulas")
        column.addWidget(self._text)
        column.addWidget(self._formulas)

    def show_block(self, block: Block, most: int, digits: int) -> None:
        """Show a block whose matrices have at most `most` columns, and whose numbers `digits` digits."""
        self._text.setText(block.text)
        self._text.setVisible(bool(block.text))
        self._formulas.show_lines([latex_of(line, most, digits) for line in block.lines])
        self._formulas.setVisible(bool(block.lines))


def _button(text: str, tip: str, call: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(as_tip(tip))
    button.setAccessibleName(text)
    button.setObjectName(f"walk_{text.lower() or 'close'}")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    theme.measure(button, icon=_ICON_PX)
    button.pressed.connect(leave_field)
    button.clicked.connect(call)
    return button
