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
    document.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 100)
    document.set_playing(False)
    answered(document)
    return document


def test_a_pinned_run_stays_as_it_was(ran, answered):
    metrics, n_points = ran.displayed.metrics, len(ran.curve)
    ran.pin_run()
    ran.set_training(optimizer="adam")
    ran.reinitialise()
    answered(ran)
    (run,) = ran.pinned

    assert run.snapshot.metrics == metrics
    assert len(run.curve) == n_points
    assert run.training.optimizer == "sgd"
    assert run.name == "1: 2–6–5–3, sgd 0.1"
    assert run.seconds > 0


def test_at_most_eight_are_kept(ran):
    for _ in range(MAX_PINNED + 2):
        ran.pin_run()

    assert [run.number for run in ran.pinned] == list(range(3, MAX_PINNED + 3))
    ran.unpin_run(ran.pinned[0])
    assert [run.number for run in ran.pinned] == list(range(4, MAX_PINNED + 3))


def test_the_settings_that_differ(ran, answered):
    ran.pin_run()
    ran.set_training(optimizer="adam", learning_rate=0.01)
    ran.insert_unit(1)
    answered(ran)
    ran.pin_run()

    assert differing_settings(list(ran.pinned)) == {
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
        document.set_training(optimizer=optimizer)
        document.set_playing(True)
        step = document.displayed.step
        qtbot.waitUntil(lambda step=step: document.displayed.step >= step + 60)
        document.set_playing(False)
        QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    return window


def test_curves_and_boundaries_lie_over_each_other(compared):
    document = compared.document
    for name in ("loss_view", "output_view"):
        view = compared.findChild(object, name)
        before = view.grab().toImage()
        n_items = sum(isinstance(item, LinesItem) for item in view.scene().items())
        document.unpin_run(document.pinned[0])
        assert sum(isinstance(item, LinesItem) for item in view.scene().items()) == n_items - 1
        assert view.grab().toImage() != before
        document.pin_run()


def test_the_dialog_compares_them(compared, qtbot):
    document = compared.document
    compared.findChild(object, "compare_runs").trigger()
    dialog = compared.findChild(CompareDialog)
    with qtbot.waitExposed(dialog):
        pass
    table = dialog.findChild(QTableWidget)
    rows = {table.verticalHeaderItem(row).text(): row for row in range(table.rowCount())}
    losses = [run.curve.lowest() for run in document.pinned]

    assert [table.horizontalHeaderItem(column).text() for column in range(2)] == [run.name for run in document.pinned]
    assert [table.item(rows["optimizer"], column).text() for column in range(2)] == ["sgd", "adam"]
    shown = [float(table.item(rows["best loss"], column).text()) for column in range(2)]
    assert shown == pytest.approx(losses, rel=1e-3)
    assert np.isfinite(losses).all()
    table.setCurrentCell(0, 0)
    QTest.mouseClick(dialog.findChild(QPushButton, "unpin"), Qt.MouseButton.LeftButton)
    assert [run.number for run in document.pinned] == [2]
    assert table.columnCount() == 1
    dialog.close()
