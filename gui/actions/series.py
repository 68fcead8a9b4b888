"""Actions that come in series: one for each tool, class, panel, theme and recent file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from gui import theme
from gui.actions.action import Action, Window
from gui.document.functions import FUNCTIONS, show_function
from gui.items.edge_numbers import EDGE_KINDS, EdgeKind
from gui.theme import Scheme
from gui.tools import TOOLS
from gui.tools.base import Tool
from gui.widgets.texts import folder_text
from model.data.dataset import CLASS_LETTERS
from model.data.wording import class_text

PANELS = ("Data", "Network", "Inspector", "Output", "Loss", "Settings", "Features")
"""What the View menu shows and hides, by the numbers of its keys."""

_COUNTED_CLASSES = 3
"""Buttons of more classes than these have no counts on them, so that all have room in one row."""

_NARROW = 2.6
"""How much room names have on the buttons of more classes, in characters of a usual width."""

_SCHEMES = {Scheme.SYSTEM: "Follow the &System", Scheme.LIGHT: "&Light", Scheme.DARK: "&Dark"}


def _tool_action(name: str, tool: type[Tool]) -> Action:
    return Action(
        id=f"tool_{name}",
        title=tool.label,
        tip=tool.tip,
        shortcuts=(tool.shortcut,),
        icon=f"tool-{name}",
        call=lambda window: window.document.view.set(tool=name),
        checked=lambda window: window.document.view.settings.tool == name,
    )


TOOL_ACTIONS = tuple(_tool_action(name, tool) for name, tool in TOOLS.items())


def _show_function(window: Window, name: str) -> None:
    show_function(window.document, name)


FUNCTION_ACTIONS = tuple(
    Action(
        id=f"function_{name}",
        title=function.label,
        tip=f"{function.tip} Begins a new experiment; undo brings this one back.",
        call=partial(_show_function, name=name),
    )
    for name, function in FUNCTIONS.items()
)


def _has_class(window: Window, index: int) -> bool:
    return index < window.document.dataset.n_classes


def _n_points(window: Window, index: int) -> int:
    """Return how many points of a class are on the canvas, which may be those of a past moment."""
    run = window.document.run
    dataset = run.setup.dataset if run.shown_dataset.is_regression else run.shown_dataset
    return int(np.count_nonzero(dataset.labels == index))


def _class_title(window: Window, index: int) -> str:
    return f"Class {class_text(window.document.dataset, index)}".replace("&", "&&")


def _class_button(window: Window, index: int) -> str:
    """Return what stands on the button of a class: its name as far as there is room, and how many points it has."""
    dataset, metrics = window.document.dataset, QFontMetricsF(QGuiApplication.font())
    name = class_text(dataset, index)
    if not _has_class(window, index) or dataset.n_classes > _COUNTED_CLASSES:
        return _beginning(name, metrics, _NARROW * metrics.averageCharWidth())
    count = _n_points(window, index)
    return f"{name} {count if count < 1000 else f'{count / 1000:.3g}k'}"


def _beginning(name: str, metrics: QFontMetricsF, room: float) -> str:
    """Return the first characters of a name, as many as fit, and one at least."""
    ends = range(len(name), 1, -1)
    return next((name[:end] for end in ends if metrics.horizontalAdvance(name[:end]) <= room), name[:1])


def _class_tip(window: Window, index: int) -> str:
    tip = f"Draw points of class {_whole_name(window, index)}"
    renaming = "Double click to rename it."
    return f"{tip}; it has {_n_points(window, index):,}. {renaming}" if _has_class(window, index) else f"{tip}."


def _whole_name(window: Window, index: int) -> str:
    return window.document.dataset.class_name(index) if _has_class(window, index) else CLASS_LETTERS[index]


def _class_action(index: int) -> Action:
    return Action(
        id=f"class_{index + 1}",
        title=partial(_class_title, index=index),
        short_title=partial(_class_button, index=index),
        tip=partial(_class_tip, index=index),
        shortcuts=(str(index + 1),),
        is_listed=False,
        call=lambda window: window.document.view.set(current_class=index),
        enabled=partial(_has_class, index=index),
        visible=partial(_has_class, index=index),
        checked=lambda window: window.document.view.settings.current_class == index,
    )


CLASS_ACTIONS = tuple(map(_class_action, range(len(CLASS_LETTERS))))


def _panel_action(number: int, name: str) -> Action:
    return Action(
        id=f"show_{name.lower()}",
        title=f"&{name}",
        tip=f"Show or hide the {name.lower()} panel.",
        shortcuts=(f"Ctrl+{number}",),
        is_listed=False,
        call=lambda window: window.toggle_panel(name),
        enabled=lambda window: window.may_show(name),
        checked=lambda window: window.is_panel_shown(name),
    )


PANEL_ACTIONS = tuple(_panel_action(number, name) for number, name in enumerate(PANELS, start=1))


def _theme_action(scheme: Scheme, title: str) -> Action:
    return Action(
        id=f"theme_{scheme.value}",
        title=title,
        tip=f"Theme: {title.replace('&', '').lower()}.",
        call=lambda window: theme.manager().set_scheme(scheme),
        checked=lambda window: theme.manager().scheme == scheme,
    )


THEME_ACTIONS = tuple(_theme_action(scheme, title) for scheme, title in _SCHEMES.items())


def _edges_action(name: str, kind: EdgeKind) -> Action:
    return Action(
        id=f"edges_{name}",
        title=f"&{kind.text}",
        tip=kind.tip,
        call=lambda window: window.document.view.set(edges=name),
        checked=lambda window: window.document.view.settings.edges == name,
        parts=("Network", "Edges"),
    )


EDGE_ACTIONS = tuple(_edges_action(name, kind) for name, kind in EDGE_KINDS.items())


def recent_actions(window: Window) -> Sequence[Action]:
    """Return an action for each experiment that was opened or saved last, or one that says that there is none."""
    none = Action(
        id="no_recent",
        title="No recent experiment",
        tip="Experiments that were opened or saved are offered here.",
        call=lambda window: None,
        enabled=lambda window: False,
    )
    clear = Action(
        id="clear_recent",
        title="&Clear List",
        tip="Forget these names; the files stay.",
        call=lambda window: window.files.forget_recent(),
    )
    recent = [_recent_action(number, path) for number, path in enumerate(window.files.recent, start=1)]
    return [*recent, clear] if recent else [none]


def _recent_action(number: int, path: Path) -> Action:
    return Action(
        id=f"recent_{number}",
        title=f"{path.name} — {folder_text(path)}".replace("&", "&&"),
        tip=str(path),
        call=lambda window: window.files.settle_and_open(path),
    )
