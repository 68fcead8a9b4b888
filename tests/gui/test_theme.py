import re
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QPushButton

from gui import theme
from gui.theme import RESOURCES, Scheme


@pytest.fixture
def manager(qapp):
    manager = theme.manager()
    yield manager
    manager.set_scheme(Scheme.SYSTEM)


def test_there_is_one_manager_for_the_application(manager):
    assert theme.manager() is manager
    assert theme.current() is manager.theme


@pytest.mark.parametrize(("scheme", "is_dark"), [(Scheme.LIGHT, False), (Scheme.DARK, True)])
def test_a_theme_chosen_by_hand(manager, qapp, qtbot, scheme, is_dark):
    with qtbot.waitSignal(manager.changed):
        manager.set_scheme(scheme)
    assert manager.theme.is_dark is is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == manager.theme.window
    assert manager.theme.window.name() in qapp.styleSheet()


def test_the_system_is_followed(manager, qapp):
    manager.set_scheme(Scheme.DARK)
    manager.set_scheme(Scheme.SYSTEM)
    assert manager.theme.is_dark is (qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark)


def test_the_choice_is_remembered(manager, qapp):
    manager.set_scheme(Scheme.DARK)
    second = theme.ThemeManager(qapp)
    try:
        assert second.scheme is Scheme.DARK
        assert second.theme.is_dark
    finally:
        second.setParent(None)
        second.deleteLater()


ASKED_UNSEEN = """
import shiboken6
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStyle
from gui import theme
application = QApplication([])
manager = theme.manager()
margin = QStyle.PixelMetric.PM_ButtonMargin
buttons = [QPushButton("text") for _ in range(500)]
assert all(button.style().pixelMetric(margin, None, button) >= 0 for button in buttons)
with manager.dressing_last():
    pass
assert all(button.style().pixelMetric(margin, None, button) >= 0 for button in buttons)
for button in buttons:
    shiboken6.delete(button)
others = [QLabel("text") for _ in range(500)]
application.setStyleSheet(application.styleSheet() + " ")
"""


def test_what_asked_the_style_and_was_never_seen_is_forgotten_when_it_goes():
    """Qt would give the next style sheet to what is no more, and end the program."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED_UNSEEN], check=False, cwd=RESOURCES.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_widgets_are_painted_in_the_theme(manager, qtbot):
    button = QPushButton("")
    qtbot.addWidget(button)
    button.resize(80, 40)
    seen = []
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        manager.set_scheme(scheme)
        seen.append(button.grab().toImage().pixelColor(40, 20))
        assert seen[-1] == manager.theme.chip
    assert seen[0] != seen[1]


def test_every_token_of_the_style_sheet_is_filled_in(manager, qapp):
    sheet = (RESOURCES / "style.qss").read_text(encoding="utf-8")
    assert "@accent_hover" in sheet
    without_comments = re.sub(r"/\*.*?\*/", "", qapp.styleSheet(), flags=re.DOTALL)
    assert "@" not in without_comments


class TestDivergingColours:
    def test_go_from_negative_over_neutral_to_positive(self, manager):
        colours = manager.theme
        assert colours.diverging_colour(-2.0, 2.0) == colours.negative
        assert colours.diverging_colour(0.0, 2.0) == colours.neutral
        assert colours.diverging_colour(2.0, 2.0) == colours.positive

    def test_beyond_the_ends_stay_at_them(self, manager):
        colours = manager.theme
        assert colours.diverging_colour(-1e300, 2.0) == colours.negative
        assert colours.diverging_colour(1e308, 1e-3) == colours.positive
        assert colours.diverging_colour(float("inf"), 2.0) == colours.positive

    def test_an_array_has_the_colours_of_its_values(self, manager):
        values = np.linspace(-1.5, 1.5, 12).reshape(3, 4)
        image = manager.theme.diverging_image(values, 1.0)
        assert image.shape == (3, 4)
        for value, packed in zip(values.ravel(), image.ravel(), strict=True):
            assert QColor.fromRgb(int(packed)) == manager.theme.diverging_colour(value, 1.0)

    def test_what_is_not_a_number_has_some_colour(self, manager):
        image = manager.theme.diverging_image(np.array([[np.nan, np.inf, -np.inf]], dtype=np.float32), 1.0)
        assert (image >= 0xFF000000).all()


def test_mixed_goes_from_the_first_colour_to_the_second():
    first, second = QColor("#000000"), QColor("#ff8040")
    assert theme.mixed(first, second, 0.0) == first
    assert theme.mixed(first, second, 1.0) == second
    assert theme.mixed(first, second, 0.5) == QColor(128, 64, 32)


def test_live_figures_are_all_equally_wide(qapp):
    from PySide6.QtGui import QFontMetricsF

    for size in (11, 20):
        metrics = QFontMetricsF(theme.figure_font(size))
        assert len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1
