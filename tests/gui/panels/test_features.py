import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QToolButton

from gui import theme
from gui.panels.features import FeaturesPanel
from model import Dataset
from model.data.edits import ReplaceAll
from model.data.features import CURVE_FEATURES, FEATURES
from model.data.naming import Axis, Naming
from tests.gui.refusals import said_under

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, show):
    return show(FeaturesPanel(document.changes, document.network), 300, 200)


@pytest.fixture
def field(panel, named):
    return named(panel, "Formula of a feature", QLineEdit)


def chips(panel):
    return {
        chip.accessibleName().removeprefix("Feature "): chip
        for chip in panel.findChildren(QToolButton)
        if chip.accessibleName().startswith("Feature ") and not chip.isHidden()
    }


def enter(field, text):
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def checked(panel):
    return [name for name, chip in chips(panel).items() if chip.isChecked()]


def test_every_feature_of_the_registry_has_a_toggle(panel, document):
    assert list(chips(panel)) == list(FEATURES)
    assert checked(panel) == ["x1", "x2"]
    for name in list(FEATURES)[2:]:
        QTest.mouseClick(chips(panel)[name], LEFT)
        assert name in document.network.features
    assert document.network.features == tuple(FEATURES)
    assert checked(panel) == list(FEATURES)


def test_a_toggle_keeps_the_weights_of_the_others_and_can_be_undone(panel, document, answered):
    before = document.displayed.network.weights[0].copy()
    QTest.mouseClick(chips(panel)["x1*x2"], LEFT)
    answered(document)
    assert document.network_settings.layer_sizes[0] == 3
    np.testing.assert_array_equal(document.displayed.network.weights[0][:2], before)

    QTest.mouseClick(chips(panel)["x1"], LEFT)
    answered(document)
    assert document.network.features == ("x2", "x1*x2")
    np.testing.assert_array_equal(document.displayed.network.weights[0][0], before[1])

    document.changes.undo()
    document.changes.undo()
    answered(document)
    np.testing.assert_array_equal(document.displayed.network.weights[0], before)
    assert checked(panel) == ["x1", "x2"]


def test_the_last_feature_stays(panel, document):
    QTest.mouseClick(chips(panel)["x1"], LEFT)
    QTest.mouseClick(chips(panel)["x2"], LEFT)

    assert document.network.features == ("x2",)
    assert checked(panel) == ["x2"]


@pytest.mark.parametrize("text", ["x1**2 - abs(x2)", "sin(3*x1)", "hypot(x1, x2)"])
def test_a_typed_formula_becomes_a_feature(panel, field, document, answered, text):
    enter(field, text)
    answered(document)

    assert document.network.features == ("x1", "x2", text)
    assert field.text() == ""
    assert checked(panel) == ["x1", "x2", text]
    QTest.mouseClick(chips(panel)[text], LEFT)
    assert document.network.features == ("x1", "x2")
    assert text not in chips(panel)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x3 + 1", "x3"),
        ("2x1", "2*x1"),
        ("__import__('os')", "__import__"),
        ("1/x1", "“1/x1” has no finite value at x1 = 0"),
        ("x1 ** 2 +", "Something is missing after"),
        ("x1", "there already"),
        ("  ", "Type a formula"),
    ],
)
def test_a_wrong_formula_is_refused_at_the_field(panel, field, document, qtbot, text, sentence):
    before = document.network.features
    enter(field, text)

    qtbot.waitUntil(lambda: sentence in said_under(field))
    assert document.network.features == before
    assert field.text() == text


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_twelve_features_are_enough(panel, field, document, qtbot):
    for number in range(10):
        enter(field, f"sin({number + 2}*x1)")
    assert len(document.network.features) == 12
    enter(field, "cos(x1)")

    qtbot.waitUntil(lambda: "1 to 12 features" in said_under(field))
    assert len(document.network.features) == 12


