"""Every action once, as data: menus, toolbar and shortcuts are made from this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from gui import theme
from gui.document.document import Document
from gui.icons import icon
from gui.tools import TOOLS
from model.data.dataset import MAX_CLASSES, MIN_CLASSES, class_name
from model.network.settings import MAX_HIDDEN_LAYERS

_COUNTED_CLASSES = 3
"""Buttons of more classes than these have no counts on them, so that all have room in one row."""


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One action.

    Attributes
    ----------
    name : str
        The QAction's object name.
    menu : str
        The menu that shows it.
    text, tip : str
    shortcuts : tuple of str
    icon : str
        A name for gui.icons.icon, or nothing.
    handler : str
        The method of the document that it calls; empty where the window does more, with a dialog.
    separated : bool
        Whether a line stands above it in the menu.
    """

    name: str
    menu: str
    text: str
    tip: str
    handler: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    separated: bool = False


TABLE: tuple[ActionEntry, ...] = (
    ActionEntry(
        "open",
        "File",
        "&Open…",
        "Open an experiment: data, network, settings and its whole run.",
        "",
        ("Ctrl+O",),
        "",
        False,
    ),
    ActionEntry("save", "File", "&Save", "Save the experiment to its file.", "", ("Ctrl+S",), "", False),
    ActionEntry(
        "save_as", "File", "Save &As…", "Save the experiment to another file.", "", ("Ctrl+Shift+S",), "", False
    ),
    ActionEntry(
        "import_data", "File", "&Import Data…", "Read points from a table: CSV or text.", "", ("Ctrl+I",), "", True
    ),
    ActionEntry(
        "export_data", "File", "Export &Data…", "Write the points as a table: CSV.", "", ("Ctrl+E",), "", False
    ),
    ActionEntry(
        "export_network",
        "File",
        "Export &Network…",
        "Write the network as a Python script, JSON or arrays.",
        "",
        (),
        "",
        False,
    ),
    ActionEntry("export_picture", "File", "Export &Picture…", "Write a view as PNG, SVG or PDF.", "", (), "", True),
    ActionEntry(
        "export_animation",
        "File",
        "Export Ani&mation…",
        "Write the run as a video or an animated picture.",
        "",
        ("Ctrl+Shift+E",),
        "",
        False,
    ),
    ActionEntry("undo", "Edit", "&Undo", "Take back the last change.", "undo", ("Ctrl+Z",), "undo"),
    ActionEntry("redo", "Edit", "&Redo", "Do again what was taken back.", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionEntry(
        "select_all", "Edit", "Select &All Points", "Select every point.", "select_all", ("Ctrl+A",), separated=True
    ),
    ActionEntry("select_none", "Edit", "Select &None", "Let the selection go.", "select_none", ("Escape",)),
    ActionEntry(
        "delete", "Edit", "&Delete Selection", "Remove the selected points.", "delete_selected", ("Delete",), "delete"
    ),
    ActionEntry(
        "copy_points",
        "Edit",
        "&Copy Points",
        "Copy the selected points, or all, as a table.",
        "",
        ("Ctrl+C",),
        "",
        True,
    ),
    ActionEntry(
        "paste_points",
        "Edit",
        "&Paste Points",
        "Place points from a table on the clipboard.",
        "",
        ("Ctrl+V",),
        "",
        False,
    ),
    ActionEntry(
        "copy_picture", "Edit", "Copy P&icture", "Copy the output view as a picture.", "", ("Ctrl+Shift+C",), "", False
    ),
    ActionEntry(
        "regenerate",
        "Data",
        "Re&generate",
        "Draw the data set anew with the next seed.",
        "regenerate",
        ("Ctrl+G",),
        "regenerate",
    ),
    ActionEntry(
        "clear_points",
        "Data",
        "&Clear All Points",
        "Remove every point; undo brings them back.",
        "clear_points",
        ("Ctrl+Backspace",),
    ),
    ActionEntry(
        "add_class",
        "Data",
        "&Add Class",
        "Add a class and choose it.",
        "add_class",
        ("Ctrl+Shift+N",),
        "add",
        separated=True,
    ),
    ActionEntry(
        "remove_class",
        "Data",
        "&Remove Current Class",
        "Remove the current class with its points.",
        "remove_current_class",
        (),
        "remove",
    ),
    ActionEntry(
        "add_layer",
        "Network",
        "Add &Layer",
        "Add a hidden layer before the output.",
        "insert_layer",
        ("Ctrl+L",),
        "add",
    ),
    ActionEntry(
        "remove_layer",
        "Network",
        "Remove La&st Layer",
        "Remove the last hidden layer.",
        "remove_layer",
        ("Ctrl+Shift+L",),
        "remove",
    ),
    ActionEntry("play", "Train", "&Play", "Train until paused.", "toggle_playing", ("Space",), "play"),
    ActionEntry("step", "Train", "&Step", "Take one step: one batch of points.", "step", ("Right",), "step"),
    ActionEntry(
        "epoch",
        "Train",
        "&Epoch",
        "Train until every point of this epoch was used.",
        "run_epoch",
        ("Shift+Right",),
        "epoch",
    ),
    ActionEntry(
        "rewind",
        "Train",
        "Re&wind",
        "Go back to this run's first weights.",
        "rewind",
        ("Home",),
        "rewind",
        separated=True,
    ),
    ActionEntry(
        "reinitialise",
        "Train",
        "Re-&initialise",
        "Begin a new run with new weights: the next seed's.",
        "reinitialise",
        ("Ctrl+R",),
        "reinitialise",
    ),
    ActionEntry("slower", "Train", "S&lower", "Fewer steps a second.", "slower", ("Ctrl+Left",), separated=True),
    ActionEntry("faster", "Train", "&Faster", "More steps a second.", "faster", ("Ctrl+Right",)),
    ActionEntry(
        "pin_run", "Train", "Pi&n This Run", "Keep this run to compare others.", "pin_run", ("Ctrl+P",), "", True
    ),
    ActionEntry("compare_runs", "Train", "&Compare Runs…", "Show the pinned runs side by side.", "", (), "", False),
)


class Actions(QObject):
    """The window's actions, kept in step with the document.

    Parameters
    ----------
    document : Document
    parent : QObject
    """

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._actions: dict[str, QAction] = {}
        for entry in TABLE:
            self._add(entry, getattr(document, entry.handler) if entry.handler else None)
        self._tool_group = QActionGroup(self)
        for name, tool in TOOLS.items():
            entry = ActionEntry(f"tool_{name}", "Data", tool.label, tool.tip, "", (tool.shortcut,), f"tool-{name}")
            action = self._add(entry, None)
            action.setCheckable(True)
            action.setData(name)
            self._tool_group.addAction(action)
        self._tool_group.triggered.connect(self._on_tool_triggered)
        self._class_group = QActionGroup(self)
        for index in range(MAX_CLASSES):
            letter = class_name(index)
            entry = ActionEntry(
                f"class_{index + 1}",
                "Data",
                f"Class {letter}",
                f"Draw points of class {letter}.",
                "",
                (str(index + 1),),
            )
            action = self._add(entry, None)
            action.setCheckable(True)
            action.setData(index)
            self._class_group.addAction(action)
        self._class_group.triggered.connect(self._on_class_triggered)
        for signal in (
            document.dataset_changed,
            document.view_changed,
            document.points_selected,
            document.network_changed,
            document.playing_changed,
            document.undo_stack.indexChanged,
        ):
            signal.connect(self._synchronize)
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._synchronize()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def of_menu(self, menu: str) -> list[tuple[ActionEntry, QAction]]:
        """Return the actions of a menu's part of the table, in order."""
        return [(entry, self._actions[entry.name]) for entry in TABLE if entry.menu == menu]

    @property
    def tools(self) -> list[QAction]:
        """The actions that choose a tool."""
        return self._tool_group.actions()

    @property
    def classes(self) -> list[QAction]:
        """The actions that choose a class."""
        return self._class_group.actions()

    def _add(self, entry: ActionEntry, handler: Callable[[], object] | None) -> QAction:
        action = QAction(entry.text, self)
        action.setObjectName(entry.name)
        action.setShortcuts([QKeySequence(text) for text in entry.shortcuts])
        action.setProperty("icon_name", entry.icon)
        self._set_tip(action, entry.tip)
        if handler is not None:
            action.triggered.connect(lambda _checked=False, call=handler: call())
        self._actions[entry.name] = action
        return action

    def _set_tip(self, action: QAction, tip: str) -> None:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip}  ({keys})" if keys else tip)
        action.setStatusTip(tip)

    @Slot(QAction)
    def _on_tool_triggered(self, action: QAction) -> None:
        self._document.set_view(tool=action.data())

    @Slot(QAction)
    def _on_class_triggered(self, action: QAction) -> None:
        self._document.set_view(current_class=action.data())

    @Slot()
    def _on_theme_changed(self) -> None:
        colours = theme.current()
        for name, action in self._actions.items():
            icon_name = action.property("icon_name")
            if icon_name:
                colour = colours.on_accent if name == "play" else colours.text
                disabled = theme.mixed(colours.muted, colours.panel, 0.5)
                action.setIcon(icon(icon_name, colour, disabled=disabled, on=colours.on_accent))

    @Slot()
    def _synchronize(self) -> None:
        """Enable what can be done now, and check what is chosen."""
        document, stack = self._document, self._document.undo_stack
        self["undo"].setEnabled(stack.canUndo())
        self["undo"].setText(f"&Undo {stack.undoText()}".rstrip())
        self["redo"].setEnabled(stack.canRedo())
        self["redo"].setText(f"&Redo {stack.redoText()}".rstrip())
        self["delete"].setEnabled(len(document.selected_points) > 0)
        self["clear_points"].setEnabled(len(document.dataset) > 0)
        is_regression = document.dataset.is_regression
        self["add_class"].setEnabled(not is_regression and document.dataset.n_classes < MAX_CLASSES)
        self["remove_class"].setEnabled(document.dataset.n_classes > MIN_CLASSES)
        for name in ("add_class", "remove_class"):
            self[name].setVisible(not is_regression)
        n_hidden = document.network_settings.n_hidden_layers
        self["add_layer"].setEnabled(n_hidden < MAX_HIDDEN_LAYERS)
        self["remove_layer"].setEnabled(n_hidden > 0)
        for action in self.tools:
            action.setChecked(action.data() == document.view.tool)
        counts = document.dataset.class_counts
        for action in self.classes:
            if action.data() < document.dataset.n_classes:
                letter, count = class_name(action.data()), int(counts[action.data()])
                few = document.dataset.n_classes <= _COUNTED_CLASSES
                action.setIconText(f"{letter}  {_short(count)}" if few else letter)
                self._set_tip(action, f"Draw points of class {letter}; it has {count:,}.")
            action.setVisible(action.data() < document.dataset.n_classes)
            action.setEnabled(action.data() < document.dataset.n_classes)
            action.setChecked(action.data() == document.view.current_class)
        self._show_playing()

    def _show_playing(self) -> None:
        play = self["play"]
        wanted = "pause" if self._document.playing else "play"
        if play.property("icon_name") != wanted:
            play.setProperty("icon_name", wanted)
            play.setText("&Pause" if self._document.playing else "&Play")
            self._set_tip(play, "Pause the training." if self._document.playing else "Train until paused.")
            self._on_theme_changed()


def _short(count: int) -> str:
    """Return a number of points in four signs or less."""
    return f"{count}" if count < 1000 else f"{count / 1000:.3g}k"
