"""Actions: what a lesson may do in the window, each with what it is given. The window does them, with undo."""

from __future__ import annotations

from dataclasses import dataclass

from model.data.generators import FEWEST_POINTS, GENERATORS, MOST_POINTS
from model.lessons.arguments import Argument, Choice, Neuron, Nothing, Number, Sizes, Switch, Value, Whole
from model.lessons.places import CARDS
from model.network.activations import ACTIVATIONS
from model.network.initializers import INITIALIZERS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS

MOST_STEPS = 2_000
"""How many steps an action takes at most; more take a person's Play."""

_LARGEST_SEED = 10**9
_LARGEST_SPEED = 5_000

SWITCHES = (
    "regions",
    "terms",
    "in_space",
    "mark_wrong",
    "switch_lines",
    "show_test_points",
    "log_loss",
    "show_penalty",
    "map_in_space",
    "activation_derivative",
    "activation_histogram",
)
"""What of a view can be switched on and off."""

_NOTHING = Nothing()


@dataclass(frozen=True, slots=True)
class LessonAction:
    """One thing that a lesson may do.

    Attributes
    ----------
    text : str
        What it does, in a few words.
    argument : Argument
        What stands behind its name.
    """

    text: str
    argument: Argument = _NOTHING

    def read(self, text: str) -> Value:
        """Return what its argument means.

        Raises
        ------
        ValueError
            If the text is none that is allowed; the message says what is.
        """
        return self.argument.read(text.strip())


ACTIONS: dict[str, LessonAction] = {
    "generate": LessonAction("draw a data set", Choice(tuple(GENERATORS))),
    "points": LessonAction("draw it with so many points", Whole(FEWEST_POINTS, MOST_POINTS)),
    "noise": LessonAction("draw it with so much noise", Number(0.0, 1.0)),
    "data_seed": LessonAction("draw it with another seed", Whole(0, _LARGEST_SEED)),
    "clear_points": LessonAction("take all points out"),
    "learning_rate": LessonAction("set the learning rate", Number(1e-12, 1e6)),
    "batch_size": LessonAction("set how many points a step takes", Whole(1, MOST_POINTS, none="all")),
    "optimizer": LessonAction("choose the optimizer", Choice(tuple(OPTIMIZERS))),
    "loss": LessonAction("choose the loss", Choice(tuple(LOSSES))),
    "reduction": LessonAction("follow the mean or the sum of the gradients", Choice(("mean", "sum"))),
    "regularization": LessonAction("choose the penalty on weights", Choice(tuple(REGULARIZATIONS))),
    "activation": LessonAction("give all hidden layers an activation", Choice(tuple(ACTIVATIONS))),
    "output_activation": LessonAction("choose what the outputs are", Choice(tuple(OUTPUT_ACTIVATIONS))),
    "layers": LessonAction("give the network these hidden layers", Sizes()),
    "biases": LessonAction("choose which neurons have a bias", Choice(tuple(BIAS_KINDS))),
    "initializer": LessonAction("choose how the first weights are drawn, and begin anew", Choice(tuple(INITIALIZERS))),
    "seed": LessonAction("choose the seed of the weights, and begin anew", Whole(0, _LARGEST_SEED)),
    "reinitialise": LessonAction("begin a new run with the weights of the next seed"),
    "rewind": LessonAction("go back to the first weights"),
    "play": LessonAction("train until paused"),
    "pause": LessonAction("pause the training"),
    "step": LessonAction("take steps", Whole(1, MOST_STEPS, usual=1)),
    "epoch": LessonAction("train to the end of the epoch"),
    "speed": LessonAction("take so many steps in a second", Whole(1, _LARGEST_SPEED, none="max")),
    "show": LessonAction("show a card", Choice(tuple(CARDS))),
    "enlarge": LessonAction("give one card the room of all", Choice((*CARDS, "none"))),
    "select": LessonAction("select a neuron", Neuron()),
    "view": LessonAction("switch something of a view", Switch(SWITCHES)),
    "inspect": LessonAction(
        "turn to a page of the inspector",
        Choice(("weights", "formula", "activation", "loss", "along", "course")),
    ),
    "tool": LessonAction("choose what the mouse does", Choice(("point", "brush", "move", "select", "erase", "probe"))),
}
"""Every action, by its name behind ``> do:``."""


def read_action(text: str) -> tuple[str, Value]:
    """Return the name of an action and what it is given, from what stands behind ``do:``.

    Raises
    ------
    ValueError
        If there is no such action, or it cannot be given that; a sentence for who has written it.
    """
    name, _, argument = text.strip().partition(" ")
    if name not in ACTIONS:
        raise ValueError(f"there is no action {name!r}; there are {', '.join(ACTIONS)}")
    try:
        return name, ACTIONS[name].read(argument)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
