"""What a lesson names that the window does not have, and what was probably meant."""

import pytest
from PySide6.QtWidgets import QMessageBox

from gui.lessons.places import meant


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Feature", "Features"),
        ("the Features card", "Features"),
        ("Features and Settings", "Features, Settings"),
        ("Play button", "Play"),
        ("learning rates", "Learning rate"),
        ("Stepthrough", "Step Through"),
        ("Train > Rase", "Train > Race"),
        ("Loss landscap", "Loss Landscape"),
    ],
)
def test_what_is_nearly_a_name_of_the_window_is_told_right(window, name, sentence):
    assert meant(window, name) == f" (did you mean {sentence}?)"


def test_nothing_is_made_up(window):
    assert not meant(window, "Merkmale")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("> point: Play button", "nothing in the window is called “Play button” (did you mean Play?)."),
        ("> do: show Inspektor", "there is no card “Inspektor” in the menu View (did you mean Inspector?)."),
    ],
)
def test_the_person_reads_it_when_the_lesson_is_opened(window, write, qtbot, answer_box, line, sentence):
    window.open_file(write(f"title: x\n\n## a\n{line}\nText.\n"))
    assert answer_box(window, QMessageBox.StandardButton.Close).endswith(f"lesson.md, line 4: {sentence}")
