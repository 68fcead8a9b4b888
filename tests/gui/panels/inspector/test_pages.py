"""The inspector's pages: beside each other where there is room, by choice where not, as a person clicks and reads."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton

from gui import theme
from gui.dialogs.formula.dialog import FormulaDialog
from gui.document.changes import Change
from gui.document.probe import ProbePoint
from gui.document.view import PAGES, known_view
from gui.items.formula import FormulaView
from gui.items.latex import number
from gui.items.plane_view import PlaneView
from gui.panels.inspector.figures import WeightFigures
from gui.panels.inspector.formula_page import PartFormulaPage
from gui.panels.inspector.page import Page
from gui.panels.inspector.pages import PAGE_TEXTS, SPACING, arranged, pages_of
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.inspector.plots import PartPlot
from gui.panels.inspector.texts import no_rule
from gui.panels.inspector.unit_map import UnitMap
from gui.panels.inspector.weights import WeightsPage
from gui.widgets.choices import Segments
from model import Dataset, Network
from model.explain.chain_rule import chain_rule
from model.network.parts import Edge, Unit, bias_position, exists, weight_position
from tests.gui.events import settle

LEFT = Qt.MouseButton.LeftButton
WIDTHS = st.integers(100, 600)
PLACE = (2.31, -1.08)


def test_the_document_and_the_inspector_know_the_same_pages():
    assert tuple(PAGE_TEXTS) == PAGES


def test_a_file_brings_the_page_back_and_nothing_unknown():
    assert known_view({"page": "formula"})["page"] == "formula"
    assert "page" not in known_view({"page": "other"})


@given(
    pages=st.lists(st.sampled_from(PAGES), min_size=1, unique=True).map(tuple),
    chosen=st.sampled_from(PAGES),
    widths=st.fixed_dictionaries(dict.fromkeys(PAGES, WIDTHS)),
    room=st.integers(50, 3000),
)
def test_what_is_shown_has_room_and_what_is_not_can_be_chosen(pages, chosen, widths, room):
    arrangement = arranged(pages, chosen, widths, room)

    assert set(pages) == {*arrangement.tabs, *arrangement.shown}
    assert arrangement.tabs
    assert arrangement.shown == tuple(page for page in pages if page in arrangement.shown)
    if len(arrangement.shown) > 1:
        assert sum(widths[page] + SPACING for page in arrangement.shown) - SPACING <= room
    if chosen in pages:
        assert chosen in arrangement.shown
    # Whatever is chosen, the choice is the same and what has room beside it stays.
    for other in arrangement.tabs:
        changed = arranged(pages, other, widths, room)
        assert changed.tabs == arrangement.tabs
        assert set(pages) - set(arrangement.tabs) <= set(changed.shown)


class Hand:
    """Uses the inspector of a window."""

    def __init__(self, window, qtbot):
        self.window, self.qtbot = window, qtbot
        self.panel = window.findChild(InspectorPanel)

    def tab(self, page):
        text = PAGE_TEXTS[page].text
        return next(button for button in self.panel.findChildren(QToolButton) if button.text() == text)

    def choose(self, page):
        assert self.tab(page).isVisible()
        QTest.mouseClick(self.tab(page), LEFT)
        settle()

    def press(self, name):
        QTest.mouseClick(self.panel.findChild(QToolButton, name), LEFT)
        settle()

    def seen(self):
        """Return which pages are seen, from left to right."""
        pages = [*self.panel.findChildren(Page), self.panel.findChild(WeightsPage)]
        pages = [page for page in pages if page.isVisible() and not isinstance(page, WeightFigures)]
        return sorted(pages, key=lambda page: page.mapTo(self.panel, QPoint()).x())

    def texts(self):
        return [label.text() for label in self.panel.findChildren(QLabel) if label.isVisible()]

    def formulas(self):
        view = self.panel.findChild(FormulaView)
        assert view.isVisible()
        self.qtbot.waitUntil(lambda: view.is_ready)
        return view.latex

    def hover(self, place):
        canvas = self.window.findChild(PlaneView, "data_canvas")
        QTest.mouseMove(canvas.viewport(), canvas.from_plane(QPointF(*place)).toPoint())
        settle()


@pytest.fixture
def hand(shared_window, qtbot):
    yield Hand(shared_window, qtbot)
    shared_window.document.probe.release()
    settle()


@pytest.fixture
def sized(hand):
    """Give the shared window another size, and the old one back."""
    before = hand.window.size()

    def resize(width, height):
        hand.window.resize(width, height)
        settle()

    yield resize
    hand.window.resize(before)
    settle()


SELECTIONS = (Unit(0, 1), Unit(1, 2), Unit(2, 0), Unit(3, 1), Edge(1, 2, 3))


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000), (2560, 1440)])
@pytest.mark.parametrize("selection", SELECTIONS)
def test_every_page_can_be_reached_and_nothing_is_cut_off(hand, sized, size, selection):
    sized(*size)
    document = hand.window.document
    document.probe.pin(PLACE)
    document.view.select(selection)
    settle()
    window_size = hand.window.size()
    reached = set()
    for page in pages_of(document.network_settings, selection):
        if hand.tab(page).isVisible():
            hand.choose(page)
        seen = hand.seen()
        reached.update(each.objectName() for each in seen)
        places = [each.mapTo(hand.panel, QPoint()).x() for each in seen]
        ends = [place + each.width() for place, each in zip(places, seen, strict=True)]
        assert all(end < start for end, start in zip(ends, [*places[1:], hand.panel.width()], strict=True))
        for area in hand.panel.findChildren(QScrollArea):
            assert not area.horizontalScrollBar().isVisible()
            assert area.widget().width() <= area.viewport().width() or not area.isVisible()
    assert len(reached) == len(pages_of(document.network_settings, selection))
    assert hand.window.size() == window_size


def test_a_higher_window_has_a_larger_map(hand, sized):
    hand.window.document.view.select(Unit(2, 1))
    hand.window.document.view.set(page="weights")
    sides = []
    for size in ((1280, 720), (1600, 1000), (2560, 1440)):
        sized(*size)
        map_, page = hand.panel.findChild(UnitMap), hand.panel.findChild(WeightsPage)
        assert map_.width() == map_.height()
        (below,) = [label for label in page.findChildren(QLabel) if label.text().startswith("over the plane")]
        assert map_.geometry().bottom() < below.y() <= page.height() - below.height()
        sides.append(map_.width())
    assert sides[0] < sides[1] <= sides[2]


@pytest.mark.parametrize("width", [1280, 1600])
@pytest.mark.parametrize("selection", SELECTIONS)
def test_every_page_that_is_seen_is_marked_in_the_choice(hand, sized, width, selection):
    sized(width, 720)
    document = hand.window.document
    document.view.select(selection)

    def ground(page):
        """Return the colour of a tab between its border and its text."""
        tab = hand.tab(page)
        return tab.parentWidget().grab().toImage().pixelColor(tab.geometry().center().x(), tab.y() + 3)

    names = {"weights": "WeightsPage", "formula": "formula_page", "activation": "activation_plot"}
    names |= {"loss": "output_loss_plot", "along": "loss_along_plot", "course": "course_plot"}
    for chosen in pages_of(document.network_settings, selection):
        tabs = [page for page in PAGES if hand.tab(page).isVisible()]
        if chosen in tabs:
            hand.choose(chosen)
            seen = {each.objectName() or type(each).__name__ for each in hand.seen()}
            marked = [page for page in tabs if ground(page) == theme.current().panel]
            assert marked == [page for page in tabs if names[page] in seen]
            assert chosen in marked


def test_a_chosen_page_stays_from_neuron_to_neuron(hand):
    document = hand.window.document
    hand.choose("formula")
    for selection in SELECTIONS:
        document.view.select(selection)
        settle()
        assert hand.panel.findChild(PartFormulaPage).isVisible()
    hand.choose("weights")
    assert not hand.panel.findChild(PartFormulaPage).isVisible()


def test_what_a_neuron_computes_is_said_with_the_numbers_under_the_mouse(hand):
    document = hand.window.document
    document.view.select(Unit(2, 3))
    hand.choose("formula")
    assert any(text.startswith("Point at the plane, or pin") for text in hand.texts())
    assert hand.formulas()[0] == r"z = \sum_i w_i a_i + b"

    hand.hover((-4.5, -4.5))
    place = document.probe.point.place
    rule = chain_rule(document.displayed.network, place, document.probe.point.label)
    layer = rule.layers[1]
    lines = hand.formulas()
    assert lines[0].endswith(f"= {number(layer.pre_activations[3])}")
    assert lines[1].endswith(f"= {number(layer.activations[3])}")
    assert lines[3].endswith(f"= {number(layer.delta[3])}")
    assert any("x₁ = −4." in text for text in hand.texts())


def test_its_numbers_follow_a_step(hand, answered):
    document = hand.window.document
    document.probe.pin(PLACE)
    document.view.select(Unit(1, 2))
    hand.choose("formula")
    before = hand.formulas()
    document.run.step()
    answered(document)
    settle()

    assert hand.formulas() != before
    rule = chain_rule(document.displayed.network, PLACE, document.probe.point.label)
    assert hand.formulas()[0].endswith(f"= {number(rule.layers[0].pre_activations[2])}")


def test_long_sums_unfold_by_a_click_and_fold_by_another(hand):
    document = hand.window.document
    document.probe.pin(PLACE)
    document.view.select(Unit(2, 0))
    hand.choose("formula")
    folded = hand.formulas()
    assert r"\cdots" in folded[0]

    hand.press("unfold")
    assert r"\cdots" not in " ".join(hand.formulas())
    assert hand.panel.findChild(QToolButton, "unfold").text() == "fewer terms"
    hand.press("unfold")
    assert hand.formulas() == folded


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_whole_formula_is_a_click_away(hand):
    hand.window.document.view.select(Unit(1, 0))
    hand.choose("formula")
    hand.press("whole_formula")

    (dialog,) = hand.window.findChildren(FormulaDialog)
    assert dialog.isVisible()
    dialog.close()


@pytest.mark.parametrize(
    ("change", "selection", "sentence"),
    [
        (lambda document: document.network.set_muted(Unit(1, 2), True), Unit(1, 2), "It is muted"),
        (lambda document: document.network.set_muted(Unit(1, 2), True), Edge(1, 2, 0), "It leads from a muted neuron"),
        (lambda document: document.network.set_pruned(Edge(0, 1, 2), True), Edge(0, 1, 2), "It is pruned"),
        (lambda document: document.network.set_frozen(Edge(0, 1, 2), True), Edge(0, 1, 2), "It is frozen"),
        (lambda document: document.network.set_activation(1, "heaviside"), Unit(1, 0), "A step has no slope"),
        (lambda document: document.network.set_bias("shared"), Unit(1, 0), "w₀ is the bias that all neurons share"),
        (
            lambda document: document.network.set_parameter(0, float("nan")),
            Unit(1, 0),
            "The numbers of the network are",
        ),
    ],
)
def test_what_formulas_do_not_say_by_themselves_is_said(hand, answered, change, selection, sentence):
    document = hand.window.document
    document.probe.pin(PLACE)
    document.view.select(selection)
    hand.choose("formula")
    change(document)
    answered(document)
    settle()

    assert any(text.startswith(sentence) or text == "…" for text in hand.texts())
    assert hand.formulas()


class TestFigures:
    def figures(self, hand):
        names = [label.accessibleName() for label in hand.panel.findChild(WeightFigures).findChildren(QLabel)]
        return dict(name.split(": ") for name in names if name)

    def test_value_gradient_and_next_change_of_a_weight(self, hand, answered):
        document, edge = hand.window.document, Edge(1, 2, 3)
        document.view.select(edge)
        hand.choose("weights")
        position = weight_position(document.network_settings, edge)
        training = document.dataset.subset(test=False)
        before = document.displayed.network.parameters
        gradient = document.displayed.network.gradient(training.points, training.labels)[position]
        shown = self.figures(hand)
        document.run.step()
        answered(document)
        settle()

        update = document.displayed.network.parameters[position] - before[position]
        expected = {"weight": before[position], "∂C/∂w · training": gradient, "next step": update}
        assert shown == {name: f"{value:.3g}".replace("-", "−") for name, value in expected.items()}

    def test_of_a_pinned_point_it_has_the_gradient_of_its_loss(self, hand):
        document, edge = hand.window.document, Edge(0, 1, 3)
        document.view.select(edge)
        hand.choose("weights")
        document.probe.pin(PLACE)
        settle()
        rule = chain_rule(document.displayed.network, PLACE, document.probe.point.label)

        expected = f"{rule.layers[0].weight_gradient[1, 3]:.3g}".replace("-", "−")
        assert self.figures(hand)["∂C/∂w · probe"] == expected

    def test_without_a_training_point_there_is_a_dash(self, hand, answered):
        document = hand.window.document
        document.view.select(Edge(0, 0, 0))
        hand.choose("weights")
        document.points.clear()
        answered(document)
        settle()

        assert (self.figures(hand)["∂C/∂w · training"], self.figures(hand)["next step"]) == ("—", "—")


def test_why_a_point_has_no_numbers_is_said(hand, answered):
    document = hand.window.document
    document.view.select(Unit(3, 1))
    hand.choose("formula")
    document.network.set_parameter(document.network_settings.n_parameters - 1, 2000.0)
    answered(document)
    document.probe.pin(int(np.flatnonzero(document.dataset.labels == 0)[0]))
    settle()
    assert "A factor of the loss's derivative is infinite here." in hand.texts()

    assert hand.formulas()[0] == r"z = \sum_i w_i a_i + b"
    for label, what in ((3, "class D"), (0.5, "a value")):
        assert no_rule(ProbePoint(PLACE, label), document.displayed) == f"The network has no output for {what}."


def test_the_letters_of_the_formulas_are_explained(hand):
    for selection in SELECTIONS:
        hand.window.document.view.select(selection)
        hand.choose("formula")
        assert "the loss of the point" in hand.panel.findChild(FormulaView).toolTip().replace("\n", " ")


@pytest.mark.parametrize("selection", [Unit(2, 5), Edge(1, 2, 5)])
def test_of_a_moment_without_the_part_that_is_said(hand, answered, selection):
    document = hand.window.document
    document.probe.pin(PLACE)
    document.run.step()
    answered(document)
    document.network.insert_unit(2)
    answered(document)
    document.view.select(selection)
    hand.choose("formula")
    assert hand.formulas()
    document.run.look_back(0)
    settle()

    assert not exists(document.displayed.network.settings, selection)
    assert hand.formulas() == ()
    sentence = "The network of this moment has another shape"
    assert any(text.startswith(sentence) for text in hand.texts())
    for plot in hand.panel.findChildren(PartPlot):
        assert not plot.isVisible() or plot.problem.startswith(sentence)
    document.view.set(page="weights")
    settle()
    if isinstance(selection, Edge):
        values = [label.text() for label in hand.panel.findChild(WeightFigures).findChildren(QLabel)]
        assert values.count("—") == 3


def test_hidden_pages_compute_nothing(hand, answered, monkeypatch):
    asked = []
    for kind in {type(page) for page in hand.panel.findChildren(Page)}:
        monkeypatch.setattr(kind, "renew", lambda self: asked.append(type(self)))
    document = hand.window.document
    document.view.select(Unit(1, 1))
    hand.choose("weights")
    seen = {type(page) for page in hand.seen()} - {WeightsPage}
    asked.clear()
    document.run.step()
    answered(document)
    settle()

    assert set(asked) == seen


def test_a_large_network_s_page_is_quick_and_as_high_as_before(hand, answered):
    document = hand.window.document
    document.changes.perform("large", Change(restart=Network([2, *[64] * 10, 3])))
    answered(document)
    document.probe.pin(PLACE)
    document.view.select(Unit(5, 3))
    hand.choose("formula")
    size = hand.window.size()

    assert len(hand.formulas()) == 9
    assert hand.window.size() == size


def _only_tests(document):
    dataset = document.dataset
    document.points.set_data("Only test points", replace(dataset, is_test=np.ones(len(dataset), dtype=bool)))


def _one_class(document):
    document.points.set_data("One class", Dataset([[1.0, 2.0], [2.0, 1.0]], [1, 1], n_classes=3))


def _all_steps(document):
    for layer in (1, 2):
        document.network.set_activation(layer, "heaviside")


def _all_muted(document):
    for unit in (Unit(0, 0), Unit(0, 1), *(Unit(1, index) for index in range(6))):
        document.network.set_muted(unit, True)


ODD = {
    "no points": lambda document: document.points.clear(),
    "only test points": _only_tests,
    "one class": _one_class,
    "values": lambda document: document.points.set_kind("values"),
    "curve": lambda document: document.points.set_kind("curve"),
    "steps": _all_steps,
    "muted": _all_muted,
    "no bias": lambda document: document.network.set_bias("none"),
    "infinite": lambda document: document.network.set_parameter(0, float("inf")),
    "huge": lambda document: document.network.set_parameter(0, 1e300),
    "one output": lambda document: document.network.set_output("sigmoid", single_unit=True),
}


@pytest.mark.parametrize("is_pinned", [False, True])
@pytest.mark.parametrize("odd", ODD)
def test_every_page_of_every_part_shows_something_or_says_why_not(hand, answered, odd, is_pinned):
    document = hand.window.document
    ODD[odd](document)
    answered(document)
    if is_pinned:
        document.probe.pin(PLACE)
    first_inputs = Unit(0, document.network_settings.layer_sizes[0] - 1)
    for selection in (first_inputs, Unit(1, 2), Unit(3, 0), Edge(1, 2, 3)):
        document.view.select(selection)
        for page in pages_of(document.network_settings, selection):
            document.view.set(page=page)
            settle()
            for plot in hand.panel.findChildren(PartPlot):
                picture = plot.grab().toImage()
                assert not plot.isVisible() or picture != blank(picture)
                assert not plot.problem or plot.problem.endswith(".")
        document.view.set(page="formula")
        settle()
        formulas = " ".join(hand.formulas())
        assert formulas
        assert not re.search("nan|inf", formulas)


def blank(picture):
    image = picture.copy()
    image.fill(picture.pixelColor(0, 0))
    return image


def test_the_choice_of_a_page_stands_behind_the_title_whatever_size_the_window_had_before(hand, sized):
    panel = hand.panel
    hand.window.document.view.select(Unit(1, 2))
    for size in ((1600, 1000), (1280, 720), (1600, 1000)):
        sized(*size)
        tabs = panel.findChild(Segments)
        title, choice = panel.title.geometry(), tabs.geometry()
        if choice.top() < title.bottom():
            assert title.right() < choice.left()
    assert choice.top() < title.bottom()


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_nothing_moves_when_a_neuron_dies_or_recovers(hand, sized, answered, size):
    sized(*size)
    document = hand.window.document
    network = Network([2, 6, document.dataset.n_classes], "relu", seed=1)
    document.changes.perform("shape", Change(restart=network))
    document.view.select(Unit(1, 2))
    answered(document)
    settle()

    def places():
        parts = [hand.panel.title, hand.panel.findChild(Segments), *hand.panel.findChildren(QToolButton)]
        parts += [hand.panel.findChild(UnitMap), *hand.seen()]
        return [(part.mapTo(hand.panel, QPoint()), part.size()) for part in parts if part.isVisible()]

    before, header = places(), hand.panel.grab(QRect(0, 0, 200, 40)).toImage()
    for bias in (-90.0, 0.0):
        document.network.set_parameter(bias_position(network.settings, Unit(1, 2)), bias)
        answered(document)
        settle()
        assert (hand.panel.grab(QRect(0, 0, 200, 40)).toImage() != header) == (bias < 0.0)
        assert places() == before
