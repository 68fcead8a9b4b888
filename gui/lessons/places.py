"""Places: what of the window a lesson can point at and hide, by the names that a person sees or hears."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QFormLayout, QLabel, QMainWindow, QMenu, QMenuBar, QToolButton, QWidget

from gui.actions.series import PANELS
from gui.items.unit_places import ShowsUnits
from gui.widgets.card import Panel
from gui.widgets.texts import as_read, plain
from model.meant import did_you_mean
from model.network.parts import Unit, typed_unit

_UNIT = re.compile(r"h\d+\.\d+")
_LESSON = "lesson"
_FILLERS = ("the", "card", "panel", "button", "field", "slider", "tool", "menu")
"""What a person may write beside a name."""

_CAPTION_LEVELS = 3
"""How far round a field its caption can be."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the window.

    Attributes
    ----------
    widget : QWidget
    unit : Unit or None
        A neuron that it draws; None: all of it is meant, or one of its menus.
    menu : str
        The title of the menu that is meant, where it is the menu bar.
    """

    widget: QWidget
    unit: Unit | None = None
    menu: str = ""

    def area(self) -> QRect:
        """Return where it is in its widget."""
        if isinstance(self.widget, QMenuBar):
            titles = {plain(action.text()): action for action in self.widget.actions()}
            return self.widget.actionGeometry(titles[self.menu])
        if self.unit is not None and isinstance(self.widget, ShowsUnits):
            return self.widget.area_of(self.unit)
        return self.widget.rect()


def find(window: QMainWindow, name: str) -> Place | None:
    """Return what is called so: a card, a neuron, a control, a menu, or the menu with an entry that is called so.

    Parameters
    ----------
    window : QMainWindow
    name : str
        Such as ``Output``, ``h1.2``, ``Learning rate``, ``File`` or ``Network > Formula``, in capitals or not. Of a
        control whose name goes on with what it shows, as ``Activation of hidden 1 · tanh``, the part before that is
        enough. Of several that are called so it is one that is seen. Instead of a button for which a narrow window has
        no room it is the menu that does the same.
    """
    wanted = plain(name)
    if _UNIT.fullmatch(wanted):
        views = [view for view in window.findChildren(QWidget) if isinstance(view, ShowsUnits)]
        return Place(views[0], typed_unit(wanted)) if views else None
    bar = window.menuBar()
    menu, is_entry, entry = wanted.partition(" > ")
    if is_entry:
        return Place(bar, menu=menu) if menu in _menus_with(bar, lambda each: plain(each.text()) == entry) else None
    found = sorted(controls(window, wanted), key=_rank)
    if found:
        instead = _menus_instead(bar, found[0])
        around = found[0] if isinstance(found[0], Panel) else with_caption(found[0])[0]
        return Place(bar, menu=instead[0]) if instead else Place(around)
    is_menu = any(plain(action.text()) == wanted for action in bar.actions())
    menus = [wanted] if is_menu else _menus_with(bar, lambda each: plain(each.text()) == wanted)
    return Place(bar, menu=menus[0]) if menus else None


def _menus_instead(bar: QMenuBar, widget: QWidget) -> list[str]:
    """Return the menus that have what a button does for which there is no room; none where it is no such button."""
    if not isinstance(widget, QToolButton) or not widget.isHidden() or widget.defaultAction() is None:
        return []
    return _menus_with(bar, lambda each: each is widget.defaultAction())


def _menus_with(bar: QMenuBar, is_meant: Callable[[QAction], bool]) -> list[str]:
    """Return the titles of the menus that have an entry."""
    menus = ((title.text(), title.menu()) for title in bar.actions())
    return [plain(text) for text, menu in menus if isinstance(menu, QMenu) and any(map(is_meant, menu.actions()))]


def _rank(widget: QWidget) -> tuple[bool, bool, bool]:
    """Return what comes first of those with the same name: a card, then what is seen, and a figure last."""
    is_card = isinstance(widget, Panel) and widget.accessibleName() in PANELS
    return not is_card, not widget.isVisible(), isinstance(widget, QLabel)


def controls(window: QMainWindow, name: str) -> Iterator[QWidget]:
    """Yield every card and control that is called so."""
    wanted = plain(name)
    for widget in _named(window):
        names = _names(widget)
        if wanted in names or any(each.split(" · ")[0] == wanted for each in names):
            yield widget


def is_known(window: QMainWindow, name: str) -> bool:
    """Return whether something is called so, or can be: of layers, neurons and classes there may be others."""
    wanted = re.sub(r"\d+", "1", plain(name))
    if find(window, name) is not None or _UNIT.fullmatch(wanted):
        return True
    known = (re.sub(r"\d+", "1", each.split(" · ")[0]) for widget in _named(window) for each in _names(widget))
    return wanted in known


def meant(window: QMainWindow, name: str) -> str:
    """Return " (did you mean Features?)" where a name has that of something in the window in it, or nearly is it."""
    entries = (entry for title in window.menuBar().actions() for entry in _entries(title))
    texts = [*PANELS, *entries, *(text for widget in _named(window) for text in _texts(widget))]
    known = {plain(text): as_read(text) for text in reversed(texts) if plain(text)}
    bare = " ".join(word for word in plain(name).split() if word not in _FILLERS)
    near = f" (did you mean {known[bare]}?)" if bare in known else did_you_mean(name, known.values())
    if near:
        return near
    words = f" {plain(name)} "
    within = sorted((each for each in known if f" {each} " in words), key=len, reverse=True)
    found = [each for at, each in enumerate(within) if not any(f" {each} " in f" {longer} " for longer in within[:at])]
    found.sort(key=words.index)
    return f" (did you mean {', '.join(known[each] for each in found)}?)" if found else ""


def with_caption(widget: QWidget) -> list[QWidget]:
    """Return what a person takes for a control: the widget, or what is round it and its caption, or both of them."""
    around = widget.parentWidget()
    for form in around.findChildren(QFormLayout) if around is not None else ():
        caption = form.labelForField(widget) if form.indexOf(widget) >= 0 else None
        if caption is not None:
            return [widget, caption]
    if isinstance(widget, QToolButton) and widget.defaultAction() is not None:
        # It needs no caption, and may be called like the one of something else.
        return [widget]
    inside = widget
    for _ in range(_CAPTION_LEVELS):
        if around is None or around.objectName():
            break
        labels = around.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
        captions = [each for each in labels if each is not widget]
        for caption in captions:
            name = plain(widget.accessibleName())
            if plain(caption.text()) == name != "":
                # Where there are others, what is round them is no control but many.
                is_one = len(captions) == 1 or all(each.startswith(name) for each in _names_within(around))
                return [around] if is_one else [inside, caption]
        inside, around = around, around.parentWidget()
    return [widget]


def _names_within(widget: QWidget) -> Iterator[str]:
    """Yield what the controls in a widget are called."""
    for each in widget.findChildren(QWidget):
        if each.accessibleName() and not isinstance(each, QLabel):
            yield plain(each.accessibleName())


def card_around(widget: QWidget) -> str:
    """Return the title of the card that a widget is, or stands in; empty for what stands in none."""
    while not isinstance(widget, Panel):
        above = widget.parentWidget()
        if above is None:
            return ""
        widget = above
    return widget.accessibleName()


def in_window(widget: QWidget, area: QRect) -> QRect:
    """Return where an area of a widget is in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)) + area.topLeft(), area.size())


