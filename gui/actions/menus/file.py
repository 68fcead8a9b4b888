"""The File menu: experiments, tables, and what is exported."""

from __future__ import annotations

from gui.actions.action import Action, Menu
from gui.actions.series import recent_actions

FILE = Menu(
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
            id="import_network",
            title="Import Net&work…",
            tip="Open a network of another program: ONNX.",
            call=lambda window: window.networks.ask_and_import(),
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
            title="Export Ne&twork…",
            tip="Write the network as a Python script, JSON, arrays or ONNX.",
            call=lambda window: window.networks.ask_and_export(),
        ),
        Action(
            id="export_notebook",
            title="Export Note&book…",
            tip="Write the run as a notebook for Jupyter that trains again with NumPy alone.",
            call=lambda window: window.networks.ask_and_export_notebook(),
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
