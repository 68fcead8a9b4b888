"""Walks: what can be seen of the window, and what of it is cut."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QDeadlineTimer, QEvent, QPoint, QRect
from PySide6.QtGui import QAction, QFontInfo, QFontMetrics, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QToolButton,
    QWidget,
)

from gui import theme
from gui.document.view import LOSS_PAGES, PAGES
from gui.main_window import MainWindow
from model.network.parts import Edge, Unit

_PATIENCE_MS = 2000
_SLACK_PX = 1
_ELLIPSIS, _RANGE = "…", " … "
"""What stands for something that is left out, and between two ends."""
_TIP_ROLE = Qt.ItemDataRole.ToolTipRole

DIALOGS = (
    "export_picture",
    "export_animation",
    "compare_runs",
    "race",
    "formula",
    "loss_landscape",
    "names",
    "shortcuts",
    "about",
)
"""The actions that open a dialog of the program's own."""


def cut_texts(window: QWidget) -> list[str]:
    """Return every text that is seen and of which something is missing, though no tip has all of it."""
    return [found for widget in seen(window) for found in _cut_of(widget)]


def outside(window: QWidget) -> list[str]:
    """Return every widget of which some lies outside of what it is in, and that cannot be scrolled to."""
    return [_name(widget) for widget in seen(window) if not _is_whole(widget, window)]


