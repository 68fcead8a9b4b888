"""Every action once, as data, in the menus that show it."""

from __future__ import annotations

from gui.actions.action import Action, Menu, Window
from gui.actions.series import CLASS_ACTIONS, EDGE_ACTIONS, PANEL_ACTIONS, THEME_ACTIONS, TOOL_ACTIONS, recent_actions
from model.data.dataset import MAX_CLASSES, MIN_CLASSES
from model.network.settings import MAX_HIDDEN_LAYERS

_FILE = Menu(
    "&File",
    (
        Action(
            id="new",
            title="&New",
            tip="Begin another experiment in this window.",
            shortcuts=("Ctrl+N",),
            call=lambda window: window.files.ask_and_begin_anew(),
        ),
        Action(
            id="open",
            title="&Open…",
            tip="Open an experiment: data, network, settings and its whole run.",
            shortcuts=("Ctrl+O",),
            call=lambda window: window.files.ask_and_open(),
        ),
        Menu("Open &Recent", changing=recent_actions),
        Action(
            id="save",
            title="&Save",
            tip="Save the experiment to its file.",
            shortcuts=("Ctrl+S",),
            call=lambda window: window.files.save(),
        ),
        Action(
            id="save_as",
            title="Save &As…",
            tip="Save the experiment to another file.",
            shortcuts=("Ctrl+Shift+S",),
            call=lambda window: window.files.save_as(),
        ),
        Action(
            id="revert",
            title="Re&vert…",
            tip="Go back to the experiment as it was saved.",
            call=lambda window: window.files.ask_and_revert(),
        ),
        Action(
            id="recover",
            title="Recover &Unsaved…",
            tip="Show what was not saved when the program ended.",
            call=lambda window: window.files.settle_and_recover(),
        ),
        None,
        Action(
            id="import_data",
            title="&Import Data…",
            tip="Read points from a table: CSV or text.",
            shortcuts=("Ctrl+I",),
            call=lambda window: window.tables.ask_and_import(),
        ),
        Action(
            id="export_data",
            title="Export &Data…",
            tip="Write the points as a table: CSV.",
            shortcuts=("Ctrl+E",),
            call=lambda window: window.tables.ask_and_export(),
        ),
        Action(
            id="export_network",
            title="Export Net&work…",
            tip="Write the network as a Python script, JSON or arrays.",
            call=lambda window: window.networks.ask_and_export(),
        ),
        None,
        Action(
            id="export_picture",
            title="Export &Picture…",
            tip="Write a view as PNG, SVG or PDF.",
            call=lambda window: window.dialogs.export_picture(),
        ),
        Action(
            id="export_animation",
            title="Export Ani&mation…",
            tip="Write the run as a video or an animated picture.",
            shortcuts=("Ctrl+Shift+E",),
            call=lambda window: window.dialogs.export_animation(),
        ),
        None,
        Action(
            id="quit",
            title="&Quit",
            tip="Close the window.",
            shortcuts=("Ctrl+Q",),
            call=lambda window: window.close(),
        ),
    ),
)


def _can_delete(window: Window) -> bool:
    """Return whether points are selected, of the present: the past stays as it was."""
    return window.document.run.moment is None and len(window.document.view.selected_points) > 0


def _let_go(window: Window) -> None:
    """Release the probe, or if none is pinned let the selection go."""
    if window.document.probe.pinned is not None:
        window.document.probe.release()
    else:
        window.document.view.select_none()


_EDIT = Menu(
    "&Edit",
    (
        Action(
            id="undo",
            title=lambda window: f"&Undo {window.document.changes.undo_stack.undoText()}".rstrip(),
            tip="Undo the last change.",
            shortcuts=("Ctrl+Z",),
            icon="undo",
            call=lambda window: window.document.changes.undo(),
            enabled=lambda window: window.document.changes.undo_stack.canUndo(),
        ),
        Action(
            id="redo",
            title=lambda window: f"&Redo {window.document.changes.undo_stack.redoText()}".rstrip(),
            tip="Redo what was undone.",
            shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
            icon="redo",
            call=lambda window: window.document.changes.redo(),
            enabled=lambda window: window.document.changes.undo_stack.canRedo(),
        ),
        None,
        Action(
            id="select_all",
            title="Select &All Points",
            tip="Select every point.",
            shortcuts=("Ctrl+A",),
            call=lambda window: window.document.points.select_all(),
        ),
        Action(
            id="select_none",
            title="Select &None",
            tip="Clear the selection; a pinned probe is released first.",
            shortcuts=("Escape",),
            call=_let_go,
        ),
        Action(
            id="delete",
            title="&Delete Selection",
            tip="Remove the selected points.",
            shortcuts=("Delete",),
            icon="delete",
            call=lambda window: window.document.points.delete_selected(),
            enabled=_can_delete,
        ),
        None,
        Action(
            id="copy_points",
            title="&Copy Points",
            tip="Copy the selected points, or all, as a table.",
            shortcuts=("Ctrl+C",),
            call=lambda window: window.clipboard.copy_points(),
        ),
        Action(
            id="paste_points",
            title="&Paste Points",
            tip="Place points from a table on the clipboard.",
            shortcuts=("Ctrl+V",),
            call=lambda window: window.clipboard.paste_points(),
        ),
        Action(
            id="copy_picture",
            title="Copy P&icture",
            tip="Copy the view with the focus, or the output, as a picture.",
            shortcuts=("Ctrl+Shift+C",),
            call=lambda window: window.clipboard.copy_picture(),
        ),
    ),
)


