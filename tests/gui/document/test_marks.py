"""What the timeline says of each kind of change."""

import pytest

from model.network.parts import Edge, Unit

CHANGES = {
    "learning rate 0.1 → 0.03": lambda d: d.learning.set_training(learning_rate=0.03),
    "batch size 10 → all": lambda d: d.learning.set_training(batch_size=None),
    "optimizer SGD → Adam": lambda d: d.learning.set_training(optimizer="adam"),
    "dropout 0 → 0.2 / 0": lambda d: d.learning.set_dropout(1, 0.2),
    "hidden 1: tanh → ReLU": lambda d: d.network.set_activation(1, "relu"),
    "hidden 1: 6 → 7 neurons": lambda d: d.network.insert_unit(1),
    "2 → 3 hidden layers": lambda d: d.network.insert_layer(),
    "bias: per neuron → none": lambda d: d.network.set_bias("none"),
    "+x₁²": lambda d: d.network.toggle_feature("x1^2"),
    "features standardized": lambda d: d.network.set_standardized(True),
    "mute h1.2": lambda d: d.network.set_muted(Unit(1, 1), True),
    "prune w x₁ → h1.2": lambda d: d.network.set_pruned(Edge(0, 0, 1), True),
    "freeze w x₁ → h1.2": lambda d: d.network.set_frozen(Edge(0, 0, 1), True),
    "240 → 300 points": lambda d: d.points.generate(n_points=300),
    "Spiral → Circle": lambda d: d.points.generate(name="circle"),
    "training share 70% → 80%": lambda d: d.points.set_training_share(0.8),
    "3 → 4 classes": lambda d: d.points.add_class(),
    "+1 point": lambda d: d.points.add("place point", [[1.0, 1.0]]),
    "−240 points": lambda d: d.points.clear(),
    "classes → values": lambda d: d.points.set_kind("values"),
}


def texts(document):
    return [event.text for event in document.run.history.events]


@pytest.mark.parametrize("text", CHANGES)
def test_a_change_says_from_what_to_what_and_so_does_its_undo(document, text):
    CHANGES[text](document)
    assert texts(document)[-1].startswith(text)
    assert len(texts(document)) == 1
    document.changes.undo()
    assert len(texts(document)) == 2
    assert texts(document)[-1].startswith(("undo: ", "undo "))


def test_a_weight_that_is_dragged_leaves_one_mark_from_where_it_was(document):
    before = document.run.network.parameters[0]
    for value in (0.25, 0.5, -0.75):
        document.network.set_parameter(0, value, gesture=5)
    assert texts(document) == [f"w x₁ → h1.1 {before:.3g} → −0.75".replace("-", "−")]
    document.network.set_parameter(0, 1.0, gesture=6)
    assert texts(document)[1:] == ["w x₁ → h1.1 −0.75 → 1"]


def test_a_new_run_begins_without_marks(document):
    document.learning.set_training(learning_rate=0.03)
    document.learning.reinitialise()
    assert texts(document) == []
    document.changes.undo()
    assert texts(document) == ["learning rate 0.1 → 0.03"]


def test_points_that_are_placed_one_after_the_other_at_a_step_have_one_mark_that_counts_them_all(document):
    document.points.clear()
    for x in range(3):
        document.points.add("place point", [[float(x), 1.0]])
    assert texts(document) == ["−240 points", "+3 points"]
    document.changes.undo()
    document.points.add("place point", [[3.0, 1.0]])
    document.points.add("place point", [[4.0, 1.0]])
    assert texts(document) == ["−240 points", "+3 points", "undo: −1 point", "+2 points"]
    document.points.remove("erase", [0])
    document.points.remove("erase", [0, 1])
    assert texts(document)[3:] == ["+2 points", "−3 points"]
