"""What the edges show, as a person chooses it in the header of the network's card."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from gui.document.view import EDGES, known_view
from gui.items import pixmaps
from gui.items.diagram_texts import describe_number
from gui.items.edge_numbers import EDGE_KINDS, EdgeNumbers, LayerSize
from gui.panels.network.layer_header import LayerHeader
from gui.panels.network.panel import NetworkPanel, NetworkView
from model.network.parts import Edge, Unit, weight_position
from model.run.numbers import MomentNumbers
from tests.gui.events import settle

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, probed, actions, show):
    parts = document.run, document.changes, document.network, document.learning, document.view
    return show(NetworkPanel(*parts, document.probe, probed, actions), 800, 540)


def choose(panel, name):
    text = EDGE_KINDS[name].text
    button = next(button for button in panel.findChildren(QToolButton) if button.text() == text)
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)
    settle()


def shown(panel):
    return panel.findChild(EdgeNumbers).shown


def step(document, qtbot):
    before = document.run.displayed.step
    document.run.step()
    qtbot.waitUntil(lambda: document.run.displayed.step == before + 1)
    settle()


def test_the_document_and_the_diagram_know_the_same_kinds():
    assert tuple(EDGE_KINDS) == EDGES


def test_gradients_are_those_of_the_loss_over_all_training_points(panel, document, qtbot):
    choose(panel, "gradients")
    for _ in range(3):
        step(document, qtbot)
        snapshot = document.run.displayed
        training = snapshot.moment.dataset.subset(test=False)

        gradient = snapshot.network.gradient(training.points, training.labels)
        np.testing.assert_array_equal(shown(panel).network.parameters, gradient)
        assert shown(panel).limit >= np.abs(gradient).max() > shown(panel).limit / 2


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "coordinate", "random_search"])
def test_updates_are_what_the_next_step_changes(optimizer, panel, document, qtbot):
    document.learning.set_training(optimizer=optimizer)
    choose(panel, "updates")
    qtbot.waitUntil(lambda: document.run.displayed.moment.training.optimizer == optimizer)
    settle()
    for _ in range(4):
        before, expected = document.run.displayed.network.parameters, shown(panel).network.parameters
        step(document, qtbot)
        np.testing.assert_array_equal(document.run.displayed.network.parameters - before, expected)


def test_each_kind_is_seen_and_the_weights_come_back(panel, document, qtbot):
    step(document, qtbot)
    view = panel.findChild(NetworkView)
    pictures = []
    for name in (*EDGE_KINDS, "weights"):
        choose(panel, name)
        pictures.append(view.grab().toImage())

    assert pictures[3] == pictures[0]
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_the_number_of_an_edge_and_of_a_bias_is_told_beside_its_value(panel, document, qtbot):
    step(document, qtbot)
    choose(panel, "gradients")
    numbers, edge = shown(panel), Edge(1, 2, 3)
    value = numbers.network.parameters[weight_position(numbers.network.settings, edge)]
    bias = numbers.network.biases[0][4]

    assert describe_number(numbers, edge) == f"   ∂C/∂w = {value:.3g}".replace("-", "−")
    assert describe_number(numbers, Unit(1, 4)) == f"   ∂C/∂b = {bias:.3g}".replace("-", "−")
    assert describe_number(numbers, Unit(0, 0)) == ""


def test_a_moment_of_the_past_shows_its_own_gradients(panel, document, qtbot):
    choose(panel, "gradients")
    settle()
    first = shown(panel).network.parameters.copy()
    for _ in range(4):
        step(document, qtbot)
    assert not np.array_equal(shown(panel).network.parameters, first)

    document.run.look_back(0)
    settle()
    np.testing.assert_array_equal(shown(panel).network.parameters, first)


def test_without_a_training_point_all_are_0(panel, document, qtbot):
    document.points.clear()
    qtbot.waitUntil(lambda: len(document.run.displayed.moment.dataset) == 0)
    for name in ("gradients", "updates"):
        choose(panel, name)
        assert not shown(panel).network.parameters.any()


def test_of_a_network_of_another_shape_nothing_old_is_shown(panel, document, qtbot):
    choose(panel, "gradients")
    document.network.insert_unit(1)
    qtbot.waitUntil(lambda: document.run.displayed.network.settings == document.changes.network_settings)
    settle()

    assert shown(panel).network.settings == document.run.displayed.network.settings


def test_weights_cost_nothing(panel, document, qtbot, monkeypatch):
    asked = []
    for name in ("gradient", "next_step"):
        monkeypatch.setattr(MomentNumbers, name, property(asked.append))
    step(document, qtbot)
    assert asked == []


def test_a_file_brings_it_back_and_nothing_unknown():
    assert known_view({"edges": "updates"})["edges"] == "updates"
    assert "edges" not in known_view({"edges": "other"})
    assert "edges" not in known_view({"edges": ["weights"]})


class TestAtProbe:
    """With a pinned probe gradients are those of its loss, and everything that shows them says so."""

    @pytest.fixture
    def said(self, panel, monkeypatch):
        """Return what legend and headers say of the gradients."""

        class Painter(QPainter):
            def drawText(self, *arguments):
                texts.extend(one for one in arguments if isinstance(one, str))
                super().drawText(*arguments)

        texts = []
        # The legend is drawn on a picture of its own.
        monkeypatch.setattr(pixmaps, "QPainter", Painter)

        def read():
            settle()
            panel.findChild(NetworkView).grab()
            tips = [
                label.toolTip().replace("\n", " ")
                for label in panel.findChildren(QLabel)
                if label.text().startswith("⌀")
            ]
            assert tips
            legend = [text for text in texts if text.startswith("≥")][-1]
            assert "gradients" in legend
            answer = "of the loss at the probe" in legend
            assert {answer} == {"of the loss at the probe" in tip for tip in tips}
            return answer

        return read

    def test_a_pinned_probe_gives_the_gradient_and_a_hovered_one_does_not(self, panel, document, said, qtbot):
        step(document, qtbot)
        choose(panel, "gradients")
        of_training = shown(panel).network.parameters
        document.view.set_cursor((1.0, 2.0))
        assert not said()
        for place in (7, (1.0, 2.0)):
            document.probe.pin(place)
            assert said()
            point = document.probe.pinned
            gradient = document.displayed.network.gradient([point.place], [point.label])
            np.testing.assert_array_equal(shown(panel).network.parameters, gradient)
        document.probe.release()
        assert not said()
        np.testing.assert_array_equal(shown(panel).network.parameters, of_training)

    def test_it_follows_training_and_another_class_for_new_points(self, panel, document, said, qtbot):
        choose(panel, "gradients")
        document.probe.pin((1.0, 2.0))
        seen = []
        for class_index in (0, 1):
            document.view.set(current_class=class_index)
            step(document, qtbot)
            assert said()
            gradient = document.displayed.network.gradient([(1.0, 2.0)], [class_index])
            np.testing.assert_array_equal(shown(panel).network.parameters, gradient)
            seen.append(gradient)
        assert not np.array_equal(*seen)

    @pytest.mark.parametrize("kind", ["values", "curve"])
    def test_where_the_moment_has_no_output_for_it_they_are_of_the_training_points(
        self, panel, document, said, qtbot, kind
    ):
        step(document, qtbot)
        document.points.set_kind(kind)
        qtbot.waitUntil(lambda: document.displayed.is_regression)
        choose(panel, "gradients")
        document.probe.pin(3)
        assert said()
        document.run.look_back(0)
        assert not said()
        assert shown(panel).network.parameters.any()

    def test_without_training_points_the_probe_still_has_one(self, panel, document, said, qtbot):
        document.points.clear()
        qtbot.waitUntil(lambda: len(document.run.displayed.moment.dataset) == 0)
        choose(panel, "gradients")
        document.probe.pin((1.0, 2.0))
        assert said()
        assert shown(panel).network.parameters.any()

    def test_updates_stay_those_of_the_next_step(self, panel, document):
        choose(panel, "updates")
        before = shown(panel).network.parameters
        document.probe.pin((1.0, 2.0))
        settle()
        np.testing.assert_array_equal(shown(panel).network.parameters, before)


class TestLayerSizes:
    def headers(self, panel):
        labels = [label for header in panel.findChildren(LayerHeader) for label in header.findChildren(QLabel)]
        return [label for label in labels if label.isVisible() and label.text().startswith("⌀")]

    def test_each_layer_tells_the_mean_size_of_its_gradient(self, panel, document, qtbot):
        step(document, qtbot)
        assert self.headers(panel) == []
        choose(panel, "gradients")
        weights = shown(panel).network.weights

        labels = self.headers(panel)
        assert len(labels) == len(weights)
        for label, gradient in zip(
            sorted(labels, key=lambda label: label.mapTo(panel, QPoint()).x()), weights, strict=True
        ):
            assert float(label.text().removeprefix("⌀ ").replace("−", "-")) == pytest.approx(
                np.abs(gradient).mean(), rel=0.06
            )
            header = label.parentWidget()
            assert header.rect().contains(label.geometry())
            assert header.geometry().bottom() <= panel.findChild(NetworkView).diagram.layout.area.top()

        choose(panel, "weights")
        assert self.headers(panel) == []

    def test_a_deep_network_of_sigmoids_is_told_why_it_does_not_learn(self, panel, document, qtbot):
        for _ in range(6):
            document.network.insert_layer()
        for layer in range(1, document.changes.network_settings.n_hidden_layers + 1):
            document.network.set_activation(layer, "sigmoid")
        qtbot.waitUntil(lambda: document.run.displayed.network.settings == document.changes.network_settings)
        panel.resize(1500, 540)
        choose(panel, "gradients")

        first = min(self.headers(panel), key=lambda label: label.mapTo(panel, QPoint()).x())
        assert first.text().endswith("vanishing")
        assert "learns next to nothing" in first.toolTip().replace("\n", " ")

    @pytest.mark.parametrize("width", [646, 905, 1500])
    def test_no_layer_s_figure_lies_on_another_s(self, width, panel, document, qtbot):
        for _ in range(7):
            document.network.insert_layer()
        for layer in range(1, document.changes.network_settings.n_hidden_layers + 1):
            document.network.set_activation(layer, "sigmoid")
        qtbot.waitUntil(lambda: document.run.displayed.network.settings == document.changes.network_settings)
        panel.resize(width, 540)
        choose(panel, "gradients") if width > 700 else document.view.set(edges="gradients")
        settle()

        labels = sorted(self.headers(panel), key=lambda label: label.mapTo(panel, QPoint()).x())
        assert sum("\nvan" in label.text() for label in labels) > 2 or width > 1000
        assert all(
            "learns next to nothing" in label.toolTip().replace("\n", " ") for label in labels if "van" in label.text()
        )
        middles = [label.mapTo(panel, label.rect().center()).x() for label in labels]
        widths = [max(map(label.fontMetrics().horizontalAdvance, label.text().split("\n"))) for label in labels]
        for (first, first_width), (second, second_width) in pairwise(zip(middles, widths, strict=True)):
            assert first + first_width / 2 < second - second_width / 2
        for label in labels:
            assert label.parentWidget().rect().contains(label.geometry())
            assert label.sizeHint().height() <= label.height()

    def test_headers_are_placed_again_only_when_one_has_another_size(self, panel, document, qtbot, monkeypatch):
        step(document, qtbot)
        choose(panel, "gradients")
        placed = []
        synchronize = LayerHeader.synchronize
        monkeypatch.setattr(LayerHeader, "synchronize", lambda *args: (placed.append(args), synchronize(*args)))
        headers = panel.findChildren(LayerHeader)
        for _ in range(5):
            widths = [header.sizeHint().width() for header in headers]
            placed.clear()
            step(document, qtbot)
            assert bool(placed) == (widths != [header.sizeHint().width() for header in headers])
            assert [header.width() for header in headers] == [header.sizeHint().width() for header in headers]
        headers[1].show_size(LayerSize(1e-30, 1.0), "the training loss")
        panel.findChild(EdgeNumbers).changed.emit()
        settle()
        assert all(header.width() == header.sizeHint().width() for header in headers)

    @pytest.mark.parametrize(
        ("mean", "others", "mark"),
        [
            (1.0, 1.0, ""),
            (0.011, 1.0, ""),
            (0.009, 1.0, "vanishing"),
            (101.0, 1.0, "exploding"),
            (0.0, 1.0, "vanishing"),
            (0.0, 0.0, ""),
        ],
    )
    def test_far_is_a_hundred_times(self, mean, others, mark):
        size = LayerSize(mean, others)
        assert size.mark == mark
        assert bool(size.sentence) == bool(mark)


def test_a_header_s_new_figure_has_no_diagram_drawn(panel, document, qtbot, monkeypatch):
    step(document, qtbot)
    choose(panel, "gradients")
    view = panel.findChild(NetworkView)
    painted = []
    original = view.diagram.paint
    monkeypatch.setattr(view.diagram, "paint", lambda *args, **kwargs: painted.append(1) or original(*args, **kwargs))
    view.findChildren(LayerHeader)[1].update()
    settle()
    assert painted == []

    view.update()
    qtbot.waitUntil(lambda: painted == [1])


@pytest.mark.parametrize("kind", ["gradients", "updates"])
def test_a_hidden_diagram_has_nothing_computed_and_is_right_when_it_is_seen(kind, panel, document, qtbot, monkeypatch):
    choose(panel, kind)
    asked = []
    name = {"gradients": "gradient", "updates": "update"}[kind]
    original = getattr(MomentNumbers, name)
    noting = property(lambda numbers: asked.append(1) or original.__get__(numbers))
    monkeypatch.setattr(MomentNumbers, name, noting)
    panel.hide()
    step(document, qtbot)
    document.probe.pin((1.0, 1.0))
    document.probe.release()
    settle()
    assert asked == []

    panel.show()
    settle()
    assert asked
    np.testing.assert_array_equal(shown(panel).network.parameters, getattr(document.run.numbers, name))