class TestCurve:
    """A network of a curve is given x alone, and formulas of it."""

    @pytest.fixture(autouse=True)
    def _curve(self, panel, document, qtbot):
        document.points.set_kind("curve")
        qtbot.waitUntil(lambda: len(chips(panel)) == len(CURVE_FEATURES))

    def test_every_feature_of_a_curve_has_a_toggle(self, panel, document, qtbot):
        assert list(chips(panel)) == list(CURVE_FEATURES)
        assert checked(panel) == ["x"]
        for name in list(CURVE_FEATURES)[1:]:
            QTest.mouseClick(chips(panel)[name], LEFT)
        assert document.network.features == tuple(CURVE_FEATURES)
        document.points.set_kind("classes")
        qtbot.waitUntil(lambda: list(chips(panel))[: len(FEATURES)] == list(FEATURES))

    def test_a_toggle_that_goes_under_the_pressed_button_does_nothing(self, panel, document, qtbot):
        chip = chips(panel)["x**2"]
        QTest.mousePress(chip, LEFT)
        document.points.set_kind("classes")
        qtbot.waitUntil(lambda: "x**2" not in chips(panel))
        QTest.mouseRelease(chip, LEFT)
        assert document.network.features == ("x1", "x2")

    def test_each_has_a_small_curve_and_no_map(self, panel):
        colours = theme.current()
        pictures = [chip.icon().pixmap(14, 14).toImage() for chip in chips(panel).values()]
        assert all(first != second for index, first in enumerate(pictures) for second in pictures[:index])
        rising = pictures[0]
        side = rising.width()
        # Above x, and below it on the left, there is the panel's colour; a map would have those of signs.
        assert rising.pixelColor(side // 4, side // 4) == colours.panel
        assert rising.pixelColor(side * 3 // 4, side * 3 // 4) == colours.panel

    def test_a_typed_formula_of_x_becomes_a_feature(self, panel, field, document, answered):
        assert "sin(3*x)" in field.placeholderText()
        assert " of x," in field.toolTip().replace("\n", " ")
        enter(field, "cos(2*x) - 1")
        answered(document)
        assert document.network.features == ("x", "cos(2*x) - 1")
        inputs = document.displayed.network.layer_outputs([[0.5, 3.0]])[0][0]
        np.testing.assert_allclose(inputs, [0.5, np.cos(1.0) - 1.0], atol=1e-12)

    @pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    @pytest.mark.parametrize(("text", "sentence"), [("x2", "x alone"), ("sin(x1)", "x alone"), ("", "a formula of x")])
    def test_what_is_no_formula_of_x_is_refused(self, field, document, qtbot, text, sentence):
        enter(field, text)
        qtbot.waitUntil(lambda: sentence in said_under(field))
        assert document.network.features == ("x",)


def test_standardizing_is_suggested_where_spreads_differ(panel, document, named, answered):
    switch = named(panel, "Standardize the features", QCheckBox)
    assert (switch.isChecked(), switch.text()) == (False, "Standardize")
    document.network.toggle_feature("x1**2 * 10")
    assert switch.text() == "Standardize (suggested)"

    QTest.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
    answered(document)
    inputs = document.displayed.network.layer_outputs(document.dataset.points[~document.dataset.is_test])[0]
    np.testing.assert_allclose(inputs.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(inputs.std(axis=0), 1.0, rtol=1e-12)
    assert (switch.isChecked(), switch.text()) == (True, "Standardize")

    document.points.generate(name="moons")
    answered(document)
    inputs = document.displayed.network.layer_outputs(document.dataset.points[~document.dataset.is_test])[0]
    np.testing.assert_allclose(inputs.std(axis=0), 1.0, rtol=1e-12)
    document.changes.undo()
    document.changes.undo()
    assert document.network_settings.standardization == ()
    assert not switch.isChecked()


def test_both_themes_are_painted(panel):
    pictures = []
    for scheme in (theme.Scheme.LIGHT, theme.Scheme.DARK):
        theme.manager().set_scheme(scheme)
        pictures.append(panel.grab().toImage())

    assert pictures[0] != pictures[1]


def test_the_field_says_what_its_letters_are_of_the_persons_numbers(field, document):
    assert "plane" not in field.toolTip()
    naming = Naming(Axis("heat", 55.0, 6.5), Axis("width", 0.0, 2.0))
    own = Dataset([[0, 1], [1, 2]], [0, 2], n_classes=3, naming=naming)
    document.changes.edit_points("own", ReplaceAll(own))
    tip = " ".join(field.toolTip().split())
    assert "Formulas count in units of the plane: x₁ = (heat − 55) / 6.5, x₂ = width / 2." in tip
