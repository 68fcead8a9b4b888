"""Facts: each is what the moment says, whatever the window adds."""

import numpy as np

from model import Dataset
from model.data.generators import GeneratorSettings, generate
from model.lessons.facts import FACTS, Moment, facts_of
from model.run.history import Event
from model.run.run import Run
from model.training.settings import first_setup

GENERATOR = GeneratorSettings("spiral", n_points=40, noise=0.1, n_classes=2)


def test_facts_are_those_of_the_moment():
    setup = first_setup(generate(GENERATOR))
    run = Run(setup)
    for _ in range(5):
        run.advance(1)
    moment = run.moment()
    events = (Event(0, "before"), Event(3, "learning rate 0.1"), Event(4, "look here", is_note=True))
    facts = facts_of(Moment(moment, GENERATOR, events), {"selected": "h1.2", "playing": True, "steps": 99})

    assert facts.keys() == FACTS.keys()
    assert facts["steps"] == moment.step == 5
    for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        assert facts[name] == getattr(moment.metrics, name)
    sizes = setup.network.layer_sizes
    assert (facts["features"], facts["hidden_layers"], facts["hidden_units"]) == (2, len(sizes) - 2, sum(sizes[1:-1]))
    assert facts["weights"] == run.trainer.network.parameters.size
    assert (facts["points"], facts["test_points"], facts["classes"], facts["batch_size"]) == (40, 12, 2, 10)
    assert (facts["problem"], facts["data"], facts["noise"]) == ("classes", "spiral", 0.1)
    assert (facts["activation"], facts["output_activation"], facts["loss"]) == ("tanh", "softmax", "cross_entropy")
    assert (facts["optimizer"], facts["learning_rate"], facts["bias"]) == ("sgd", 0.1, "per_neuron")
    assert facts["changes"] == 1
    assert (facts["selected"], facts["playing"], facts["diverged"]) == ("h1.2", True, None)


def test_points_that_a_person_has_drawn_are_told_apart():
    drawn = generate(GENERATOR)
    moved = Dataset(drawn.points + 0.1, drawn.labels, np.ones(len(drawn), dtype=bool))
    facts = facts_of(Moment(Run(first_setup(moved)).moment(), GENERATOR), {})
    assert (facts["data"], facts["noise"], facts["train_loss"], facts["batch_size"]) == ("drawn", None, None, 0)


def test_every_value_is_of_its_kind_and_among_its_choices():
    types = {"number": int | float | None, "text": str, "truth": bool}
    for kind in ("spiral", "plane", "parabola", "three_gaussians"):
        generator = GeneratorSettings(kind, n_points=20)
        facts = facts_of(Moment(Run(first_setup(generate(generator))).moment(), generator), {})
        for name, value in facts.items():
            fact = FACTS[name]
            if fact.of is not None:
                assert isinstance(value, types[fact.kind]), name
                assert not fact.choices or value in fact.choices, name
