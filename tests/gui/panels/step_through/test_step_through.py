"""The step-through in the window: opened, walked through and applied by mouse and keys."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from gui.document.changes import Change
from gui.items.formula import FormulaView
from gui.items.plane_view import PlaneView
from gui.panels.network.panel import NetworkView
from gui.panels.step_through import panel as panel_module
from gui.panels.step_through.panel import StepThroughPanel
from gui.panels.step_through.progress import ProgressLine
from model import Dataset, NetworkSettings, TrainingSettings
from model.data.naming import Axis
from model.data.problems import PROBLEMS
from model.data.wording import amount_text
from model.network.parts import Edge, Unit
from model.run.curve import LossCurve
from model.run.history import History
from model.run.run import Run, TrainedRun, trainer_at
from model.run.step import next_step
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import Schedule
from model.training.settings import Setup
from model.walk.pages import Lit
from tests.moments import cases, setup_of

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
FIRST = Setup(
    Dataset(np.random.default_rng(1).uniform(-4, 4, (30, 2)), np.arange(30) % 3, np.arange(30) % 4 == 0),
    NetworkSettings((2, 4, 3, 3), ("tanh", "relu"), seed=3),
    TrainingSettings(batch_size=5, learning_rate=0.1),
)


@pytest.fixture
def window(shared_window, answered):
    shared_window.document.probe.release()
    yield shared_window
    shared_window.document.probe.release()
    shared_window.show_panel("Step Through", False)
    answered(shared_window.document)
    QApplication.processEvents()


@pytest.fixture
def document(window):
    return window.document


@pytest.fixture
def begin(document, answered, qtbot):
    """Begin a run of a setup, and take some steps."""

    def begin_run(setup, steps=0):
        document.changes.apply(begin_change(setup))
        for number in range(1, steps + 1):
            document.run.step()
            qtbot.waitUntil(lambda number=number: document.run.step_count == number)
        answered(document)

    return begin_run


def begin_change(setup):
    history = History()
    history.append(Run(setup).moment())
    return Change(branch=TrainedRun(history, LossCurve()))


def panel_of(window):
    return window.findChild(StepThroughPanel)


def opened(window):
    QTest.keyClick(window, Qt.Key.Key_T, CTRL)
    panel = panel_of(window)
    assert panel.isVisible()
    return panel


def button(panel, name):
    return panel.findChild(QToolButton, f"walk_{name}")


def click(widget, position=None):
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, position or QPoint())


def segment(panel, text):
    (found,) = [own for own in panel.findChildren(QToolButton) if own.text() == text]
    return found


def line_of(panel):
    return panel.findChild(ProgressLine)


def present(panel):
    return line_of(panel).accessibleDescription()


def filled(qtbot, panel):
    """Wait until every formula of the page is in view, and return the views."""
    qtbot.waitUntil(lambda: not panel._filling.isActive() and all(view.is_ready for view in shown_views(panel)))
    return shown_views(panel)


def shown_views(panel):
    return [view for view in panel.findChildren(FormulaView) if view.isVisible()]


def texts(panel):
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_it_takes_the_place_of_the_inspector_and_gives_it_back(window, document):
    inspector, splitter = window._panels["Inspector"], window.splitters["middle"]
    document.view.select(Edge(0, 1, 2))
    sizes = splitter.sizes()
    document.run.set_playing(True)

    panel = opened(window)

    assert not document.run.playing
    assert not inspector.isVisible()
    assert document.view.lit is not None
    click(button(panel, "close"))
    assert inspector.isVisible()
    assert not panel.isVisible()
    assert splitter.sizes() == sizes
    assert document.view.lit is None
    assert document.view.selection == Edge(0, 1, 2)


def test_escape_closes_it_and_then_lets_the_selection_go(window, document):
    opened(window)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not panel_of(window).isVisible()
    assert document.view.selection == Unit(1, 0)

    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert document.view.selection is None


def test_the_menu_the_key_and_the_toolbar_open_and_close_it(window):
    action = window.findChild(QAction, "step_through")
    (tool,) = [own for own in window.findChildren(QToolButton) if own.defaultAction() is action]
    window.resize(1500, 800)
    QApplication.processEvents()
    click(tool)
    assert panel_of(window).isVisible()
    assert action.isChecked()
    QTest.keyClick(window, Qt.Key.Key_T, CTRL)
    assert not panel_of(window).isVisible()
    assert not action.isChecked()
    window.resize(1280, 800)


def test_the_inspector_s_own_key_brings_it_back(window):
    panel = opened(window)
    QTest.keyClick(window, Qt.Key.Key_3, CTRL)
    assert not panel.isVisible()
    assert window.is_panel_shown("Inspector")


def test_it_is_gone_and_the_inspector_is_there_in_the_next_window(make_window, answered):
    first = make_window()
    opened(first)
    first.files.forget_changes()
    first.close()
    assert QSettings().value("layout/show_Inspector") == "true"
    second = make_window()
    assert second.is_panel_shown("Inspector")
    assert not panel_of(second).isVisible()
    answered(second.document)
    QApplication.processEvents()


def test_next_and_back_turn_the_pages_and_move_the_light(window, document, begin, qtbot):
    begin(FIRST, steps=4)
    panel = opened(window)
    points = tuple(next_step(document.displayed.moment).points.tolist())
    expected = [
        (Lit(frozenset({0}), frozenset(), points), "Points"),
        (Lit(frozenset({0, 1}), frozenset({0}), points), "Forward: hidden 1"),
        (Lit(frozenset({1, 2}), frozenset({1}), points), "Forward: hidden 2"),
    ]
    for number, (lit, _) in enumerate(expected):
        assert document.view.lit == lit
        assert present(panel).startswith(f"Page {number + 1} of 11")
        click(button(panel, "next"))
    click(button(panel, "back"))
    click(button(panel, "back"))
    assert document.view.lit == expected[1][0]
    assert expected[1][1] in present(panel)
    assert filled(qtbot, panel)


def test_the_rest_of_the_diagram_steps_back(window, document, begin):
    begin(FIRST, steps=4)
    view = window.findChild(NetworkView)

    def colour_of(unit):
        rect = view.diagram.layout.rect(unit)
        return view.grab().toImage().pixelColor((rect.center() - QPointF(rect.width() / 3, 0)).toPoint())

    panel = opened(window)
    window.splitters["middle"].setSizes([300, 0, 300])
    QApplication.processEvents()
    lit = colour_of(Unit(0, 0))
    for _ in range(4):
        click(button(panel, "next"))
    assert "loss" in present(panel)
    faded = colour_of(Unit(0, 0))
    assert faded.lightness() > lit.lightness() + 30


def test_a_click_on_a_dot_opens_its_page(window, begin):
    begin(FIRST)
    panel = opened(window)
    line = line_of(panel)
    for number in (10, 3, 0, 7):
        click(line, line.place_of(number).toPoint())
        assert present(panel).startswith(f"Page {number + 1} of")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Left)
    assert present(panel).startswith("Page 7 of")
    QTest.keyClick(line, Qt.Key.Key_End)
    assert present(panel).startswith("Page 11 of")
    assert not button(panel, "next").isEnabled()


def test_pages_play_to_the_last_and_stop(window, begin, qtbot, monkeypatch):
    begin(FIRST)
    panel = opened(window)
    monkeypatch.setattr(panel._timer, "interval", lambda: 20)
    panel._timer.setInterval(20)
    click(button(panel, "play"))
    assert button(panel, "play").text() == "Pause"
    qtbot.waitUntil(lambda: present(panel).startswith("Page 11 of"))
    qtbot.waitUntil(lambda: button(panel, "play").text() == "Play")
    assert not panel._timer.isActive()
    panel._timer.setInterval(panel_module._PAGE_MS)


CHOICES = [
    *[{"optimizer": name} for name in OPTIMIZERS],
    {"batch_order": "sequential", "regularization": "l2", "regularization_rate": 0.01},
    {"batch_order": "with_replacement", "regularization": "l1", "regularization_rate": 0.01, "clip_norm": 0.05},
    {"optimizer": "adam", "dropout": 0.4, "reduction": "sum", "schedule": Schedule("cosine", 20, 0.1)},
    {"optimizer": "rmsprop", "batch_size": None, "patience": 2, "dropout": (0.2, 0.5)},
]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_apply_is_the_step_that_step_would_take_to_the_bit(window, document, begin, qtbot, answered, choice):
    begin(replace(FIRST, training=replace(FIRST.training, **choice)), steps=7)
    moment = document.run.present()
    trainer = trainer_at(moment)
    trainer.resume()
    trainer.run_steps(1)
    panel = opened(window)
    while button(panel, "next").isEnabled():
        click(button(panel, "next"))
    answered(document)
    assert document.run.step_count == moment.step
    np.testing.assert_array_equal(document.displayed.network.parameters, moment.checkpoint.parameters)

    click(button(panel, "apply"))
    qtbot.waitUntil(lambda: document.displayed.step == moment.step + 1)

    np.testing.assert_array_equal(document.displayed.network.parameters, trainer.network.parameters)
    qtbot.waitUntil(lambda: present(panel).startswith("Page 1 of"))
    first = f"Step {moment.step + 2:,}" if choice.get("optimizer") != "random_search" else "Random search"
    qtbot.waitUntil(lambda: first in texts(panel))


def test_while_nothing_changes_the_page_stays_and_after_a_change_it_is_made_anew(window, document, begin, answered):
    begin(FIRST, steps=3)
    panel = opened(window)
    click(button(panel, "next"))
    page = panel._page
    document.view.hover(Unit(1, 1))
    answered(document)
    document.view.hover(None)
    answered(document)
    assert panel._page is page

    QTest.keyClick(window, Qt.Key.Key_Right)
    answered(document)
    QApplication.processEvents()
    assert panel._page is not page
    assert "hidden 1" in present(panel)
    page = panel._page
    document.network.set_parameter(0, 2.5)
    answered(document)
    QApplication.processEvents()
    assert panel._page is not page
    assert 2.5 in panel._page.blocks[0].lines[1][1]


def test_a_past_moment_is_walked_through_but_not_applied(window, document, begin, answered):
    begin(FIRST, steps=9)
    panel = opened(window)
    document.run.look_back(2)
    QApplication.processEvents()
    past = document.displayed.moment
    assert f"Step {past.step + 1:,}" in texts(panel)
    assert not button(panel, "apply").isEnabled()
    assert "past" in button(panel, "apply").toolTip()

    document.run.look_at_present()
    QApplication.processEvents()
    assert "Step 10" in texts(panel)
    assert button(panel, "apply").isEnabled()


def test_while_training_runs_it_follows_and_cannot_be_applied(window, document, begin, qtbot):
    begin(FIRST)
    panel = opened(window)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert document.run.playing
    assert not button(panel, "apply").isEnabled()
    qtbot.waitUntil(lambda: document.displayed.step > 20)
    qtbot.waitUntil(lambda: "Step 1 " not in texts(panel))
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: f"Step {document.run.step_count + 1:,}" in texts(panel))
    assert button(panel, "apply").isEnabled()


def test_a_pinned_point_is_taken_through_the_step(window, document, begin, qtbot):
    begin(FIRST, steps=2)
    panel = opened(window)
    click(segment(panel, "Probe point"))
    assert "No point is pinned" in texts(panel)

    document.probe.pin(4)
    qtbot.waitUntil(lambda: "of class B" in texts(panel))
    x, y = document.dataset.points[4]
    for value in (x, y):
        assert amount_text(Axis(), value, 4) in texts(panel)
    assert document.view.lit.points == (4,)
    for _ in range(5):
        click(button(panel, "next"))
    filled(qtbot, panel)
    assert "Jacobian matrix of softmax" in texts(panel)
    document.probe.pin(5)
    qtbot.waitUntil(lambda: document.view.lit.points == (5,))
    assert "Backward: output" in present(panel)
    click(segment(panel, "Batch"))
    assert len(document.view.lit.points) == 5


def test_without_a_pinned_point_there_is_nothing_to_turn_or_play_and_the_buttons_say_so(window, document, begin):
    begin(FIRST)
    panel = opened(window)
    turning = [button(panel, name) for name in ("play", "next")]
    tips = [own.toolTip() for own in turning]
    click(turning[0])
    click(segment(panel, "Probe point"))
    for own in turning:
        assert not own.isEnabled()
        assert "pinned" in own.toolTip()
    assert not turning[0].isChecked()
    assert turning[0].text() == "Play"
    assert "next batch" in button(panel, "apply").toolTip()

    document.probe.pin(4)
    QApplication.processEvents()
    assert all(own.isEnabled() for own in turning)
    assert [own.toolTip() for own in turning] == tips
    assert "next batch" in button(panel, "apply").toolTip()
    click(segment(panel, "Batch"))
    assert "batch" not in button(panel, "apply").toolTip()


def test_a_point_is_pinned_with_the_probe_while_it_is_open(window, document, begin, hand_on, qtbot):
    begin(FIRST)
    panel = opened(window)
    click(segment(panel, "Probe point"))
    QTest.keyClick(window, Qt.Key.Key_I)
    x, y = document.dataset.points[7]
    hand_on(window.findChild(PlaneView, "data_canvas")).click(x, y)
    qtbot.waitUntil(lambda: "of class B" in texts(panel))
    assert document.view.lit.points == (7,)
    document.view.set(tool="point")


def test_while_it_is_hidden_nothing_is_computed(window, document, begin, answered, monkeypatch):
    calls = []
    monkeypatch.setattr("model.run.numbers.next_step", calls.append)
    begin(FIRST, steps=5)
    document.view.select(None)
    calls.clear()
    for _ in range(3):
        document.run.step()
        answered(document)
    assert not calls
    assert document.view.lit is None


def formulas(window, panel, qtbot):
    """Walk through all pages, and return the problems of their formulas."""
    problems = []
    while True:
        filled(qtbot, panel)
        for view in shown_views(panel):
            rows = [row for line in view._lines for row in line.rows]
            problems += [f"{present(panel)}: {view.latex}" for row in rows if not row.picture.is_typeset]
            right = max((row.place.x() + row.picture.size.width() for row in rows), default=0.0)
            if right > view.width():
                problems.append(f"{present(panel)}: {right} > {view.width()}: {view.latex}")
        assert panel._scroll.horizontalScrollBar().maximum() == 0
        if not button(panel, "next").isEnabled():
            return problems
        click(button(panel, "next"))


@pytest.mark.parametrize("case", list(cases())[::23], ids=str)
def test_every_page_is_typeset_and_fits_in_the_smallest_usual_window(window, document, begin, qtbot, case):
    window.resize(1280, 720)
    begin(setup_of(case, 3), steps=3)
    document.probe.pin((1.25, -2.5))
    panel = opened(window)
    assert formulas(window, panel, qtbot) == []
    click(segment(panel, "Probe point"))
    click(line_of(panel), line_of(panel).place_of(0).toPoint())
    assert formulas(window, panel, qtbot) == []
    assert (window.width(), window.height()) == (1280, 720)


def test_a_large_network_with_a_large_batch_keeps_the_window_s_size(window, document, begin, qtbot):
    window.resize(1280, 720)
    generator = np.random.default_rng(0)
    data = Dataset(generator.uniform(-4, 4, (1200, 2)), np.arange(1200) % 3)
    network = NetworkSettings((2, *[64] * 10, 3), ("tanh",) * 10)
    begin(Setup(data, network, TrainingSettings(batch_size=1000, optimizer="adam")))
    panel = opened(window)
    line = line_of(panel)
    for number in (0, 5, 11, 12, 20, 24, 25, 26):
        click(line, line.place_of(number).toPoint())
        assert present(panel).startswith(f"Page {number + 1} of 27")
        filled(qtbot, panel)
        assert panel._scroll.horizontalScrollBar().maximum() == 0
    assert (window.width(), window.height()) == (1280, 720)


def test_without_a_training_point_it_says_so(window, document, begin):
    begin(replace(FIRST, dataset=Dataset(np.zeros((0, 2)), np.zeros(0, dtype=int), n_classes=3)))
    panel = opened(window)
    assert "no training point" in texts(panel)
    assert not button(panel, "apply").isEnabled()
    assert "no training point" in button(panel, "apply").toolTip()
    document.probe.pin((1.0, 1.0))
    click(segment(panel, "Probe point"))
    assert "as if a point of class A were there" in texts(panel)


@pytest.mark.parametrize("kind", ["values", "curve"])
def test_a_regression_is_walked_through(window, document, begin, qtbot, kind):
    features = PROBLEMS[kind].raw_features
    one_output = NetworkSettings((len(features), 3, 1), ("heaviside",), "linear", features=features)
    begin(Setup(FIRST.dataset.as_kind(kind), one_output, TrainingSettings(loss="squared_error", batch_size=5)))
    panel = opened(window)
    assert formulas(window, panel, qtbot) == []
    document.probe.pin(3)
    click(segment(panel, "Probe point"))
    assert formulas(window, panel, qtbot) == []
    click(line_of(panel), line_of(panel).place_of(0).toPoint())
    assert "with the target" in texts(panel)


def test_one_class_alone_is_walked_through(window, document, begin, qtbot):
    alone = Dataset(FIRST.dataset.points, np.zeros(30, dtype=int), n_classes=2)
    begin(Setup(alone, NetworkSettings((2, 3, 2), ("sigmoid",)), TrainingSettings(batch_size=5)))
    panel = opened(window)
    assert formulas(window, panel, qtbot) == []


def test_numbers_that_are_not_finite_are_a_sentence(window, document, begin, answered):
    begin(FIRST)
    panel = opened(window)
    click(button(panel, "next"))
    document.network.set_parameter(2, 1e308)
    document.network.set_parameter(6, 1e308)
    answered(document)
    QApplication.processEvents()
    assert "infinite or not defined" in texts(panel)


def test_keys_turn_the_pages_while_it_is_open(window, begin):
    begin(FIRST)
    panel = opened(window)
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Period)
    assert present(panel).startswith("Page 4 of")
    QTest.keyClick(window, Qt.Key.Key_Comma)
    assert present(panel).startswith("Page 3 of")


def test_no_button_is_cut_off_however_narrow_it_is(window, begin):
    begin(FIRST)
    panel = opened(window)
    across = window.splitters["across"]
    sizes = across.sizes()
    titles = []
    for width in (900, 620, 560, 500, 440, 400, 340):
        across.setSizes([300, width, 1280 - 300 - width])
        QApplication.processEvents()
        for own in panel.findChildren(QToolButton):
            if own.isVisible():
                assert own.width() >= own.sizeHint().width(), f"{own.text()} at {panel.width()}"
        titles.append(panel.title.isVisible())
    assert panel.width() < 360
    assert False in titles
    across.setSizes(sizes)


@pytest.mark.parametrize("width", [1280, 1440, 1600])
def test_in_a_usual_window_its_title_is_there_and_nothing_of_the_header_is_cut(window, width):
    window.resize(width, 800)
    QApplication.processEvents()
    panel = opened(window)
    QApplication.processEvents()
    assert panel.title.isVisible()
    header = [panel.title, panel._subject, *(button(panel, name) for name in ("back", "play", "next", "apply"))]
    assert all(own.width() >= own.sizeHint().width() for own in header)
    assert header[-1].mapTo(panel, header[-1].rect().topRight()).x() < panel.width()
    window.resize(1280, 800)
