"""The Data menu: points, classes, tools and the probe."""

from __future__ import annotations

from gui.actions.action import Action, Menu, Window
from gui.actions.series import CLASS_ACTIONS, FUNCTION_ACTIONS, TOOL_ACTIONS
from model.data.dataset import MAX_CLASSES, MIN_CLASSES
from model.types import counted


def _is_regression(window: Window) -> bool:
    return window.document.dataset.is_regression


def _removal(window: Window, class_index: int) -> str:
    dataset = window.document.dataset
    if not 0 <= class_index < dataset.n_classes:
        return "Remove a class with its points."
    points = counted(int(dataset.class_counts[class_index]), "point")
    return f"Remove class {dataset.class_name(class_index)} with its {points}; undo brings them back."


def _switch_new_points(window: Window) -> None:
    view = window.document.view
    view.set(new_points="train" if view.settings.new_points == "test" else "test")


DATA = Menu(
    "&Data",
    (
        Action(
            id="regenerate",
            title="Re&generate",
            tip=lambda window: (
                "Draw the data set again with the next seed."
                if window.document.points.are_drawn
                else "Draw a data set in the place of your own points; undo brings them back."
            ),
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
            parts=("Data",),
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
            id="remove_last_class",
            title="Remove La&st Class",
            tip=lambda window: _removal(window, window.document.dataset.n_classes - 1),
            icon="remove",
            call=lambda window: window.document.points.remove_last_class(),
            enabled=lambda window: window.document.dataset.n_classes > MIN_CLASSES,
            visible=lambda window: not _is_regression(window),
        ),
        Action(
            id="remove_class",
            title="&Remove Current Class",
            tip=lambda window: _removal(window, window.document.view.settings.current_class),
            call=lambda window: window.document.points.remove_current_class(),
            enabled=lambda window: window.document.dataset.n_classes > MIN_CLASSES,
            visible=lambda window: not _is_regression(window),
            parts=("Data",),
        ),
        Action(
            id="rename_class",
            title="Rena&me Current Class…",
            tip="Call the current class otherwise, everywhere.",
            shortcuts=("F2",),
            call=lambda window: window.dialogs.name_points(window.document.view.settings.current_class),
            enabled=lambda window: not _is_regression(window),
            visible=lambda window: not _is_regression(window),
            parts=("Data",),
        ),
        Action(
            id="names",
            title="Names and &Units…",
            tip="Say what coordinates, values and classes are called, and which numbers are at both ends.",
            call=lambda window: window.dialogs.name_points(),
            parts=("Data",),
        ),
        None,
        Menu("&Functions", FUNCTION_ACTIONS),
        None,
        Action(
            id="new_points_for_testing",
            title="&New Points Are for Testing",
            tip="Keep points that you place from now on out of training, to test by them.",
            call=_switch_new_points,
            checked=lambda window: window.document.view.settings.new_points == "test",
            parts=("Data", "New points"),
        ),
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
            parts=("Data", "Probe"),
        ),
        Action(
            id="release_probe",
            title="R&elease Probe",
            tip="Pin no point: numbers are those under the mouse again.",
            call=lambda window: window.document.probe.release(),
            enabled=lambda window: window.document.probe.pinned is not None,
            parts=("Data", "Probe"),
        ),
    ),
)
