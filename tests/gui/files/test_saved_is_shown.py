"""What a file holds is what the window shows, however the run came to stand still."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.panels.timeline.bar import TimelineBar
from model import Dataset
from model.experiment import load_experiment
from tests.gui.living import live

KEY, LEFT, CTRL = Qt.Key, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


class Hand:
    """Brings a window's run to a standstill in each way that there is, with keys and mouse."""

    def __init__(self, window, qtbot):
        self.window, self.document, self.qtbot = window, window.document, qtbot
        self.bar = window.findChild(TimelineBar)

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        self.window.setFocus()
        QTest.keyClick(self.window, key, modifiers)

    def moves_on(self, n_steps=1):
        step = self.document.run.step_count
        self.qtbot.waitUntil(lambda: self.document.run.step_count >= step + n_steps)

    def sets(self, **settings):
        self.document.learning.set_training(**settings)
        self.is_answered()

    def is_answered(self):
        self.qtbot.waitUntil(lambda: self.document.displayed.moment.setup == self.document.run.setup)

    def pauses(self):
        self.press(KEY.Key_Space)
        self.moves_on(30)
        self.press(KEY.Key_Space)

    def pauses_for_a_step(self):
        self.press(KEY.Key_Space)
        self.moves_on(30)
        self.press(KEY.Key_Right)

    def steps(self):
        self.press(KEY.Key_Right)
        self.moves_on()

    def runs_an_epoch(self):
        epoch = self.document.displayed.epoch
        self.press(KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        self.qtbot.waitUntil(lambda: self.document.displayed.epoch > epoch)

    def diverges(self):
        self.sets(learning_rate=1e6)
        self.press(KEY.Key_Space)
        self.qtbot.waitUntil(lambda: self.document.run.notice is not None and self.document.run.notice.offers_halving)
        assert not self.document.run.playing
        self.sets(learning_rate=0.03)

    def ends_by_itself(self):
        self.sets(optimizer="random_search", optimizer_options={"budget": 25.0})
        self.press(KEY.Key_Space)
        self.qtbot.waitUntil(lambda: self.document.run.notice is not None and not self.document.run.playing)
        assert "Random search" in self.document.run.notice.text
        self.sets(optimizer="sgd", optimizer_options={})

    def looks_back_and_returns(self):
        QTest.mouseClick(self.bar, LEFT, pos=self._at(0.4))
        assert self.document.run.moment is not None
        QTest.keyClick(self.bar, KEY.Key_End)
        assert self.document.run.moment is None

    def scrubs_to_the_end_while_it_plays(self):
        self.press(KEY.Key_Space)
        self.moves_on(30)
        QTest.mousePress(self.bar, LEFT, pos=self._at(0.3))
        for share in (0.1, 0.6, 0.9, 1.0):
            QTest.mouseMove(self.bar, self._at(share))
            live(5)
        QTest.mouseRelease(self.bar, LEFT, pos=self._at(1.0))
        assert not self.document.run.playing

    def continues_from_a_past_moment(self):
        QTest.mouseClick(self.bar, LEFT, pos=self._at(0.5))
        self.document.changes.continue_from_here()

    def rewinds(self):
        self.press(KEY.Key_Space)
        self.moves_on(30)
        self.press(KEY.Key_Home)
        self.qtbot.waitUntil(lambda: self.document.displayed.step == 0)

    def changes_a_weight_and_undoes_a_point(self):
        self.document.network.set_parameter(0, 0.5)
        self.document.points.remove("erase", np.arange(5))
        self.document.changes.undo()
        self.qtbot.waitUntil(lambda: self.document.displayed.network.parameters[0] == 0.5)
        self.is_answered()

    def _at(self, share):
        return QPoint(round(self.bar.x_of(0) + share * (self.bar.width() - 2 * self.bar.x_of(0))), 20)


WAYS = (
    Hand.pauses,
    Hand.steps,
    Hand.runs_an_epoch,
    Hand.pauses_for_a_step,
    Hand.looks_back_and_returns,
    Hand.scrubs_to_the_end_while_it_plays,
    Hand.changes_a_weight_and_undoes_a_point,
    Hand.continues_from_a_past_moment,
    Hand.diverges,
    Hand.pauses,
    Hand.rewinds,
    Hand.pauses,
    Hand.ends_by_itself,
)


def points(n_points):
    labels = np.arange(n_points) % 3
    return Dataset(np.random.default_rng(0).normal(0, 2, (n_points, 2)).clip(-6, 6), labels, n_classes=3)


@pytest.mark.parametrize("n_points", [240, 5_000, 100_000])
def test_after_every_way_to_stand_still(shared_window, qtbot, answered, tmp_path, save_to, n_points):
    window, document = shared_window, shared_window.document
    if n_points != len(document.dataset):
        document.points.set_data("points", points(n_points))
        document.learning.set_training(batch_size=n_points // 50)
    save_to(window, tmp_path / "run.netcanvas")
    hand = Hand(window, qtbot)
    for way in WAYS:
        way(hand)
        for wait in (lambda: None, lambda: live(40), lambda: answered(document)):
            wait()
            assert_saved_is_shown(window, way.__name__)


def test_a_past_moment_is_in_the_file_with_all_that_came_after_it(shared_window, qtbot, tmp_path, save_to):
    hand, document = Hand(shared_window, qtbot), shared_window.document
    hand.pauses()
    live(40)
    QTest.mouseClick(hand.bar, LEFT, pos=hand._at(0.5))
    shown, last = document.displayed, document.run.step_count
    assert shown.step < last
    save_to(shared_window, tmp_path / "run.netcanvas")
    saved = load_experiment(tmp_path / "run.netcanvas").history

    (frame,) = [frame for frame in saved.frames if frame.step == shown.step]
    np.testing.assert_array_equal(frame.checkpoint.parameters, shown.network.parameters)
    assert saved.frames[-1].step == last


def assert_saved_is_shown(window, way):
    """Fail unless Ctrl+S writes the weights, the step and the figures that are on the screen."""
    document = window.document
    QTest.keyClick(window, KEY.Key_S, CTRL)
    assert not window.files.is_modified, way
    saved = load_experiment(window.files.path).history.frames[-1]
    shown = document.displayed
    assert (saved.step, saved.metrics) == (shown.step, shown.metrics), way
    np.testing.assert_array_equal(saved.checkpoint.parameters, shown.network.parameters, err_msg=way)
