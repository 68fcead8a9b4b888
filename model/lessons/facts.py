"""Facts: a registry of what the conditions of lessons can ask about, of the moment that is shown and of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from model.data.dataset import PROBLEM_KINDS
from model.data.generators import GENERATORS, GeneratorSettings, has_drawn
from model.meant import did_you_mean
from model.network.activations import ACTIVATIONS
from model.network.initializers import INITIALIZERS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.run.history import Event, KeyFrame
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS
from model.training.settings import REDUCTIONS

Value: TypeAlias = float | str | bool | None
"""What a fact is at a moment; None where there is none, such as a test loss without test points."""

FactKind: TypeAlias = Literal["number", "text", "truth"]

DRAWN = "drawn"
"""The fact ``data`` where a person has drawn, moved or imported points."""


_OTHER_NAMES = {
    **dict.fromkeys(("neurons", "units", "hidden_neurons"), "hidden_units"),
    **dict.fromkeys(("layers", "depth"), "hidden_layers"),
    **dict.fromkeys(("accuracy", "training_accuracy"), "train_accuracy"),
    **dict.fromkeys(("training_loss", "error"), "train_loss"),
    **dict.fromkeys(("parameters", "biases"), "weights"),
    **dict.fromkeys(("inputs", "input"), "features"),
    **dict.fromkeys(("paused", "running", "training"), "playing"),
    **dict.fromkeys(("iterations", "time"), "steps"),
    **dict.fromkeys(("dataset", "generator"), "data"),
}
"""What else facts may be called by who writes a lesson."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What facts are computed from.

    Attributes
    ----------
    frame : KeyFrame
        The moment that is shown: points, network, training and metrics.
    generator : GeneratorSettings
        What drew the points, if they are as it drew them.
    events : sequence of Event
        Those of the run until then.
    """

    frame: KeyFrame
    generator: GeneratorSettings
    events: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`FACTS`, as conditions write it.
    kind : str
        "number" and "text" are compared; a "truth" stands alone.
    label : str
        How a person calls it: words that go before "< 0.1", or of a truth a short statement.
    opposite : str
        Of a truth, what is said where it must not hold; empty: that it does not.
    is_share : bool
        Whether it is a number from 0 to 1.
    description : str
        What it is, in a sentence, for teachers.
    of : callable or None
        Computes it from a :class:`Moment`; None: the window says it.
    choices : tuple of str
        The only texts that it can be; empty: any.
    """

    name: str
    kind: FactKind
    label: str
    description: str
    of: Callable[[Moment], Value] | None = None
    choices: tuple[str, ...] = ()
    opposite: str = ""
    is_share: bool = False


def facts_of(moment: Moment, seen: Mapping[str, Value]) -> dict[str, Value]:
    """Return every fact of a moment.

    Parameters
    ----------
    moment : Moment
    seen : mapping of str to value
        What the window says: the facts that have no ``of``. One that is not there is None.
    """
    return {name: seen.get(name) if fact.of is None else fact.of(moment) for name, fact in FACTS.items()}


def _data(moment: Moment) -> str:
    return moment.generator.name if has_drawn(moment.generator, moment.frame.dataset) else DRAWN


def _noise(moment: Moment) -> float | None:
    return moment.generator.noise if _data(moment) != DRAWN else None


def _activation(moment: Moment) -> str:
    names = set(moment.frame.network.hidden_activations)
    return names.pop() if len(names) == 1 else ""


def _n_hidden(moment: Moment) -> int:
    return sum(moment.frame.network.layer_sizes[1:-1])


def _batch_size(moment: Moment) -> int:
    n_training = len(moment.frame.dataset) - moment.frame.dataset.n_test
    return min(moment.frame.training.batch_size or n_training, n_training)


def _n_changes(moment: Moment) -> int:
    return sum(not event.is_note and event.step > 0 for event in moment.events)