def _named(window: QMainWindow) -> Iterator[QWidget]:
    lesson = next((panel for panel in window.findChildren(Panel) if plain(panel.accessibleName()) == _LESSON), None)
    for widget in window.findChildren(QWidget):
        is_own = lesson is not None and (widget is lesson or lesson.isAncestorOf(widget))
        if widget.window() is window and not is_own and (widget.accessibleName() or isinstance(widget, QToolButton)):
            yield widget


def _names(widget: QWidget) -> set[str]:
    return set(map(plain, _texts(widget))) - {""}


def _texts(widget: QWidget) -> list[str]:
    """Return what a widget is called: its accessible name, and the title of what its button does."""
    texts = [widget.accessibleName()]
    if isinstance(widget, QToolButton) and widget.defaultAction() is not None:
        texts.append(widget.defaultAction().text())
    elif isinstance(widget, QAbstractButton):
        texts.append(widget.text())
    return texts


def _entries(title: QAction) -> Iterator[str]:
    """Yield a menu's title, and each of its entries, alone and after the title, as a lesson calls it."""
    menu = title.menu()
    yield title.text()
    if isinstance(menu, QMenu):
        for entry in menu.actions():
            yield from (entry.text(), f"{title.text()} > {entry.text()}") if entry.text() else ()
