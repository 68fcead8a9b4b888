"""The output without biases or without a neuron, as a person asks for it in the window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton, QWidget

from gui.items import left_out
from model.network.parts import Unit
from model.run.without import without_biases, without_unit
from tests.gui.events import settle

LEFT = Qt.MouseButton.LeftButton


def bar_of(window):
    return window.findChild(QWidget, "left_out")


def text_of(window):
    return bar_of(window).accessibleName()


def surface_of(window):
    """Return what is seen of the surface below the bar."""
    image = window.findChild(QWidget, "output_view").grab().toImage()
    return image.copy(0, image.height() // 2, image.width(), image.height() // 2)


def biases_action(window):
    return next(action for action in window.findChildren(QAction) if action.text() == "Output Without &Biases")


def trained(window, qtbot, n_steps=40):
    for _ in range(n_steps):
        window.document.run.step()
    qtbot.waitUntil(lambda: window.document.run.displayed.step == n_steps)
    settle()


def test_without_biases_surface_and_accuracies_are_seen_and_end_with_a_click(window, qtbot):
    trained(window, qtbot)
    whole = surface_of(window)
    assert not bar_of(window).isVisible()

    biases_action(window).trigger()
    settle()

    moment = window.document.run.displayed.moment
    accuracies = without_biases(moment).metrics.train_accuracy, moment.metrics.train_accuracy
    assert bar_of(window).isVisible()
    assert text_of(window) == "without biases: accuracy {:.1%}, with: {:.1%}".format(*accuracies)
    assert surface_of(window) != whole

    QTest.mouseClick(bar_of(window).findChild(QToolButton), LEFT)
    settle()
    assert not bar_of(window).isVisible()
    assert surface_of(window) == whole
    assert not biases_action(window).isChecked()


@pytest.mark.parametrize("in_space", [False, True])
def test_while_a_neuron_s_map_is_shown_the_bar_does_not_speak_of_it(window, qtbot, in_space):
    view = window.document.view
    view.set(in_space=in_space)
    biases_action(window).trigger()
    settle()
    assert bar_of(window).isVisible()

    diagram = window.findChild(QWidget, "network_view")
    QTest.mouseMove(diagram, diagram.diagram.layout.rect(Unit(1, 2)).center().toPoint())
    qtbot.waitUntil(lambda: window.document.run.displayed.probe == (1, 2))
    settle()
    assert not bar_of(window).isVisible()
    window.document.run.step()
    qtbot.waitUntil(lambda: window.document.run.displayed.step == 1)
    settle()
    assert not bar_of(window).isVisible()

    view.hover(None)
    settle()
    assert bar_of(window).isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # Offscreen, when a menu opens.
def test_without_a_neuron_is_asked_for_in_its_menu_and_changes_nothing(window, qtbot):
    trained(window, qtbot)
    document, diagram = window.document, window.findChild(QWidget, "network_view")
    document.view.select(Unit(1, 2))
    before = document.run.displayed.network.parameters

    QApplication.sendEvent(diagram, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1)))
    menu = next(menu for menu in diagram.findChildren(QMenu) if menu.isVisible())
    next(action for action in menu.actions() if action.text() == "Output Without It").trigger()
    menu.close()
    settle()

    moment = document.run.displayed.moment
    accuracies = without_unit(moment, Unit(1, 2)).metrics.train_accuracy, moment.metrics.train_accuracy
    assert text_of(window) == "without h1.3: accuracy {:.1%}, with: {:.1%}".format(*accuracies)
    assert document.run.displayed.network.parameters is before
    assert document.changes.network_settings.muted == frozenset()


def test_it_ends_with_the_neuron_that_is_left_out(window, qtbot):
    trained(window, qtbot, 3)
    window.document.view.leave_out(Unit(1, 5))
    settle()
    assert bar_of(window).isVisible()

    window.document.network.remove_unit(1, 5)
    qtbot.waitUntil(lambda: not bar_of(window).isVisible())


def test_without_any_bias_there_is_nothing_to_leave_out(window, qtbot):
    window.document.view.leave_out("biases")
    window.document.network.set_bias("none")
    qtbot.waitUntil(lambda: window.document.view.left_out is None)
    settle()

    assert not biases_action(window).isEnabled()


def test_it_goes_along_with_the_run(window, qtbot):
    trained(window, qtbot, 2)
    window.document.view.leave_out("biases")
    settle()

    for _ in range(30):
        window.document.run.step()
    qtbot.waitUntil(lambda: window.document.run.displayed.step == 32)
    settle()

    moment = window.document.run.displayed.moment
    accuracies = without_biases(moment).metrics.train_accuracy, moment.metrics.train_accuracy
    assert text_of(window) == "without biases: accuracy {:.1%}, with: {:.1%}".format(*accuracies)


def test_while_the_output_is_hidden_nothing_is_made_and_then_it_is_right(window, qtbot, monkeypatch):
    trained(window, qtbot, 1)
    window.document.view.leave_out("biases")
    settle()
    made = []
    monkeypatch.setattr(left_out, "without_biases", lambda moment: made.append(1) or without_biases(moment))
    window.show_panel("Output", False)
    window.document.run.step()
    qtbot.waitUntil(lambda: window.document.run.displayed.step == 2)
    settle()
    assert made == []

    window.show_panel("Output", True)
    settle()
    moment = window.document.run.displayed.moment
    accuracies = without_biases(moment).metrics.train_accuracy, moment.metrics.train_accuracy
    assert text_of(window) == "without biases: accuracy {:.1%}, with: {:.1%}".format(*accuracies)


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_the_bar_lies_within_the_output(size, window, qtbot):
    window.resize(*size)
    trained(window, qtbot, 1)
    window.document.view.leave_out("biases")
    settle()

    bar = bar_of(window)
    assert bar.parentWidget().rect().contains(bar.geometry())
    assert bar.findChild(QLabel).width() >= bar.findChild(QLabel).sizeHint().width()


def test_a_moment_of_the_past_without_that_neuron_is_shown_as_it_is(window, qtbot):
    document = window.document
    trained(window, qtbot, 3)
    document.network.insert_unit(1)
    qtbot.waitUntil(lambda: document.run.displayed.network.settings == document.changes.network_settings)
    document.run.step()
    qtbot.waitUntil(lambda: document.run.displayed.step == 4)
    document.view.leave_out(Unit(1, 6))
    settle()
    assert bar_of(window).isVisible()

    document.run.look_back(0)
    settle()
    assert not bar_of(window).isVisible()

    document.run.look_at_present()
    settle()
    assert bar_of(window).isVisible()
