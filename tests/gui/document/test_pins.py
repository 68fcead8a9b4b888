import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTableWidget

from gui.dialogs.compare import CompareDialog
from gui.document.pins import MAX_PINNED, differing_settings
from gui.items.lines_item import LinesItem


@pytest.fixture
def ran(document, qtbot, answered):
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 100)
    document.run.set_playing(False)
    answered(document)
    return document


def test_a_pinned_run_stays_as_it_was(ran, answered):
    metrics, n_points = ran.displayed.metrics, len(ran.run.curve)
    ran.pins.pin()
    ran.learning.set_training(optimizer="adam")
    ran.learning.reinitialise()
    answered(ran)
    (run,) = ran.pins.runs

    assert run.snapshot.metrics == metrics
    assert len(run.curve) == n_points
    assert run.training.optimizer == "sgd"
    assert run.name == "1: 2–6–5–3, sgd 0.1"
    assert run.seconds > 0


def test_at_most_eight_are_kept(ran):
    for _ in range(MAX_PINNED + 2):
        ran.pins.pin()

    assert [run.number for run in ran.pins.runs] == list(range(3, MAX_PINNED + 3))
    ran.pins.unpin(ran.pins.runs[0])
    assert [run.number for run in ran.pins.runs] == list(range(4, MAX_PINNED + 3))


def test_the_settings_that_differ(ran, answered):
    ran.pins.pin()
    ran.learning.set_training(optimizer="adam", learning_rate=0.01)
    ran.network.insert_unit(1)
    answered(ran)
    ran.pins.pin()

    assert differing_settings(list(ran.pins.runs)) == {
        "layer sizes": ["2, 6, 5, 3", "2, 7, 5, 3"],
        "optimizer": ["sgd", "adam"],
        "learning rate": ["0.1", "0.01"],
    }
    assert differing_settings([]) == {}


@pytest.fixture
def compared(window, qtbot):
    """The window with two pinned runs, and its dialog."""
    document = window.document
    for optimizer in ("sgd", "adam"):
        document.learning.set_training(optimizer=optimizer)
        document.run.set_playing(True)
        step = document.displayed.step
        qtbot.waitUntil(lambda step=step: document.displayed.step >= step + 60)
        document.run.set_playing(False)
        QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    return window


def test_curves_and_boundaries_lie_over_each_other(compared):
    document = compared.document
    for name in ("loss_view", "output_view"):
        view = compared.findChild(object, name)
        before = view.grab().toImage()
        n_items = sum(isinstance(item, LinesItem) for item in view.scene().items())
        document.pins.unpin(document.pins.runs[0])
        assert sum(isinstance(item, LinesItem) for item in view.scene().items()) == n_items - 1
        assert view.grab().toImage() != before
        document.pins.pin()


def test_the_dialog_compares_them(compared, qtbot):
    document = compared.document
    compared.findChild(object, "compare_runs").trigger()
    dialog = compared.findChild(CompareDialog)
    with qtbot.waitExposed(dialog):
        pass
    table = dialog.findChild(QTableWidget)
    rows = {table.verticalHeaderItem(row).text(): row for row in range(table.rowCount())}
    losses = [run.curve.lowest() for run in document.pins.runs]

    assert [table.horizontalHeaderItem(column).text() for column in range(2)] == [
        run.name for run in document.pins.runs
    ]
    assert [table.item(rows["optimizer"], column).text() for column in range(2)] == ["sgd", "adam"]
    shown = [float(table.item(rows["best loss"], column).text()) for column in range(2)]
    assert shown == pytest.approx(losses, rel=1e-3)
    assert np.isfinite(losses).all()
    table.setCurrentCell(0, 0)
    QTest.mouseClick(dialog.findChild(QPushButton, "unpin"), Qt.MouseButton.LeftButton)
    assert [run.number for run in document.pins.runs] == [2]
    assert table.columnCount() == 1
    dialog.close()