def seen(window: QWidget) -> Iterator[QWidget]:
    """Return what is shown in a window, without the windows that belong to it."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window and widget.width() * widget.height() > 0:
            yield widget


def _cut_of(widget: QWidget) -> Iterator[str]:
    text, has_room = "", True
    if isinstance(widget, QLabel) and widget.pixmap().isNull():
        text = widget.text()
        has_room = Qt.mightBeRichText(text) or _label_has_room(widget)
    elif isinstance(widget, QAbstractButton):
        text = widget.text()
        has_room = not _shows_text(widget) or widget.width() >= _least_width(widget) - _SLACK_PX
    elif isinstance(widget, QComboBox):
        text, option = widget.currentText(), QStyleOptionComboBox()
        widget.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, widget).width()
        has_room = widget.fontMetrics().horizontalAdvance(text) <= room + _SLACK_PX
    elif isinstance(widget, QLineEdit):
        text = widget.text() or widget.placeholderText()
        has_room = widget.fontMetrics().horizontalAdvance(text) <= widget.contentsRect().width()
    written = text.replace(_RANGE, "")
    is_elided = (_ELLIPSIS in written and not written.endswith(_ELLIPSIS)) or (_ELLIPSIS in written and not has_room)
    if text and (not has_room or is_elided) and not _tip_has(widget, text):
        yield f"{_name(widget)}: {text!r} in {widget.width()} x {widget.height()}"
    if isinstance(widget, QTableView):
        yield from _cut_cells(widget)


def _cut_cells(table: QTableView) -> Iterator[str]:
    """Return the headers of a table that have less room than their texts, and the rows that are lower than a line."""
    model = table.model()
    for orientation, header in (
        (Qt.Orientation.Horizontal, table.horizontalHeader()),
        (Qt.Orientation.Vertical, table.verticalHeader()),
    ):
        for section in range(header.count()):
            text = str(model.headerData(section, orientation))
            room = table.columnWidth(section) if header is table.horizontalHeader() else header.width()
            widest = max(map(header.fontMetrics().horizontalAdvance, text.split("\n")))
            if header.isVisible() and widest > room and not model.headerData(section, orientation, _TIP_ROLE):
                yield f"{_name(table)}: header {text!r} in {room}"
    for row in range(model.rowCount()):
        if table.rowHeight(row) < table.fontMetrics().height():
            yield f"{_name(table)}: row {row} is {table.rowHeight(row)} high"


def small_prints(window: QWidget) -> list[str]:
    """Return every label whose letters are smaller than the smallest of the interface at its present scale."""
    least = theme.px(theme.tokens()["font"]["small_px"]) - _SLACK_PX
    labels = (widget for widget in seen(window) if isinstance(widget, QLabel) and widget.text())
    return [f"{_name(one)}: {one.text()!r}" for one in labels if QFontInfo(one.font()).pixelSize() < least]


def _least_width(button: QAbstractButton) -> int:
    return min(button.sizeHint().width(), button.minimumSizeHint().width())


def _label_has_room(label: QLabel) -> bool:
    room, metrics = label.contentsRect(), QFontMetrics(label.font())
    if label.wordWrap():
        return label.heightForWidth(label.width()) <= label.height() + _SLACK_PX
    lines = label.text().split("\n")
    return max(map(metrics.horizontalAdvance, lines)) <= room.width() + _SLACK_PX


def _shows_text(button: QAbstractButton) -> bool:
    icon_only = Qt.ToolButtonStyle.ToolButtonIconOnly
    is_icon = isinstance(button, QToolButton) and button.toolButtonStyle() == icon_only and not button.icon().isNull()
    return bool(button.text()) and not is_icon


def _tip_has(widget: QWidget, text: str) -> bool:
    """Return whether a tip, here or round it, has a text that is cut, or all of it."""
    owner: QWidget | None = widget
    start = text.split(_ELLIPSIS)[0].split("\n")[0].strip()
    while owner is not None and not owner.isWindow():
        if start in owner.toolTip().replace("\n", " "):
            return bool(owner.toolTip())
        owner = owner.parentWidget()
    return False


def _is_whole(widget: QWidget, window: QWidget) -> bool:
    """Return whether all of a widget is in each that it is in, up to what can be scrolled."""
    inner, owner = widget, widget.parentWidget()
    while owner is not None and inner is not window:
        if isinstance(owner.parentWidget(), QAbstractScrollArea):
            return True
        if not owner.rect().adjusted(-_SLACK_PX, -_SLACK_PX, _SLACK_PX, _SLACK_PX).contains(_rect_in(widget, owner)):
            return False
        inner, owner = owner, owner.parentWidget()
    return True


def _rect_in(widget: QWidget, owner: QWidget) -> QRect:
    return widget.rect().translated(widget.mapTo(owner, QPoint()))


def _name(widget: QWidget) -> str:
    owner: QWidget | None = widget
    names = []
    while owner is not None and not owner.isWindow():
        names.append(owner.accessibleName() or owner.objectName())
        owner = owner.parentWidget()
    return f"{type(widget).__name__} in {' < '.join(filter(None, names))}"


# Where one can go

Place = Callable[[MainWindow], object]


def places(kinds: Sequence[str], *, thorough: bool) -> dict[str, Place]:
    """Return the ways into what the window shows, by name; each goes on from where the one before led.

    Parameters
    ----------
    kinds : sequence of str
        Of problems.
    thorough : bool
        Whether every page of every kind of part is walked through, and not some of each.
    """
    ways: dict[str, Place] = {}
    parts = (Unit(0, 0), Unit(1, 1), Unit(3, 0), Edge(1, 0, 1), None) if thorough else (Unit(1, 1), Edge(1, 0, 1))
    for kind in kinds:
        ways[f"data of {kind}"] = lambda window, kind=kind: window.document.points.set_kind(kind)
        for tool in ("point", "brush"):
            ways[f"{kind}: {tool}"] = lambda window, tool=tool: window.document.view.set(tool=tool)
        for page in LOSS_PAGES:
            ways[f"{kind}: loss page {page}"] = lambda window, page=page: _front(window, "Loss", loss_page=page)
        for looks in ({"shows": "output", "in_space": False}, {"in_space": True}, {"shows": "hidden"}):
            ways[f"{kind}: output {looks}"] = lambda window, looks=looks: _front(window, "Output", **looks)
        for part in parts:
            for page in PAGES if thorough else PAGES[:2]:
                ways[f"{kind}: {page} of {part}"] = lambda window, part=part, page=page: (
                    _front(window, "Inspector", page=page),
                    window.document.view.select(part),
                )
    for looks in ({"landscape_in_space": True}, {"landscape": "weights", "landscape_in_space": False}):
        ways[f"landscape {looks}"] = lambda window, looks=looks: _front(window, "Loss", loss_page="landscape", **looks)
    ways["hints"] = lambda window: window.hints.show()
    ways["hints gone"] = lambda window: window.hints.hide()
    ways["edges"] = lambda window: _front(window, "Network", edges="gradients")
    ways["settings"] = lambda window: window.show_panel("Settings", True)
    ways["settings gone"] = lambda window: window.show_panel("Settings", False)
    ways["step through"] = lambda window: window.show_panel("Step Through", True)
    ways["step through ends"] = lambda window: window.show_panel("Step Through", False)
    for name in ("Data", "Network", "Inspector", "Output", "Loss", "Features"):
        ways[f"{name} enlarged"] = lambda window, name=name: (window.cards.enlarge(""), window.cards.enlarge(name))
    ways["none enlarged"] = lambda window: window.cards.enlarge("")
    return ways


def _front(window: MainWindow, name: str, **looks: object) -> None:
    column = next(column for column in window.cards.columns.values() if name in column)
    column.bring_to_front(name)
    window.document.view.set(**looks)


def faults(window: MainWindow, ways: dict[str, Place]) -> list[str]:
    """Go all ways, and return what is cut or outside on them."""
    found: dict[str, str] = {}
    for name, go in ways.items():
        go(window)
        for _ in range(6):
            QApplication.processEvents()
        for _ in range(6):
            # What has come to be seen last may still have to be laid out.
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        for fault in _lasting_faults(window):
            found.setdefault(fault, name)
    return [f"{name}: {fault}" for fault, name in found.items()]


def _lasting_faults(window: MainWindow) -> list[str]:
    """Return what is cut or outside once everything has been laid out, for which a window manager may take its time."""
    deadline = QDeadlineTimer(_PATIENCE_MS)
    while True:
        small = (f"small print: {one}" for one in small_prints(window))
        found = [*cut_texts(window), *(f"outside: {one}" for one in outside(window)), *small]
        if not found or deadline.hasExpired():
            return found
        QTest.qWait(50)


def faults_of_dialogs(window: MainWindow) -> list[str]:
    """Open one dialog after the other, and return what is cut or outside in them."""
    found = []
    for name in DIALOGS:
        action = window.findChild(QAction, name)
        assert isinstance(action, QAction)
        action.setEnabled(True)
        action.trigger()
        QApplication.processEvents()
        (dialog,) = (one for one in window.findChildren(QDialog) if one.isVisible())
        found += [f"{name}: {fault}" for fault in _lasting_faults(dialog)]
        dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return found
