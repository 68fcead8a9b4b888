"""The View menu: which panels there are, and what they show."""

from __future__ import annotations

from gui.actions.action import Action, Menu
from gui.actions.series import EDGE_ACTIONS, PANEL_ACTIONS, THEME_ACTIONS

VIEW = Menu(
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
