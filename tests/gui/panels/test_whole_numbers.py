"""Whole numbers of a file may be larger than any that a field takes from a person: they are shown, and stay."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.widgets.fields import LARGEST_WHOLE, IntegerBox
from model.training.schedules import Schedule


def numbers_of(window):
    return {box.accessibleName(): (box.number(), box.text()) for box in window.findChildren(IntegerBox)}


@pytest.mark.parametrize("large", [LARGEST_WHOLE, LARGEST_WHOLE + 1, 10**30])
def test_every_field_shows_however_large_a_number(window, large, answered):
    document = window.document
    window.show_panel("Settings", True)
    document.learning.set_training(patience=large, batch_size=100_000)
    document.learning.set_training(schedule=Schedule("step", period=large, warm_up=large))
    document.learning.set_initial(seed=large)
    document.points.generate(seed=large)
    answered(document)
    shown = numbers_of(window)
    names = ("Seed of the weights", "Data seed", "Patience", "Period", "Warm-up")
    assert {name: shown[name] for name in names} == dict.fromkeys(names, (large, f"{large:,}"))
    assert shown["Batch size"] == (100_000, "100,000")


def test_a_number_beyond_the_range_stays_until_another_is_chosen(window, named, answered):
    document = window.document
    document.learning.set_initial(seed=10**30)
    answered(document)
    seed = named(window, "Seed of the weights", IntegerBox)
    seed.setFocus()
    QTest.keyClick(seed, Qt.Key.Key_Return)
    window.setFocus()
    assert document.network_settings.seed == 10**30
    assert seed.text() == f"{10**30:,}"
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, "7")
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert document.network_settings.seed == 7
    assert seed.text() == "7"