def _computed() -> tuple[Fact, ...]:
    return (
        # The points
        Fact("problem", "text", "problem", "What is learned of the points.", _of("dataset.kind"), PROBLEM_KINDS),
        Fact(
            "data",
            "text",
            "data",
            f"The generator that has drawn the points; `{DRAWN}` where a person has drawn, moved or imported some.",
            _data,
            (*GENERATORS, DRAWN),
        ),
        Fact("noise", "number", "noise", "The noise that the generator was given; none for drawn points.", _noise),
        Fact("points", "number", "points", "How many points there are.", lambda m: len(m.frame.dataset)),
        Fact("test_points", "number", "test points", "How many of them are for testing.", _of("dataset.n_test")),
        Fact(
            "classes",
            "number",
            "classes",
            "How many classes there are, 0 for another problem.",
            _of("dataset.n_classes"),
        ),
        # The network
        Fact(
            "features",
            "number",
            "features",
            "How many inputs the network has.",
            lambda m: m.frame.network.layer_sizes[0],
        ),
        Fact(
            "hidden_layers",
            "number",
            "hidden layers",
            "How many hidden layers there are.",
            _of("network.n_hidden_layers"),
        ),
        Fact(
            "hidden_units", "number", "hidden neurons", "How many neurons all hidden layers have together.", _n_hidden
        ),
        Fact(
            "weights",
            "number",
            "weights and biases",
            "How many weights and biases there are.",
            _of("network.n_parameters"),
        ),
        Fact(
            "activation",
            "text",
            "activation",
            "That of the hidden layers, empty where they differ or there are none.",
            _activation,
            (*ACTIVATIONS, ""),
        ),
        Fact(
            "output_activation",
            "text",
            "activation of the output",
            "That of the output.",
            _of("network.output_activation"),
            tuple(OUTPUT_ACTIVATIONS),
        ),
        Fact("bias", "text", "bias", "Which neurons have a bias.", _of("network.bias"), tuple(BIAS_KINDS)),
        Fact(
            "initializer",
            "text",
            "first weights",
            "How the first weights are drawn.",
            _of("network.initializer"),
            tuple(INITIALIZERS),
        ),
        # How it learns
        Fact("loss", "text", "kind of loss", "The kind of loss.", _of("training.loss"), tuple(LOSSES)),
        Fact("optimizer", "text", "optimizer", "What takes the steps.", _of("training.optimizer"), tuple(OPTIMIZERS)),
        Fact("learning_rate", "number", "learning rate", "How large steps are.", _of("training.learning_rate")),
        Fact("batch_size", "number", "batch size", "Points of one step, all training points counted.", _batch_size),
        Fact(
            "reduction",
            "text",
            "gradient",
            "Whether a step follows the mean of its points' gradients or their sum.",
            _of("training.reduction"),
            tuple(REDUCTIONS),
        ),
        Fact(
            "regularization",
            "text",
            "regularization",
            "The penalty on weights.",
            _of("training.regularization"),
            tuple(REGULARIZATIONS),
        ),
        # The run
        Fact("steps", "number", "steps", "Steps since the first weights.", _of("step")),
        Fact("epochs", "number", "epochs", "Epochs completed.", _of("epoch")),
        Fact(
            "changes",
            "number",
            "changes in this run",
            "How often something was changed since this run's first step.",
            _n_changes,
        ),
        Fact(
            "train_loss", "number", "training loss", "The mean loss of the training points.", _of("metrics.train_loss")
        ),
        Fact("test_loss", "number", "test loss", "The mean loss of the test points.", _of("metrics.test_loss")),
        Fact(
            "train_accuracy",
            "number",
            "training accuracy",
            "The share of training points whose class is right, 0 to 1.",
            _of("metrics.train_accuracy"),
            is_share=True,
        ),
        Fact(
            "test_accuracy",
            "number",
            "test accuracy",
            "The share of test points whose class is right, 0 to 1.",
            _of("metrics.test_accuracy"),
            is_share=True,
        ),
    )


def _of(path: str) -> Callable[[Moment], Value]:
    """Return what reads an attribute of a moment's key frame."""
    names = path.split(".")

    def read(moment: Moment) -> Value:
        found: object = moment.frame
        for name in names:
            found = getattr(found, name)
        assert found is None or isinstance(found, float | int | str)
        return found

    return read


_SEEN = (
    Fact("playing", "truth", "training runs", "Whether training runs.", opposite="training is paused"),
    Fact(
        "scrubbed",
        "truth",
        "a past moment is shown",
        "Whether a past moment is shown, and not the present.",
        opposite="the present is shown",
    ),
    Fact(
        "diverged",
        "truth",
        "the run has diverged",
        "Whether the loss of this run has once left what training can mend.",
        opposite="the run has not diverged",
    ),
    Fact(
        "selected",
        "text",
        "selected neuron",
        'The selected neuron, by its name in the diagram, such as "h1.2"; empty where none is.',
    ),
    Fact("probe", "truth", "a point is probed", "Whether the probe stands on a place of the plane."),
    Fact(
        "exported",
        "text",
        "exported",
        "What was last exported since the step began; empty where nothing was.",
        choices=("picture", "animation", "data", "network", "notebook", ""),
    ),
    Fact("step_through", "truth", "Step Through is shown", "Whether the card Step Through is shown."),
    Fact(
        "without_biases", "truth", "the output is shown without biases", "Whether the output is shown without biases."
    ),
    Fact("in_space", "truth", "the output is shown in 3D", "Whether the output is shown in 3D."),
    Fact("regions", "truth", "regions are shown", "Whether the output shows regions instead of probabilities."),
    Fact("mark_wrong", "truth", "wrong points are marked", "Whether wrong points are ringed."),
    Fact(
        "edges",
        "text",
        "edges show",
        "What the edges of the diagram show.",
        choices=("weights", "gradients", "updates"),
    ),
)

FACTS: dict[str, Fact] = {fact.name: fact for fact in (*_computed(), *_SEEN)}
"""Every fact, by name, in the order of the documentation."""


def meant_fact(name: str, among: Iterable[str]) -> str:
    """Return " (did you mean epochs?)" for a name that is nearly that of a fact, or that others call it by."""
    known = [*among]
    other = _OTHER_NAMES.get(name)
    return f" (did you mean {other}?)" if other in known else did_you_mean(name, known)
