"""Curves over the steps are read under the mouse and by key, and lead the timeline."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from gui import theme
from gui.items.accuracy_plot import AccuracyPlot
from gui.items.loss_plot import LossPlot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ran(document, qtbot, answered):
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 200)
    document.learning.set_training(learning_rate=0.05)
    qtbot.waitUntil(lambda: document.displayed.step >= 400)
    document.run.set_playing(False)
    answered(document)
    return document


@pytest.fixture(params=["loss", "accuracy"])
def plot(request, ran, keep_plot, qtbot):
    made = (
        LossPlot(ran.run, ran.changes, ran.view, ran.pins)
        if request.param == "loss"
        else AccuracyPlot(ran.run, ran.pins)
    )
    keep_plot(made)
    made.resize(480, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.refresh()
    ran.run.displayed_changed.connect(made.refresh)
    return made


def at(plot, step):
    return QPoint(round(plot._place(step, 0.0).x()), round(plot._area().center().y()))


def said(plot):
    return plot.accessibleDescription()


def test_the_mouse_reads_step_epoch_and_values(plot, ran, qtbot):
    before = plot.grab().toImage()
    QTest.mouseMove(plot.viewport(), at(plot, 150))
    qtbot.waitUntil(lambda: said(plot).startswith("step "))
    step = int(said(plot).split()[1].replace(",", ""))
    assert abs(step - 150) <= 1 + ran.displayed.step / 50
    assert "epoch" in said(plot)
    metrics = next((frame.metrics for frame in ran.run.history.frames if frame.step == step), None)
    if isinstance(plot, LossPlot):
        row = ran.run.curve.nearest(step)
        assert f"training {row[1]:.4g}" in said(plot)
        assert f"test {row[2]:.4g}" in said(plot)
    else:
        assert f"training {metrics.train_accuracy:.1%}" in said(plot)
    assert plot.grab().toImage() != before
    QTest.mouseMove(plot.viewport(), QPoint(3, 3))
    qtbot.waitUntil(lambda: said(plot) == "")


def test_a_mark_of_the_timeline_is_read_and_seen(plot, ran, qtbot):
    (mark,) = ran.run.history.events
    QTest.mouseMove(plot.viewport(), at(plot, mark.step))
    qtbot.waitUntil(lambda: said(plot).endswith(mark.text))
    place = QPoint(at(plot, mark.step).x(), round(plot._area().top()) + 4)
    QTest.mouseMove(plot.viewport(), QPoint(3, 3))
    qtbot.waitUntil(lambda: said(plot) == "")
    image = plot.grab().toImage()
    colours = [theme.rgb_array(image.pixelColor(place + QPoint(dx, 0))) for dx in (-1, 0, 1)]
    distances = [np.abs(colour - theme.rgb_array(theme.current().panel)).sum() for colour in colours]
    assert max(distances) > 100


def test_a_click_leads_the_timeline_there_and_a_drag_along(plot, ran):
    QTest.mousePress(plot.viewport(), LEFT, pos=at(plot, 100))
    assert ran.run.moment is not None
    assert abs(ran.displayed.step - 100) <= 1 + ran.displayed.step / 10
    QTest.mouseMove(plot.viewport(), at(plot, 20))
    QTest.mouseRelease(plot.viewport(), LEFT, pos=at(plot, 20))
    assert ran.displayed.step <= 30


def test_keys_read_and_lead(plot, ran):
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert said(plot).startswith("step 0 ")
    for _ in range(5):
        QTest.keyClick(plot, Qt.Key.Key_Right)
    read = int(said(plot).split()[1].replace(",", ""))
    assert read > 0
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert ran.run.moment is not None
    assert abs(ran.displayed.step - read) <= 1 + read / 5


def test_the_wheel_zooms_about_the_mouse_and_a_double_click_shows_all(plot, ran, wheel):
    whole = plot.getPlotItem().getViewBox().viewRange()[0]
    before = at(plot, 100)
    wheel(plot.viewport(), before, 3)
    first, last = plot.getPlotItem().getViewBox().viewRange()[0]
    assert last - first < 0.8 * (whole[1] - whole[0])
    assert abs(at(plot, 100).x() - before.x()) <= 2
    QTest.mouseDClick(plot.viewport(), LEFT, pos=before)
    assert plot.getPlotItem().getViewBox().viewRange()[0] == whole
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.zoom is not None
    QTest.keyClick(plot, Qt.Key.Key_0)
    assert plot.zoom is None


def test_every_key_of_its_own_is_kept_from_the_window(plot):
    for key in plot.own_keys:
        event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        event.setAccepted(True)
        plot.keyPressEvent(event)
        assert event.isAccepted()


def test_a_pinned_run_is_a_thin_line_in_its_colour(plot, ran, answered, qtbot):
    def n_of(colour):
        image = plot.grab().toImage()
        area = plot._area().toRect()
        places = ((x, y) for x in range(area.left(), area.right()) for y in range(area.top(), area.bottom()))
        return sum(image.pixelColor(x, y).name() == colour.name() for x, y in places)

    colour = theme.current().run_colour(0)
    assert n_of(colour) == 0
    ran.pins.pin()
    ran.learning.reinitialise()
    answered(ran)
    assert n_of(colour) > 2
    shown = plot.getPlotItem().getViewBox().viewRange()[0]
    assert shown[1] >= ran.pins.runs[0].snapshot.moment.step
    ran.pins.unpin(ran.pins.runs[0])
    qtbot.waitUntil(lambda: n_of(colour) == 0)