def _is_regression(window: Window) -> bool:
    return window.document.dataset.is_regression


_DATA = Menu(
    "&Data",
    (
        Action(
            id="regenerate",
            title="Re&generate",
            tip="Draw the data set again with the next seed.",
            shortcuts=("Ctrl+G",),
            icon="regenerate",
            call=lambda window: window.document.points.regenerate(),
        ),
        Action(
            id="clear_points",
            title="&Clear All Points",
            tip="Remove every point; undo brings them back.",
            shortcuts=("Ctrl+Backspace",),
            call=lambda window: window.document.points.clear(),
            enabled=lambda window: len(window.document.dataset) > 0,
        ),
        None,
        Action(
            id="add_class",
            title="&Add Class",
            tip="Add a class and choose it.",
            shortcuts=("Ctrl+Shift+N",),
            icon="add",
            call=lambda window: window.document.points.add_class(),
            enabled=lambda window: not _is_regression(window) and window.document.dataset.n_classes < MAX_CLASSES,
            visible=lambda window: not _is_regression(window),
        ),
        Action(
            id="remove_class",
            title="&Remove Current Class",
            tip="Remove the current class with its points.",
            icon="remove",
            call=lambda window: window.document.points.remove_current_class(),
            enabled=lambda window: window.document.dataset.n_classes > MIN_CLASSES,
            visible=lambda window: not _is_regression(window),
        ),
        None,
        Menu("&Tool", TOOL_ACTIONS, is_choice=True),
        Menu("C&lass", CLASS_ACTIONS, is_choice=True),
        None,
        Action(
            id="probe_selected",
            title="&Probe Selected Point",
            tip="See every number of the network at the selected point.",
            shortcuts=("Shift+I",),
            icon="tool-probe",
            call=lambda window: window.document.probe.pin_selected(),
            enabled=lambda window: len(window.document.view.selected_points) > 0,
        ),
        Action(
            id="release_probe",
            title="R&elease Probe",
            tip="Pin no point: numbers are those under the mouse again.",
            call=lambda window: window.document.probe.release(),
            enabled=lambda window: window.document.probe.pinned is not None,
        ),
    ),
)

_NETWORK = Menu(
    "&Network",
    (
        Action(
            id="add_layer",
            title="Add &Layer",
            tip="Add a hidden layer before the output.",
            shortcuts=("Ctrl+L",),
            icon="add",
            call=lambda window: window.document.network.insert_layer(),
            enabled=lambda window: window.document.network_settings.n_hidden_layers < MAX_HIDDEN_LAYERS,
        ),
        Action(
            id="remove_layer",
            title="Remove La&st Layer",
            tip="Remove the last hidden layer.",
            shortcuts=("Ctrl+Shift+L",),
            icon="remove",
            call=lambda window: window.document.network.remove_layer(),
            enabled=lambda window: window.document.network_settings.n_hidden_layers > 0,
        ),
        None,
        Action(
            id="formula",
            title="&Formula…",
            tip="Show the network, its loss and each derivative as a formula.",
            call=lambda window: window.dialogs.show_formula(),
        ),
    ),
)

