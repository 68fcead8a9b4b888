"""A person's names and units in all of the window: imported, seen, changed, undone, written, and opened again."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLabel, QLineEdit, QPushButton, QToolButton

from gui.dialogs.import_table import ImportDialog
from gui.dialogs.names import NamesDialog
from gui.items.plane_axes import AxisName
from gui.items.plane_view import PlaneView
from gui.widgets.refusal import refusal_of
from model import Dataset
from model.data.naming import Axis, Naming
from model.run.history import KeyFrame

LEFT = Qt.MouseButton.LeftButton
NAMING = Naming(Axis("petal length", 3.5, 0.5), Axis("petal width", 1.25, 0.25), classes=("setosa", "versicolor"))
POINTS = np.array([(-2.0, 1.0), (-3.0, -2.0), (-1.0, 2.0), (2.0, -1.0), (3.0, 2.0), (1.0, -3.0)])
IRIS = Dataset(POINTS, [0, 0, 0, 1, 1, 1], naming=NAMING)


@pytest.fixture
def window(shared_window, qtbot, answered):
    shared_window.document.points.set_data("names", IRIS)
    answered(shared_window.document)
    return shared_window


def view_of(window, name):
    return window.findChild(PlaneView, name)


def axis_texts(view):
    """What stands along both axes of a view, and what they are called."""
    plane, texts = view.plane, []
    for side, ends, length in (
        ("bottom", (plane.x_min, plane.x_max), view.box.width()),
        ("left", (plane.y_min, plane.y_max), view.box.height()),
    ):
        axis = view.getAxis(side)
        ((spacing, values),) = axis.tickValues(*ends, length)
        texts.append(axis.tickStrings(values, 1.0, spacing))
    return texts, [name.text for name in view.findChildren(AxisName) if name.isVisible()]


def status(window):
    return " ".join(label.text() for label in window.statusBar().findChildren(QLabel))


def double_click(widget, place=None):
    place = widget.rect().center() if place is None else place
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, place)


def chip(window, index):
    return next(
        button
        for button in window.findChildren(QToolButton)
        if button.defaultAction() is not None and button.defaultAction().objectName() == f"class_{index + 1}"
    )


def name_field(window):
    return next(field for field in window.findChildren(QLineEdit) if field.accessibleName() == "Name of the class")


def typed(field, text):
    field.selectAll()
    QTest.keyClicks(field, text)


class TestWhatIsSeen:
    @pytest.mark.parametrize("name", ["data_canvas", "output_view"])
    def test_axes_are_in_the_persons_units_with_names(self, window, name):
        (x_texts, y_texts), names = axis_texts(view_of(window, name))
        assert {"2", "4", "6"} <= set(x_texts) or {"0", "5", "10"} <= set(x_texts)
        assert {"0", "2"} <= set(y_texts)
        assert names == ["petal length", "petal width"]

    def test_the_place_under_the_mouse_is_said_so(self, window, qtbot, hand_on):
        hand_on(view_of(window, "output_view")).move(1.0, -2.0)
        qtbot.waitUntil(lambda: "petal length 4.0" in status(window) and "petal width 0.7" in status(window))
        assert "class setosa" in status(window) or "class versicolor" in status(window)

    def test_a_point_is_said_by_its_class(self, window, qtbot, hand_on):
        hand_on(view_of(window, "output_view")).move(*POINTS[3])
        qtbot.waitUntil(lambda: "wrong: it is class versicolor" in status(window) or "right, loss" in status(window))

    def test_the_values_of_a_regression_are_in_units(self, window, qtbot, hand_on, answered):
        naming = Naming(value=Axis("price (k€)", 300.0, 100.0))
        window.document.points.set_data("values", Dataset(POINTS, np.linspace(-1, 1, 6), naming=naming))
        answered(window.document)
        hand_on(view_of(window, "output_view")).move(1.0, 1.0)
        qtbot.waitUntil(lambda: "→   price (k€) = " in status(window))
        number = float(status(window).split("price (k€) = ")[1].split()[0].replace("−", "-"))
        assert abs(number) > 50
        box = next(w for w in window.findChildren(QLineEdit) if w.parent().accessibleName() == "Value as a number")
        window.document.view.set(current_value=0.5)
        assert box.text() == "350"

    def test_plain_points_have_letters_between_their_ticks(self, window, answered):
        window.document.points.generate(name="circle")
        answered(window.document)
        _, names = axis_texts(view_of(window, "output_view"))
        assert names == ["x₁", "x₂"]


class TestRenaming:
    def test_a_double_click_on_a_chip_renames_its_class(self, window, qtbot):
        document = window.document
        double_click(chip(window, 1))
        field = name_field(window)
        assert field.isVisible()
        assert field.text() == "versicolor"
        typed(field, "virginica")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert not field.isVisible()
        assert document.dataset.class_names == ("setosa", "virginica")
        qtbot.waitUntil(lambda: document.displayed.moment.dataset.class_names == ("setosa", "virginica"))
        assert chip(window, 1).accessibleName() == "Class virginica, 3 points"
        document.changes.undo()
        assert document.dataset == IRIS
        document.changes.redo()
        assert document.dataset.class_names == ("setosa", "virginica")

    def test_a_class_that_has_gone_is_not_renamed(self, window):
        window.document.points.add_class()
        gone = chip(window, 2)
        window.document.points.remove_class(2)
        double_click(gone)
        assert not name_field(window).isVisible()

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [("", "needs a name"), ("setosa", "two classes are called"), ("x" * 101, "at most 100 characters")],
    )
    def test_a_name_that_cannot_be_is_refused_under_the_field(self, window, qtbot, name, sentence):
        double_click(chip(window, 1))
        field = name_field(window)
        field.clear()
        typed(field, name)
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: refusal_of(field) is not None and refusal_of(field).isVisible())
        assert sentence in refusal_of(field).sentence.lower()
        assert field.isVisible()
        assert window.document.dataset == IRIS
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert not field.isVisible()
        assert window.document.dataset == IRIS

    def test_all_names_and_units_are_changed_in_a_dialog(self, window, qtbot, named):
        double_click(view_of(window, "data_canvas").findChildren(AxisName)[0])
        dialog = window.findChild(NamesDialog)
        qtbot.waitUntil(dialog.isVisible)
        typed(named(dialog, "Name of x₁", QLineEdit), "length, mm")
        typed(named(dialog, "x₁ at −6", QLineEdit), "5")
        ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
        typed(named(dialog, "x₁ at 6", QLineEdit), "4,5")
        assert not ok.isEnabled()
        assert any("must be larger" in label.text() for label in dialog.findChildren(QLabel))
        typed(named(dialog, "x₁ at 6", QLineEdit), "65")
        typed(named(dialog, "Name of class 1", QLineEdit), "first")
        QTest.mouseClick(ok, LEFT)
        naming = window.document.dataset.naming
        assert naming.x1 == Axis("length, mm", 35.0, 5.0)
        assert (naming.x2, naming.classes) == (NAMING.x2, ("first", "versicolor"))
        assert np.array_equal(window.document.dataset.points, POINTS)
        window.document.changes.undo()
        assert window.document.dataset == IRIS

    def test_f2_asks_for_the_name_of_the_current_class(self, window, qtbot, named):
        window.document.view.set(current_class=1)
        window.setFocus()
        QTest.keyClick(window, Qt.Key.Key_F2)
        qtbot.waitUntil(lambda: window.findChild(NamesDialog) is not None)
        dialog = window.findChild(NamesDialog)
        assert named(dialog, "Name of class 2", QLineEdit).selectedText() == "versicolor"
        dialog.reject()

    def test_training_goes_on_and_its_past_has_the_new_names(self, window, qtbot, answered):
        document = window.document
        document.run.run_epoch()
        qtbot.waitUntil(lambda: document.run.step_count > 0 and len(document.run.history) > 1)
        answered(document)
        step = document.run.step_count
        document.points.rename_class(0, "small")
        answered(document)
        assert document.run.step_count == step
        names = {frame.dataset.class_name(0) for frame in document.run.history.frames}
        assert names == {"small"}
        assert document.run.history.frames[-1].dataset.points is document.dataset.points

    def test_a_past_moment_of_other_points_has_its_own_names(self, window, qtbot, answered):
        document = window.document
        document.run.step()
        qtbot.waitUntil(lambda: document.run.step_count > 0)
        document.points.generate(name="circle")
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step > 1)
        answered(document)
        view = view_of(window, "output_view")
        assert axis_texts(view)[1] == ["x₁", "x₂"]
        frames = list(document.run.history.frames)
        past = max(index for index, frame in enumerate(frames) if frame.dataset == IRIS)
        document.run.look_back(past)
        for shown in (view, view_of(window, "data_canvas")):
            assert axis_texts(shown)[1] == ["petal length", "petal width"]
        document.run.look_at_present()
        assert axis_texts(view)[1] == ["x₁", "x₂"]


class TestHostileNames:
    NAMES = ("<b>x</b>", "😀" * 40)
    ARABIC = Naming(Axis("طول البتلة"), Axis("y" * 500), classes=NAMES)

    def test_no_name_breaks_the_layout(self, window, qtbot, answered):
        before = window.minimumSizeHint()
        window.document.points.rename("names", self.ARABIC)
        answered(window.document)
        window.document.probe.pin(3)
        qtbot.waitUntil(lambda: "Pinned" in status(window))
        QGuiApplication.processEvents()
        assert window.minimumSizeHint().width() <= before.width()
        for name in view_of(window, "output_view").findChildren(AxisName):
            assert name.geometry().right() <= view_of(window, "output_view").width()
        long_name = view_of(window, "output_view").findChildren(AxisName)[1]
        assert long_name.text.endswith("…")
        assert "y" * 500 in long_name.toolTip().replace("\n", "")
        right = chip(window, 1).mapTo(window, QPoint(chip(window, 1).width(), 0)).x()
        assert right <= view_of(window, "data_canvas").mapTo(window, QPoint(0, 0)).x() + 400
        assert chip(window, 0).toolTip().count("<b>") == 0 or "&lt;b&gt;" in chip(window, 0).toolTip()


TABLE = (
    "petal length;petal width;species\n"
    + "\n".join(
        f"{length:.1f};{width:.2f};{species}".replace(".", ",")
        for length, width, species in zip(
            np.linspace(1, 7, 24), np.tile([0.25, 1.5, 2.25], 8), ("setosa", "virginica") * 12, strict=True
        )
    )
    + "\n"
)


def test_a_table_goes_round_by_window_table_and_file(window, qtbot, answered, tmp_path, monkeypatch):
    """Opened, trained, exported with decimal commas, imported again, saved and opened again: the same."""
    document, table = window.document, tmp_path / "iris.csv"
    table.write_text(TABLE, encoding="utf-8")
    window.open_file(table)
    dialog = window.findChild(ImportDialog)
    QTest.mouseClick(dialog.findChild(QPushButton, "primary"), LEFT)
    imported = document.dataset
    assert imported.naming.x1.name == "petal length"
    assert imported.class_names == ("setosa", "virginica")
    document.run.step()
    qtbot.waitUntil(lambda: document.run.step_count > 0)
    answered(document)

    exported = tmp_path / "again.csv"

    def choose(_parent, _title, _start, filters, *_):
        return str(exported), next(entry for entry in filters.split(";;") if "semicolons" in entry)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    window.findChild(QAction, "export_data").trigger()
    lines = exported.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["petal length;petal width;species;set", "1,0;0,25;setosa;train"]

    window.findChild(QAction, "copy_points").trigger()
    assert QGuiApplication.clipboard().text().splitlines()[1] == "1,0\t0,25\tsetosa\ttrain"

    saved = tmp_path / "run.netcanvas"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    window.findChild(QAction, "save_as").trigger()
    qtbot.waitUntil(saved.exists)
    document.points.generate(name="circle")
    window.files.forget_changes()
    window.open_file(exported)
    QTest.mouseClick(window.findChildren(ImportDialog)[-1].findChild(QPushButton, "primary"), LEFT)
    again = document.dataset
    assert again.naming == imported.naming
    np.testing.assert_allclose(again.points, imported.points, atol=1e-12)
    window.files.forget_changes()
    window.open_file(saved)
    qtbot.waitUntil(lambda: document.dataset == imported)
    frames = document.run.history.frames
    assert isinstance(frames[-1], KeyFrame)
    assert frames[-1].dataset.naming == imported.naming
    assert axis_texts(view_of(window, "output_view"))[1] == ["petal length", "petal width"]
