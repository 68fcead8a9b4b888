"""The View menu: which panels there are, and what they show."""

from __future__ import annotations

from gui import theme
from gui.actions.action import Action, Menu, Window
from gui.actions.series import EDGE_ACTIONS, PANEL_ACTIONS, THEME_ACTIONS
from gui.measures import SCALES
from gui.program import motion
from model.explain.hidden_choice import layer_of, n_axes_of


def _is_curve(window: Window) -> bool:
    return window.document.dataset.is_curve


def _shows_hidden(window: Window) -> bool:
    return window.document.view.settings.shows == "hidden"


def _is_in_space(window: Window) -> bool:
    """Return whether what the output panel shows is in 3D."""
    settings, network = window.document.view.settings, window.document.network_settings
    if not _shows_hidden(window):
        return settings.in_space and not _is_curve(window)
    layer = layer_of(network, settings.hidden_layer)
    return layer is not None and n_axes_of(network, layer, settings.hidden_axes) == 3


def _switch_dimensions(window: Window) -> None:
    """Show in 3D what the output panel shows, or in 2D."""
    view = window.document.view
    if _shows_hidden(window):
        view.set(hidden_axes="2" if _is_in_space(window) else "3")
    else:
        view.switch("in_space")


_SIZE_ACTIONS = (
    Action(
        id="larger",
        title="&Larger",
        tip="Make texts, buttons and fields larger.",
        shortcuts=("Ctrl++", "Ctrl+="),
        call=lambda window: theme.manager().change_scale(1),
        enabled=lambda window: theme.manager().scale < SCALES[-1],
    ),
    Action(
        id="smaller",
        title="&Smaller",
        tip="Make texts, buttons and fields smaller.",
        shortcuts=("Ctrl+-",),
        call=lambda window: theme.manager().change_scale(-1),
        enabled=lambda window: theme.manager().scale > SCALES[0],
    ),
    Action(
        id="usual_size",
        title="&Usual Size",
        tip="Let texts, buttons and fields have the size that they are made for.",
        shortcuts=("Ctrl+0",),
        call=lambda window: theme.manager().set_scale(1.0),
        enabled=lambda window: theme.manager().scale != 1.0,
    ),
    None,
    Action(
        id="enlarge_card",
        title="&Enlarge a Card",
        tip="Give the card with the focus, or under the mouse, the room of all, or each its own again; a double click "
        "on its title does so, too, and Escape ends it.",
        shortcuts=("Ctrl+M",),
        call=lambda window: window.toggle_enlarged(),
        checked=lambda window: bool(window.enlarged_panel),
    ),
    Action(
        id="full_screen",
        title="&Full Screen",
        tip="Let the window have the whole screen.",
        shortcuts=("F11",),
        call=lambda window: window.toggle_full_screen(),
        checked=lambda window: window.isFullScreen(),
    ),
)

VIEW = Menu(
    "&View",
    (
        *PANEL_ACTIONS,
        Action(
            id="reset_layout",
            title="Reset Layo&ut",
            tip="Show the panels, and share the room among them, as at the first start.",
            call=lambda window: window.reset_layout(),
        ),
        Menu("Si&ze", _SIZE_ACTIONS),
        None,
        Action(
            id="next_card",
            title="Ne&xt Card",
            tip="Give the keyboard to the next card.",
            shortcuts=("F6",),
            call=lambda window: window.go_to_next_card(forward=True),
        ),
        Action(
            id="previous_card",
            title="Pre&vious Card",
            tip="Give the keyboard to the card before.",
            shortcuts=("Shift+F6",),
            call=lambda window: window.go_to_next_card(forward=False),
        ),
        Action(
            id="reduce_motion",
            title="Reduce &Motion",
            tip="Show at once what would otherwise move there, as the desktop's own setting for it does.",
            call=lambda window: motion.set_reduced(not motion.is_reduced()),
            checked=lambda window: motion.is_reduced(),
        ),
        None,
        Action(
            id="log_loss",
            title="Lo&garithmic Loss",
            tip="Show the loss on a logarithmic scale.",
            call=lambda window: window.document.view.switch("log_loss"),
            checked=lambda window: window.document.view.settings.log_loss,
            parts=("Loss", "Loss scale"),
        ),
        Action(
            id="loss_landscape",
            title="Loss L&andscape…",
            short_title="Enlarge",
            tip="Show the loss over a plane through the weights in a window of its own.",
            shortcuts=("L",),
            icon="enlarge",
            call=lambda window: window.dialogs.show_landscape(),
            parts=("Loss",),
        ),
        Action(
            id="regions",
            title="&Regions",
            tip="Show the likeliest class alone instead of probabilities.",
            call=lambda window: window.document.view.switch("regions"),
            checked=lambda window: window.document.view.settings.regions,
            visible=lambda window: not _is_curve(window),
            parts=("Output", "Surface"),
        ),
        Action(
            id="terms",
            title="&Parts of the Curve",
            tip="Show what each neuron of the last hidden layer adds to the curve, and their sum.",
            call=lambda window: window.document.view.switch("terms"),
            checked=lambda window: window.document.view.settings.terms,
            visible=_is_curve,
            parts=("Output", "Surface"),
        ),
        Action(
            id="in_space",
            title="Output in &3D",
            tip="Show the output as a surface that can be turned, or a hidden space along three axes.",
            shortcuts=("D",),
            call=_switch_dimensions,
            checked=_is_in_space,
            enabled=lambda window: _shows_hidden(window) or not _is_curve(window),
            parts=("Output", "Dimensions"),
        ),
        Action(
            id="hidden_space",
            title="Space of a Hidden La&yer",
            tip="Show where a hidden layer puts the plane, in the place of the output.",
            shortcuts=("H",),
            call=lambda window: window.document.view.set(shows="output" if _shows_hidden(window) else "hidden"),
            checked=_shows_hidden,
            parts=("Output",),
        ),
        Action(
            id="test_points",
            title="&Test Points",
            tip="Show the test points on the output.",
            shortcuts=("T",),
            call=lambda window: window.document.view.switch("show_test_points"),
            checked=lambda window: window.document.view.settings.show_test_points,
            parts=("Output",),
        ),
        Action(
            id="mark_wrong",
            title="Mark &Wrong Points",
            tip="Ring the points that the network gets wrong on the output, the wider the larger their loss.",
            shortcuts=("W",),
            call=lambda window: window.document.view.switch("mark_wrong"),
            checked=lambda window: window.document.view.settings.mark_wrong,
            parts=("Output",),
        ),
        Action(
            id="switch_lines",
            title="Swit&ch Lines",
            tip="Draw on the output where each neuron of the selected hidden layer switches: where its sum z is 0.",
            shortcuts=("N",),
            call=lambda window: window.document.view.switch("switch_lines"),
            checked=lambda window: window.document.view.settings.switch_lines,
            parts=("Output",),
        ),
        Action(
            id="without_biases",
            title="Output Without &Biases",
            tip="Show what the network would say with the same weights and every bias 0.",
            call=lambda window: window.document.view.switch_left_out("biases"),
            checked=lambda window: window.document.view.left_out == "biases",
            enabled=lambda window: window.document.network_settings.bias != "none",
            parts=("Output",),
        ),
        Menu("&Edges Show", EDGE_ACTIONS, is_choice=True),
        None,
        Menu("T&heme", THEME_ACTIONS, is_choice=True),
    ),
)
