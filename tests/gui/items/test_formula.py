import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from gui import theme
from gui.items import formula
from gui.items.formula import FormulaView
from gui.items.latex import by_sign, matrix

SUM = "z = " + " + ".join(f"w_{{{i}}} x_{{{i}}}" for i in range(1, 30))


@pytest.fixture
def view(qtbot):
    """A view of formulas that scrolls upright."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(FormulaView("Formula"))
    area.resize(500, 1900)
    with qtbot.waitExposed(area):
        area.show()
    with qtbot.waitActive(area):
        area.activateWindow()
    yield area.widget()
    area.close()
    area.deleteLater()


def show(qtbot, view, lines):
    view.show_lines(lines)
    qtbot.waitUntil(lambda: view.is_ready and view.height() == view.sizeHint().height())


def ink(view):
    """Where something is drawn, an array of shape (height, width)."""
    image = view.grab().toImage()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, 3 : 4 * image.width() : 4] > 90


def text_rows(view):
    """How many rows are separated by empty ones."""
    filled = ink(view).any(axis=1).astype(int)
    return int((np.diff(filled, prepend=0) == 1).sum())


def test_lines_are_shown_below_each_other(qtbot, view):
    show(qtbot, view, ["x", "x", "x"])
    assert text_rows(view) == 3


@pytest.mark.parametrize("width", [220, 300, 500, 900])
def test_a_long_line_goes_on_in_the_next_and_nothing_is_cut_off(qtbot, view, width):
    area = view.window()
    area.resize(width, 1900)
    show(qtbot, view, [SUM, f"W = {matrix(np.ones((4, 5)) / 3)}", r"\frac{1}{" + "1 + " * 12 + "1}"])
    assert not area.horizontalScrollBar().isVisible()
    assert view.width() == area.viewport().width()
    shown = ink(view)
    assert not shown[:, -2:].any()
    assert shown.any(axis=1)[: shown.shape[0] // 2].any()
    assert shown[-20:].any()


def test_a_wider_window_has_fewer_rows(qtbot, view):
    show(qtbot, view, [SUM])
    narrow = text_rows(view), view.height()
    view.window().resize(1200, 1900)
    qtbot.waitUntil(lambda: view.is_ready and view.height() == view.sizeHint().height() < narrow[1])
    assert text_rows(view) < narrow[0]


def test_formulas_have_the_colours_of_the_theme(qtbot, view):
    lines = [by_sign("0.5", 0.5) + "+ x"]
    for scheme in (theme.Scheme.DARK, theme.Scheme.LIGHT):
        theme.manager().set_scheme(scheme)
        show(qtbot, view, lines)
        image = view.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert {theme.current().positive.name(), theme.current().text.name()} <= colours


def test_many_formulas_come_without_holding_up_the_window(qtbot, view, monkeypatch):
    monkeypatch.setattr(formula, "_TURN_S", 0.0)
    view.show_lines([f"x = {i}" for i in range(50)])
    assert not view.is_ready
    qtbot.waitUntil(lambda: view.is_ready and view.height() == view.sizeHint().height())
    assert text_rows(view) == 50


def test_formulas_that_are_fewer_or_wrong_leave_nothing_behind(qtbot, view, caplog):
    show(qtbot, view, ["x", "x", "x"])
    show(qtbot, view, [r"\frac{1"])
    assert text_rows(view) == 1
    show(qtbot, view, [])
    assert not ink(view).any()


def test_ctrl_c_copies_latex_that_needs_no_colours(qtbot, view):
    show(qtbot, view, [by_sign("w", 1.0), r"\frac{1}{2}"])
    at = view.mapTo(view.window(), QPoint(5, 5))
    QTest.mouseClick(view.window().windowHandle(), Qt.MouseButton.LeftButton, pos=at)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "{w}\n\\frac{1}{2}"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_right_click_offers_the_latex(qtbot, view):
    show(qtbot, view, [r"\frac{1}{2}"])
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(view, event)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[0]).center())
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert QGuiApplication.clipboard().text() == r"\frac{1}{2}"


def test_a_screen_reader_gets_the_latex(qtbot, view):
    show(qtbot, view, [by_sign("w", 1.0), "x"])
    assert (view.accessibleName(), view.accessibleDescription()) == ("Formula", "{w}\nx")


def test_a_line_that_is_not_seen_is_typeset_when_it_comes_into_view(qtbot, view, monkeypatch):
    view.window().resize(500, 200)
    show(qtbot, view, [f"x = {i}" for i in range(60)])
    typeset: list[str] = []
    original = formula.typeset
    monkeypatch.setattr(formula, "typeset", lambda latex, *rest: typeset.append(latex) or original(latex, *rest))
    view.show_lines([f"y = {i}" for i in range(60)])
    qtbot.waitUntil(lambda: view.is_ready)
    assert "y = 0" in typeset
    assert "y = 59" not in typeset
    bar = view.window().verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: "y = 59" in typeset)


def test_what_is_hidden_costs_nothing_and_is_there_when_it_is_shown(qtbot, view, monkeypatch):
    typeset: list[str] = []
    original = formula.typeset
    monkeypatch.setattr(formula, "typeset", lambda latex, *rest: typeset.append(latex) or original(latex, *rest))
    view.hide()
    view.show_lines(["x", "y"])
    QApplication.processEvents()
    assert not typeset
    view.show()
    qtbot.waitUntil(lambda: view.is_ready and text_rows(view) == 2)


def test_lines_that_stay_the_same_are_not_typeset_again(qtbot, view, monkeypatch):
    show(qtbot, view, ["x = 1", "y = 2"])
    typeset: list[str] = []
    original = formula.typeset
    monkeypatch.setattr(formula, "typeset", lambda latex, *rest: typeset.append(latex) or original(latex, *rest))
    show(qtbot, view, ["x = 1", "y = 3"])
    assert typeset
    assert "x = 1" not in typeset


def test_lines_that_change_all_the_time_leave_most_of_it_to_others(qtbot, view, monkeypatch):
    show(qtbot, view, [f"x = {i}" for i in range(20)])
    at_work = []
    original = formula.typeset

    def slowly(*arguments):
        start = time.perf_counter()
        while time.perf_counter() < start + 0.005:
            pass
        at_work.append(0.005)
        return original(*arguments)

    monkeypatch.setattr(formula, "typeset", slowly)
    start = time.perf_counter()
    view.show_lines([f"y = {i}" for i in range(20)], live=True)
    qtbot.waitUntil(lambda: view.is_ready)
    assert time.perf_counter() - start > 5 * sum(at_work)
    assert text_rows(view) == 20
