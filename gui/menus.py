"""The menus: the actions of the table, the View menu, and the list of keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QMainWindow, QMenu, QScrollArea, QVBoxLayout, QWidget

from gui import theme
from gui.actions.actions import TABLE, Actions
from gui.document.document import Document
from gui.theme import Scheme
from gui.tools import TOOLS

_SCHEME_TEXTS = {Scheme.SYSTEM: "Follow the &System", Scheme.LIGHT: "&Light", Scheme.DARK: "&Dark"}

_MOUSE = (
    ("Wheel", "Zoom about the mouse, on canvas and output."),
    ("Middle button", "Pan."),
    ("Double click", "Fit the plane again."),
    ("Tab, then arrow keys", "Move a pointer over the plane, or walk through the diagram's neurons."),
    ("Return", "Use the tool at the pointer."),
    ("+, −, 0", "Zoom in, out, and fit, with the canvas or the output reached by Tab."),
    ("Ctrl+1 to Ctrl+7", "Show or hide a panel."),
    ("T", "Show or hide the test points on the output."),
)


def build_menus(
    window: QMainWindow,
    document: Document,
    actions: Actions,
    panels: Mapping[str, QWidget],
    show_panel: Callable[[str, bool], None],
) -> None:
    """Fill the window's menu bar.

    Parameters
    ----------
    panels : mapping of str to QWidget
        What the View menu shows and hides, by name.
    show_panel : callable
        Shows or hides one of them.
    """
    bar = window.menuBar()
    for name in ("File", "Edit", "Data", "Network", "Train"):
        menu = bar.addMenu(f"&{name}")
        menu.setToolTipsVisible(True)
        for entry, action in actions.of_menu(name):
            if entry.separated:
                menu.addSeparator()
            menu.addAction(action)
        if name == "File":
            menu.addSeparator()
            menu.addAction(_action(window, "quit", "&Quit", "Close the window.", "Ctrl+Q", window.close))
        if name == "Data":
            menu.addSeparator()
            menu.addMenu("&Tool").addActions(actions.tools)
            classes = menu.addMenu("C&lass")
            classes.addActions(actions.classes)
            menu.aboutToShow.connect(partial(_show_unless_regression, classes.menuAction(), document))
    _fill_view_menu(bar.addMenu("&View"), document, panels, show_panel)
    help_menu = bar.addMenu("&Help")
    help_menu.addAction(
        _action(
            window, "shortcuts", "&Keyboard and Mouse", "List every shortcut.", "F1", partial(_show_shortcuts, window)
        )
    )


def _show_unless_regression(action: QAction, document: Document) -> None:
    action.setVisible(not document.dataset.is_regression)


def _action(parent: QObject, name: str, text: str, tip: str, shortcut: str, handler: object) -> QAction:
    action = QAction(text, parent)
    action.setObjectName(name)
    action.setToolTip(tip)
    action.setStatusTip(tip)
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
    action.triggered.connect(handler)
    return action


def _fill_view_menu(
    menu: QMenu, document: Document, panels: Mapping[str, QWidget], show_panel: Callable[[str, bool], None]
) -> None:
    shown: dict[str, QAction] = {}

    def toggle(name: str) -> None:
        # The panel itself knows whether it is shown: the toolbar and the remembered layout change that, too.
        show_panel(name, panels[name].isHidden())
        synchronize()

    for number, name in enumerate(panels, start=1):
        action = _action(
            menu,
            f"show_{name.lower()}",
            f"&{name}",
            f"Show or hide the {name.lower()} panel.",
            f"Ctrl+{number}",
            lambda _checked, name=name: toggle(name),
        )
        shown[name] = action
        action.setCheckable(True)
        menu.addAction(action)
    menu.addSeparator()
    log = _action(
        menu,
        "log_loss",
        "Lo&garithmic Loss",
        "Show the loss on a logarithmic scale.",
        "",
        lambda checked: document.set_view(log_loss=checked),
    )
    regions = _action(
        menu,
        "regions",
        "&Regions",
        "Show the likeliest class alone instead of probabilities.",
        "",
        lambda checked: document.set_view(regions=checked),
    )
    test_points = _action(
        menu,
        "test_points",
        "&Test Points",
        "Show the test points on the output.",
        "T",
        lambda checked: document.set_view(show_test_points=checked),
    )
    for action in (log, regions, test_points):
        action.setCheckable(True)
        menu.addAction(action)
    menu.addSeparator()
    schemes = QActionGroup(menu)
    theme_menu = menu.addMenu("T&heme")
    for scheme, text in _SCHEME_TEXTS.items():
        action = _action(
            menu,
            f"theme_{scheme.value}",
            text,
            f"Theme: {text.replace('&', '').lower()}.",
            "",
            lambda _checked, chosen=scheme: theme.manager().set_scheme(chosen),
        )
        action.setCheckable(True)
        action.setData(scheme)
        schemes.addAction(action)
        theme_menu.addAction(action)

    def synchronize() -> None:
        for name, panel in panels.items():
            shown[name].setChecked(not panel.isHidden())
        log.setChecked(document.view.log_loss)
        regions.setChecked(document.view.regions)
        test_points.setChecked(document.view.show_test_points)
        for action in schemes.actions():
            action.setChecked(action.data() == theme.manager().scheme)

    menu.aboutToShow.connect(synchronize)
    document.view_changed.connect(synchronize)
    synchronize()


def _show_shortcuts(window: QMainWindow) -> None:
    """Show every key and what the mouse does, from the same tables as the menus."""
    rows = [
        (
            " or ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in entry.shortcuts),
            entry.tip,
        )
        for entry in TABLE
        if entry.shortcuts
    ]
    rows += [(tool.shortcut, f"{tool.label}: {tool.tip}") for tool in TOOLS.values()]
    rows += [("1 to 8", "Choose the class of new points."), *_MOUSE]
    cells = "".join(f"<tr><td style='padding:3px 18px 3px 0'><b>{key}</b></td><td>{tip}</td></tr>" for key, tip in rows)
    dialog = QDialog(window)
    dialog.setWindowTitle("Keyboard and Mouse")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    text = QLabel(f"<table>{cells}</table>")
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    scroll = QScrollArea()
    scroll.setWidget(text)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    # The style's icon is black, also where the theme is dark.
    buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(scroll)
    column.addWidget(buttons)
    dialog.resize(text.sizeHint().width() + 60, 560)
    dialog.open()