_TRAIN = Menu(
    "&Train",
    (
        Action(
            id="play",
            title=lambda window: "&Pause" if window.document.run.playing else "&Play",
            tip=lambda window: "Pause the training." if window.document.run.playing else "Train until paused.",
            shortcuts=("Space",),
            icon=lambda window: "pause" if window.document.run.playing else "play",
            is_accented=True,
            call=lambda window: window.document.run.toggle_playing(),
        ),
        Action(
            id="step",
            title="&Step",
            tip="Take one step: one batch of points.",
            shortcuts=("Right",),
            icon="step",
            call=lambda window: window.document.run.step(),
        ),
        Action(
            id="epoch",
            title="&Epoch",
            tip="Train to the end of this epoch: until every point was used once.",
            shortcuts=("Shift+Right",),
            icon="epoch",
            call=lambda window: window.document.run.run_epoch(),
        ),
        Action(
            id="step_through",
            title="Step T&hrough",
            tip="Take the next step apart, page by page, before it is taken.",
            shortcuts=("Ctrl+T",),
            icon="step-through",
            call=lambda window: window.toggle_panel("Step Through"),
            checked=lambda window: window.is_panel_shown("Step Through"),
        ),
        None,
        Action(
            id="rewind",
            title="Re&wind",
            tip="Go back to this run's first weights.",
            shortcuts=("Home",),
            icon="rewind",
            call=lambda window: window.document.run.rewind(),
        ),
        Action(
            id="reinitialise",
            title="Re-&initialise",
            tip="Begin a new run with the weights of the next seed.",
            shortcuts=("Ctrl+R",),
            icon="reinitialise",
            call=lambda window: window.document.learning.reinitialise(),
        ),
        None,
        Action(
            id="slower",
            title="S&lower",
            tip="Fewer steps a second.",
            shortcuts=("Ctrl+Left",),
            call=lambda window: window.document.view.slower(),
        ),
        Action(
            id="faster",
            title="&Faster",
            tip="More steps a second.",
            shortcuts=("Ctrl+Right",),
            call=lambda window: window.document.view.faster(),
        ),
        None,
        Action(
            id="pin_run",
            title="Pi&n This Run",
            tip="Keep this run, to compare others with it.",
            shortcuts=("Ctrl+P",),
            call=lambda window: window.document.pins.pin(),
        ),
        Action(
            id="compare_runs",
            title="&Compare Runs…",
            tip="Show the pinned runs side by side.",
            call=lambda window: window.dialogs.compare_runs(),
        ),
    ),
)


_VIEW = Menu(
    "&View",
    (
        *PANEL_ACTIONS,
        None,
        Action(
            id="log_loss",
            title="Lo&garithmic Loss",
            tip="Show the loss on a logarithmic scale.",
            call=lambda window: window.document.view.switch("log_loss"),
            checked=lambda window: window.document.view.settings.log_loss,
        ),
        Action(
            id="regions",
            title="&Regions",
            tip="Show the likeliest class alone instead of probabilities.",
            call=lambda window: window.document.view.switch("regions"),
            checked=lambda window: window.document.view.settings.regions,
        ),
        Action(
            id="in_space",
            title="Output in &3D",
            tip="Show the output as a surface that can be turned.",
            shortcuts=("D",),
            call=lambda window: window.document.view.switch("in_space"),
            checked=lambda window: window.document.view.settings.in_space,
        ),
        Action(
            id="test_points",
            title="&Test Points",
            tip="Show the test points on the output.",
            shortcuts=("T",),
            call=lambda window: window.document.view.switch("show_test_points"),
            checked=lambda window: window.document.view.settings.show_test_points,
        ),
        Action(
            id="mark_wrong",
            title="Mark &Wrong Points",
            tip="Ring the points that the network gets wrong on the output, the wider the larger their loss.",
            shortcuts=("W",),
            call=lambda window: window.document.view.switch("mark_wrong"),
            checked=lambda window: window.document.view.settings.mark_wrong,
        ),
        Action(
            id="without_biases",
            title="Output Without &Biases",
            tip="Show what the network would say with the same weights and every bias 0.",
            call=lambda window: window.document.view.switch_left_out("biases"),
            checked=lambda window: window.document.view.left_out == "biases",
            enabled=lambda window: window.document.network_settings.bias != "none",
        ),
        Menu("&Edges Show", EDGE_ACTIONS, is_choice=True),
        None,
        Menu("T&heme", THEME_ACTIONS, is_choice=True),
    ),
)

_HELP = Menu(
    "&Help",
    (
        Action(
            id="shortcuts",
            title="&Keyboard and Mouse",
            tip="Show every shortcut, and what the mouse does.",
            shortcuts=("F1",),
            call=lambda window: window.dialogs.list_shortcuts(),
        ),
    ),
)

MENUS = (_FILE, _EDIT, _DATA, _NETWORK, _TRAIN, _VIEW, _HELP)
"""The menu bar, and in it every action."""
