"""Nothing that the window shows is cut, or lies outside of it: every day in the smallest, and in all when it soaks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QTableWidget, QWidget

from gui import theme
from gui.theme import Scheme
from model.network.parts import Unit
from tests.gui.walk import cut_texts, faults, outside, places, small_prints

ROOT = Path(theme.__file__).resolve().parent.parent
SMALLEST = (960, 540)


@pytest.fixture
def window(shared_window):
    yield shared_window
    theme.manager().set_scheme(Scheme.SYSTEM)
    theme.manager().set_scale(1.0)
    shared_window.show_panel("Step Through", False)
    shared_window.cards.begin_anew()
    shared_window.resize(1280, 800)
    QApplication.processEvents()


@pytest.fixture
def host(qtbot):
    host = QWidget()
    host.resize(200, 60)
    qtbot.addWidget(host)
    with qtbot.waitExposed(host):
        host.show()
    return host


def test_a_label_without_room_is_found_unless_a_tip_has_its_text(host):
    text = "what the network says there"
    label = QLabel(text, host)
    label.setGeometry(0, 0, 60, 20)
    label.show()
    assert len(cut_texts(host)) == 1
    label.setToolTip(f"{text}.")
    assert cut_texts(host) == []
    label.setToolTip("")
    label.setText("what the…ys there")
    label.setGeometry(0, 0, 190, 20)
    assert len(cut_texts(host)) == 1


def test_low_rows_and_narrow_headers_of_a_table_are_found(host):
    table = QTableWidget(1, 1, host)
    table.setHorizontalHeaderLabels(["what it is called"])
    table.resize(190, 60)
    table.verticalHeader().setMinimumSectionSize(1)
    table.setRowHeight(0, 4)
    table.setColumnWidth(0, 20)
    table.show()
    assert len(cut_texts(host)) == 2
    table.resizeRowToContents(0)
    table.resizeColumnToContents(0)
    assert cut_texts(host) == []


def test_letters_that_did_not_grow_are_found(host):
    label = QLabel("1.5 s", host)
    label.setFont(theme.figure_font(12))
    label.show()
    assert small_prints(host) == []
    theme.manager().set_scale(2.0)
    assert len(small_prints(host)) == 1
    theme.measure(label, font=12)
    assert small_prints(host) == []


def test_what_lies_outside_is_found(host):
    box = QWidget(host)
    QHBoxLayout(box).addWidget(QLabel("a text"))
    box.setGeometry(150, 0, 100, 40)
    box.show()
    QApplication.processEvents()
    assert outside(host)
    box.setGeometry(50, 0, 100, 40)
    assert outside(host) == []


@pytest.mark.parametrize(("scheme", "kinds"), [(Scheme.LIGHT, ("classes",)), (Scheme.DARK, ("values", "curve"))])
def test_nothing_is_cut_in_the_smallest_window(window, scheme, kinds):
    theme.manager().set_scheme(scheme)
    window.resize(*SMALLEST)
    QApplication.processEvents()
    assert faults(window, places(kinds, thorough=False)) == []


@pytest.mark.parametrize(
    ("size", "scale", "go"),
    [
        ((1093, 614), 1.0, lambda window: window.show_panel("Step Through", True)),
        ((1024, 600), 2.0, lambda window: window.document.view.set(page="activation")),
        ((2560, 1440), 2.0, lambda window: window.document.view.set(page="formula")),
    ],
)
def test_nothing_is_cut_where_room_is_scarcest_for_long_texts(window, size, scale, go):
    theme.manager().set_scale(scale)
    window.resize(*size)
    window.document.view.select(Unit(1, 1))
    assert faults(window, {"there": go}) == []


@pytest.mark.soak
@pytest.mark.parametrize("factor", ["1", "1.25", "2"])
def test_nothing_is_cut_in_any_size_theme_or_scale(factor):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": factor, "PYTHONPATH": str(ROOT)}
    script = ROOT / "tests" / "gui" / "walk_everything.py"
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == ""
