"""The Edit menu: undo, what is selected, and the clipboard."""

from __future__ import annotations

from gui.actions.action import Action, Menu, Window


def _can_delete(window: Window) -> bool:
    """Return whether something is selected that can go, of the present: the past stays as it was."""
    view, network = window.document.view, window.document.network
    return window.document.run.moment is None and (len(view.selected_points) > 0 or network.can_remove(view.selection))


def _delete(window: Window) -> None:
    """Remove the selected points, or where there are none the selected part of the network."""
    if len(window.document.view.selected_points):
        window.document.points.delete_selected()
    else:
        window.document.network.remove(window.document.view.selection)


def _what(verb: str, something: str, change: str) -> str:
    """Return what is undone, or done again: a change by its name, in general where there is none."""
    return f"{verb}: {change}." if change else f"{verb} {something}."


def _let_go(window: Window) -> None:
    """Release the probe, or if none is pinned let the selection go."""
    if window.document.probe.pinned is not None:
        window.document.probe.release()
    else:
        window.document.view.select_none()


EDIT = Menu(
    "&Edit",
    (
        Action(
            id="undo",
            title=lambda window: f"&Undo {window.document.changes.undo_stack.undoText()}".rstrip(),
            tip=lambda window: _what("Undo", "the last change", window.document.changes.undo_stack.undoText()),
            shortcuts=("Ctrl+Z",),
            icon="undo",
            call=lambda window: window.document.changes.undo(),
            enabled=lambda window: window.document.changes.undo_stack.canUndo(),
        ),
        Action(
            id="redo",
            title=lambda window: f"&Redo {window.document.changes.undo_stack.redoText()}".rstrip(),
            tip=lambda window: _what("Redo", "what was undone", window.document.changes.undo_stack.redoText()),
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
            tip="Remove the selected points; or the selected neuron or input, or prune the selected weight.",
            shortcuts=("Delete",),
            icon="delete",
            call=_delete,
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
            id="decimal_comma",
            title="Tables with Decimal C&omma",
            tip="Copied and exported tables have 0,5 for 0.5, as spreadsheets of many countries want it.",
            call=lambda window: window.tables.toggle_decimal_comma(),
            checked=lambda window: window.tables.has_decimal_comma,
        ),
        Action(
            id="paste_points",
            title="&Paste",
            tip="Place points from a table on the clipboard, or open a state that was copied as text.",
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
        Action(
            id="copy_state",
            title="Copy S&tate as Text",
            tip="Copy points, network, settings and weights as a text to send: pasted, it opens the same state.",
            shortcuts=("Ctrl+Alt+C",),
            call=lambda window: window.clipboard.copy_state(),
        ),
    ),
)
