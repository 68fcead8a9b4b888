"""The Network menu: layers, and the network as a formula."""

from __future__ import annotations

from gui.actions.action import Action, Menu
from model.network.settings import MAX_HIDDEN_LAYERS

NETWORK = Menu(
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
            parts=("Network",),
        ),
        Action(
            id="remove_layer",
            title="Remove La&st Layer",
            tip="Remove the last hidden layer.",
            shortcuts=("Ctrl+Shift+L",),
            icon="remove",
            call=lambda window: window.document.network.remove_layer(),
            enabled=lambda window: window.document.network_settings.n_hidden_layers > 0,
            parts=("Network",),
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
