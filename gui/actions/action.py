"""Action and Menu: what a person can do, as data, and the window that it is done to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from gui.document.document import Document


class _Files(Protocol):
    @property
    def recent(self) -> Sequence[Path]: ...
    def ask_and_begin_anew(self) -> object: ...
    def ask_and_open(self) -> object: ...
    def ask_and_revert(self) -> object: ...
    def settle_and_recover(self) -> object: ...
    def forget_recent(self) -> object: ...
    def settle_and_open(self, path: Path) -> object: ...
    def save(self) -> object: ...
    def save_as(self) -> object: ...


class _Tables(Protocol):
    @property
    def has_decimal_comma(self) -> bool: ...
    def toggle_decimal_comma(self) -> object: ...
    def ask_and_import(self) -> object: ...
    def ask_and_export(self) -> object: ...


class _Networks(Protocol):
    def ask_and_export(self) -> object: ...
    def ask_and_export_notebook(self) -> object: ...
    def ask_and_import(self) -> object: ...


class _Clipboard(Protocol):
    def copy_points(self) -> object: ...
    def copy_state(self) -> object: ...
    def paste_points(self) -> object: ...
    def copy_picture(self) -> object: ...


class _Dialogs(Protocol):
    def export_picture(self) -> object: ...
    def export_animation(self) -> object: ...
    def compare_runs(self) -> object: ...
    def race(self) -> object: ...
    def show_formula(self) -> object: ...
    def show_landscape(self) -> object: ...
    def list_shortcuts(self) -> object: ...
    def tell_about(self) -> object: ...
    def name_points(self, current_class: int | None = None) -> object: ...


class _Hints(Protocol):
    @property
    def are_shown(self) -> bool: ...
    def toggle(self) -> object: ...


class _Lessons(Protocol):
    def settle_and_open(self, path: Path) -> object: ...
    def ask_and_open(self) -> object: ...
    def ask_and_make(self) -> object: ...
    def leave(self) -> object: ...


class Window(Protocol):
    """What actions know of the window; the rooms above this one put it together."""

    @property
    def document(self) -> Document:
        """What is edited and trained."""

    @property
    def files(self) -> _Files:
        """Experiment files."""

    @property
    def tables(self) -> _Tables:
        """Points in the files of other programs."""

    @property
    def networks(self) -> _Networks:
        """Networks in the files of other programs."""

    @property
    def clipboard(self) -> _Clipboard:
        """What is copied and pasted."""

    @property
    def dialogs(self) -> _Dialogs:
        """The window's dialogs."""

    @property
    def hints(self) -> _Hints:
        """What the cards say of the first steps."""

    @property
    def lessons(self) -> _Lessons:
        """Lessons, and the one that is open."""

    def may_show(self, name: str) -> bool:
        """Return whether a panel can be shown, which a lesson may not want."""

    def is_panel_shown(self, name: str) -> bool:
        """Return whether a panel is shown."""

    def toggle_panel(self, name: str) -> object:
        """Show or hide a panel."""

    def go_to_next_card(self, *, forward: bool) -> object:
        """Give the keyboard to the next card, or the one before."""

    @property
    def enlarged_panel(self) -> str:
        """The panel that has the room of all; empty for none."""

    def toggle_enlarged(self) -> object:
        """Give one panel the room of all, or each its own again."""

    def reset_layout(self) -> object:
        """Show the panels, and share the room, as at the first start."""

    def isFullScreen(self) -> bool:
        """Return whether the window has the whole screen."""

    def toggle_full_screen(self) -> object:
        """Give the window the whole screen, or its place again."""

    def close(self) -> object:
        """Close the window."""


Text: TypeAlias = str | Callable[[Window], str]
"""A text that stands, or one that follows the window."""

Predicate: TypeAlias = Callable[[Window], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that a person can do.

    Attributes
    ----------
    id : str
        The QAction's object name.
    title, tip : str or callable
        In the menu, with & before its letter, and a sentence.
    call : callable
        Does it.
    shortcuts : tuple of str
    is_listed : bool
        Whether its shortcuts stand in the list of keys, where those of several actions may be in one row.
    icon : str or callable
        A name for gui.icons.icon; empty for none.
    is_accented : bool
        Whether its button has the accent colour.
    short_title : str or callable
        On a button, where that is not the title.
    enabled, visible : callable, optional
        Whether it can be done now, and is shown; by default always.
    checked : callable, optional
        Whether what it turns on is on; by default it turns nothing on.
    parts : tuple of str
        The cards and fields, by name, that are of no use without it, though they have no button for it: a lesson that
        hides one of them hides it, too.
    """

    id: str
    title: Text
    tip: Text
    call: Callable[[Window], object]
    shortcuts: tuple[str, ...] = ()
    is_listed: bool = True
    icon: Text = ""
    is_accented: bool = False
    short_title: Text = ""
    enabled: Predicate | None = None
    visible: Predicate | None = None
    checked: Predicate | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu, or one in another; one of which no entry is visible is hidden there.

    Attributes
    ----------
    title : str
    entries : tuple of Action, Menu or None
        None is a line.
    is_choice : bool
        Whether always one of its actions is checked.
    changing : callable, optional
        Returns what it offers whenever the menu around it opens.
    """

    title: str
    entries: tuple[Action | Menu | None, ...] = ()
    is_choice: bool = False
    changing: Callable[[Window], Sequence[Action]] | None = None


def actions_of(menu: Menu) -> Iterator[Action]:
    """Return the actions of a menu and of those in it, in order."""
    for entry in menu.entries:
        if isinstance(entry, Menu):
            yield from actions_of(entry)
        elif entry is not None:
            yield entry
