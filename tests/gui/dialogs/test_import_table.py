import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QPushButton, QTableWidget, QToolButton

from gui import theme
from gui.dialogs.import_table import PREVIEW_POINTS, ImportDialog
from gui.dialogs.pending_import import PREVIEW_ROWS, PendingImport
from gui.items.plane_view import PlaneView
from gui.theme import Scheme
from model import Dataset
from model.data.dataset import CURVE_UNIT
from model.data.naming import Axis, Naming
from model.table.points import write_table

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

IRIS = """length;width;petal;species
5,1;3,5;1,4;setosa
4,9;3,0;1,3;setosa
7,0;3,2;4,7;versicolor
6,4;3,2;4,5;virginica
"""


class Asked:
    """The dialog, used as a person does."""

    def __init__(self, dialog):
        self.dialog = dialog

    def click(self, name):
        """Press a segment, by its accessible name."""
        (button,) = [b for b in self.dialog.findChildren(QToolButton) if b.accessibleName() == name]
        assert button.isEnabled()
        QTest.mouseClick(button, LEFT)

    def box(self, name):
        (found,) = [box for box in self.dialog.findChildren(QComboBox) if box.accessibleName() == name]
        return found

    def choose(self, name, text):
        """Choose an entry with the keyboard: Home, and down to it."""
        box = self.box(name)
        row = box.findText(text)
        assert row >= 0, [box.itemText(index) for index in range(box.count())]
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        for _ in range(row):
            QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() == text

    def shown(self):
        return {name: self.box(name).currentText() for name in ("Separator", "Numbers", "x₁", "x₂", "Label", "Set")}

    @property
    def sentence(self):
        (found,) = [text for text in self.dialog.findChildren(QLabel) if text.accessibleName() == "What is imported"]
        return found.text()

    @property
    def texts(self):
        return [text.text() for text in self.dialog.findChildren(QLabel)]

    @property
    def is_error(self):
        (found,) = [text for text in self.dialog.findChildren(QLabel) if text.accessibleName() == "What is imported"]
        return found.property("role") == "error"

    @property
    def table(self):
        return self.dialog.findChild(QTableWidget)

    @property
    def import_button(self):
        return self.dialog.findChild(QPushButton, "primary")

    def do_import(self):
        QTest.mouseClick(self.import_button, LEFT)

    def cancel(self):
        box = self.dialog.findChild(QDialogButtonBox)
        QTest.mouseClick(box.button(QDialogButtonBox.StandardButton.Cancel), LEFT)


@pytest.fixture
def ask(bare_window, document, qtbot):
    def open_dialog(content, *, adding=False):
        pending = PendingImport(document.changes, document.view, content, adding=adding)
        dialog = ImportDialog(document.changes, document.points, pending, "t.csv", bare_window)
        dialog.open()
        qtbot.waitUntil(dialog.isVisible)
        return Asked(dialog)

    return open_dialog


def state(document):
    network = document.network_settings
    return document.dataset, network, document.training_settings, document.view.settings.current_class


def test_classes_by_name_are_scaled_imported_and_taken_back(ask, document):
    before = state(document)
    asked = ask(IRIS)
    assert asked.shown() == {
        "Separator": "Semicolon",
        "Numbers": "Comma: 0,5",
        "x₁": "length",
        "x₂": "width",
        "Label": "species",
        "Set": "All for training",
    }
    assert asked.sentence.startswith("4 points in 3 classes (setosa, versicolor, virginica); ")
    asked.do_import()
    data = document.dataset
    assert data.class_names == ("setosa", "versicolor", "virginica")
    assert (data.naming.x1.name, data.naming.x2.name, data.naming.value.name) == ("length", "width", "species")
    assert data.naming.x1.written(data.points[:, 0]).tolist() == [5.1, 4.9, 7.0, 6.4]
    assert data.labels.tolist() == [0, 0, 1, 2]
    assert data.n_classes == document.network_settings.n_classes == 3
    assert np.abs(data.points).max() == 5.5
    assert data.n_test == 0
    assert document.changes.undo_stack.count() == 1
    document.changes.undo()
    assert state(document) == before
    document.changes.redo()
    assert document.dataset == data


def test_every_column_can_be_chosen(ask, document):
    asked = ask("a,b,c,d,e\n0,1,2,x,0\n3,2,1,y,1\n1,1,2.5,x,1\n")
    asked.choose("x₁", "c")
    asked.choose("x₂", "b")
    asked.choose("Label", "None")
    asked.choose("Set", "e")
    asked.click("Coordinates: Keep")
    assert header_of(asked) == ["a\n", "b\nx₂", "c\nx₁", "d\n", "e\nset"]
    asked.do_import()
    naming = Naming(Axis("c"), Axis("b"))
    assert document.dataset == Dataset([[2, 1], [1, 2], [2.5, 1]], [0, 0, 0], [False, True, True], naming=naming)


@pytest.mark.parametrize(("n_points", "n_test"), [(19, 0), (20, 6)])
def test_a_few_points_are_all_for_training(ask, document, n_points, n_test):
    text = "".join(f"{index},{index * index % 7},{'AB'[index % 2]}\n" for index in range(n_points))
    asked = ask(text)
    assert asked.shown()["Set"] == ("Draw 70% for training" if n_test else "All for training")
    asked.do_import()
    assert document.dataset.n_test == n_test


def test_rows_that_are_left_out_are_no_points(ask):
    rows = "".join(f"{index},{'?' if index < 6 else index * index % 7},{'AB'[index % 2]}\n" for index in range(25))
    assert ask(rows).shown()["Set"] == "All for training"


def test_a_long_name_is_cut_at_its_end(ask):
    asked = ask("Einkommen in vielen langen Worten;y;c\n1;2;A\n3;4;B\n")
    text = asked.table.horizontalHeaderItem(0).text()
    assert text.startswith("Einkommen")
    assert text.endswith("…\nx₁")
    width = max(asked.table.fontMetrics().horizontalAdvance(line) for line in text.split("\n"))
    assert width < asked.table.columnWidth(0)


def test_how_many_are_for_training_can_be_chosen(ask, document):
    asked = ask(IRIS)
    asked.choose("Set", "Draw 70% for training")
    assert asked.sentence.endswith("1 point drawn for testing.")
    asked.choose("Set", "All for training")
    asked.choose("Set", "Draw 70% for training")
    asked.do_import()
    assert document.dataset.n_test == 1


def test_values_instead_of_classes(ask, document):
    asked = ask("x1,x2,z\n0,1,5\n3,2,10\n1,4,15\n")
    assert document.dataset.n_classes
    asked.click("Problem: Values")
    asked.click("Coordinates: Scale")
    asked.do_import()
    assert document.dataset.labels.tolist() == [-1.0, 0.0, 1.0]
    assert document.training_settings.loss == "squared_error"
    assert document.network_settings.layer_sizes[-1] == 1
    document.changes.undo()
    assert document.training_settings.loss == "cross_entropy"
    assert not document.dataset.is_regression


def header_of(asked):
    return [asked.table.horizontalHeaderItem(column).text() for column in range(asked.table.columnCount())]


def test_two_columns_of_numbers_are_a_curve(ask, document):
    before = state(document)
    asked = ask("when,height\n1900,20\n1950,70\n2000,30\n")
    assert button_of(asked, "Problem: Curve").isChecked()
    assert header_of(asked) == ["when\nx", "height\ny"]
    assert asked.sentence.startswith("3 points of a curve; x scaled from 1900 … 2000 and y scaled from 20 … 70.")
    assert not asked.box("Label").isEnabled()
    assert asked.dialog.findChild(PlaneView).getAxis("left").tickStrings([CURVE_UNIT], 1.0, CURVE_UNIT) == ["70"]
    assert {"x", "y"} <= set(asked.texts)
    asked.choose("Set", "All for training")
    asked.do_import()
    assert document.dataset.is_curve
    np.testing.assert_allclose(document.dataset.labels, [-1, 1, -0.6], atol=1e-12)
    assert document.network_settings.features == ("x",)
    assert document.network_settings.layer_sizes[-1] == 1
    assert document.training_settings.loss == "squared_error"
    document.changes.undo()
    assert state(document) == before


def test_two_columns_can_be_points_of_the_plane_and_others_a_curve(ask, document):
    asked = ask("1.5 2\n-3 -1\n")
    assert not button_of(asked, "Problem: Values").isVisible()
    asked.click("Problem: Classes")
    assert header_of(asked) == ["column 1\nx₁", "column 2\nx₂"]
    assert {"x₁", "x₂"} <= set(asked.texts)
    asked.do_import()
    assert document.dataset.points.tolist() == [[1.5, 2], [-3, -1]]
    assert document.dataset.kind == "classes"
    asked = ask("x,y,z\n1.5,1.25,A\n-3,-1,B\n")
    asked.click("Problem: Curve")
    assert header_of(asked) == ["x\nx", "y\ny", "z\n"]
    asked.do_import()
    assert document.dataset.labels.tolist() == [1.25, -1]


def test_points_are_added_to_a_curve_as_x_and_y(ask, document):
    document.points.set_data("", Dataset.curve([[0, 1]]))
    asked = ask("x,y,z\n1.5,1.25,A\n-3,-1,B\n", adding=True)
    assert button_of(asked, "Problem: Curve").isChecked()
    assert not button_of(asked, "Problem: Classes").isEnabled()
    asked.do_import()
    assert document.dataset.labels.tolist() == [0.25, 1.25, -1]


VALUES = "age,income,value\n20,30000,120.5\n40,90000,-48.25\n60,50000,10\n"


def test_coordinates_and_values_are_scaled_each_by_a_choice_of_its_own(ask, document):
    asked = ask(VALUES)
    assert button_of(asked, "Coordinates: Scale").isChecked()
    assert button_of(asked, "Values: Scale").isChecked()
    asked.click("Coordinates: Keep")
    assert "scaled to the plane" not in asked.sentence
    assert "values scaled from −48.25 … 120.5 to −1 … 1" in asked.sentence
    asked.click("Coordinates: Scale")
    asked.click("Values: Keep")
    assert asked.is_error
    assert "'120.5' is outside −1 to 1; let the numbers be scaled" in asked.sentence
    asked.click("Values: Scale")
    asked.do_import()
    data = document.dataset
    np.testing.assert_array_equal(data.naming.value.written(data.labels), [120.5, -48.25, 10])
    np.testing.assert_array_equal(data.naming.x2.written(data.points[:, 1]), [30000, 90000, 50000])


def test_classes_have_no_values_to_scale_and_a_curve_has_heights(ask):
    asked = ask(IRIS)
    assert not button_of(asked, "Values: Scale").isVisible()
    asked = ask("1900,20\n1950,70\n2000,30")
    assert {"Along x", "Heights"} <= set(asked.texts)
    asked.click("Values: Keep")
    assert asked.sentence == "3 points of a curve; x scaled from 1900 … 2000; 3 points outside the plane."


def test_points_are_added_in_the_units_of_those_that_are_there(ask, document):
    ask(VALUES).do_import()
    before = document.dataset
    asked = ask("age,income,value\n30,60000,36.125\n", adding=True)
    assert not button_of(asked, "Coordinates: Scale").isEnabled()
    assert asked.sentence == "1 point with values; in the units of the points that are there."
    asked.do_import()
    assert document.dataset.take([0, 1, 2]) == before
    np.testing.assert_allclose(document.dataset.points[3], [-2.75, 0.0], atol=1e-12)
    np.testing.assert_allclose(document.dataset.labels[3], 0.0, atol=1e-12)


def test_fits_on_the_smallest_screen(ask):
    long = "a long name of a column " * 3
    for text in (IRIS, f"{long},{long}2,{long}3\n1,2,A\n3,4,B\n"):
        smallest = ask(text).dialog.minimumSizeHint()
        assert (smallest.width() <= 1000, smallest.height() <= 560) == (True, True), smallest


def button_of(asked, name):
    (button,) = [button for button in asked.dialog.findChildren(QToolButton) if button.accessibleName() == name]
    return button


def test_what_was_detected_can_be_overridden(ask):
    asked = ask("1,5;2,5\n3,5;4,5\n")
    assert asked.table.item(0, 0).text() == "1,5"
    asked.click("First row: Header")
    assert asked.table.rowCount() == 1
    assert asked.table.verticalHeaderItem(0).text() == "2"
    asked.click("First row: Data")
    asked.choose("Numbers", "Point: 0.5")
    assert asked.is_error
    assert asked.sentence == "Line 1, column 1: '1,5' is not a number; no row has all its numbers."
    assert not asked.import_button.isEnabled()
    asked.choose("Numbers", "Comma: 0,5")
    assert not asked.is_error
    asked.choose("Separator", "Comma")
    assert asked.box("x₁").count() == 3
    asked.choose("Separator", "Semicolon")
    assert asked.box("x₁").count() == 2
    assert asked.import_button.isEnabled()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The table is empty; write each point on a line of its own, such as 0.5,1.5,A."),
        ("x1,x2\n", "The table has a header and no points under it; write each point on a line of its own."),
        ("x1,x2,class\n1,,A\n1,n/a,B\n", "Line 2, column 2 (x2): the cell is empty; no row has all its numbers."),
        ("x1,x2,class\n1,nan,A\n", "Line 2, column 2 (x2): 'nan' is not a finite number."),
        (
            "1,2\n3,4,A,5\n5\n6,7,B\n8\n",
            "Line 2 has 4 columns, but line 1 has 2; it was read with comma as separator.",
        ),
        ("a\n1\n", "The table has 1 column; x1 and x2 need one each, separated by a comma for example."),
        (
            "x1,x2,class\n" + "".join(f"1,2,name{index}\n" for index in range(9)),
            "Column 3 (class): there are 9 classes; at most 8 are allowed.",
        ),
        (b"\x00\x01", "Line 1 has a NUL character, so this is not text; save the table as CSV in UTF-8."),
    ],
)
def test_an_error_is_said_at_once_and_nothing_is_imported(ask, document, content, sentence):
    before = state(document)
    asked = ask(content)
    assert asked.is_error
    assert asked.sentence == sentence
    assert not asked.import_button.isEnabled()
    QTest.keyClick(asked.dialog, Qt.Key.Key_Return)
    assert asked.dialog.isVisible()
    asked.cancel()
    assert state(document) == before
    assert document.changes.undo_stack.count() == 0


def doubts_of(asked):
    (found,) = [t for t in asked.dialog.findChildren(QLabel) if t.accessibleName() == "What may be read in another way"]
    return found.text() if found.isVisible() else ""


def test_what_may_be_read_in_another_way_is_said_until_one_chooses(ask, document):
    asked = ask("a;b;c\n960;1.200;low\n1.000;1.300;high\n")
    assert doubts_of(asked) == "'1.000' in line 3 is read as 1000, and may be 1."
    assert asked.box("Numbers").currentText() == "Comma, thousands by point: 1.000,5"
    asked.choose("Numbers", "Point: 0.5")
    assert doubts_of(asked) == ""
    asked.click("Coordinates: Keep")
    asked.do_import()
    assert document.dataset.points.tolist() == [[960, 1.2], [1, 1.3]]


def test_letters_are_right_in_the_encoding_that_one_chooses(ask):
    asked = ask("x;y;Sorte\n1,5;2,5;İyi\n2,5;1,5;kötü\n".encode("cp1254"))
    assert doubts_of(asked).startswith("The letters are read as Western (Windows-1252)")
    asked.choose("Encoding", "Turkish (Windows-1254)")
    assert asked.sentence.startswith("2 points in 2 classes (İyi, kötü)")
    asked.choose("Encoding", "UTF-8")
    assert asked.is_error
    assert asked.sentence == "Byte 19 is not written in UTF-8; choose another encoding."
    asked.choose("Encoding", "Turkish (Windows-1254)")
    assert not asked.is_error


def test_a_text_has_no_encoding_to_choose(ask):
    asked = ask("1 2 A\n3 4 B\n", adding=True)
    assert not asked.box("Encoding").isEnabled()
    assert asked.box("Encoding").currentText() == ""


def test_rows_that_lack_a_number_are_left_out_unless_one_refuses_them(ask, document):
    asked = ask("x,y,c\n1,2,A\n2,n/a,B\n3,4,B\n,1,A\n")
    assert "2 of 4 rows have no number in column 1 (x) or column 2 (y), such as" not in asked.sentence
    assert "2 of 4 rows have no number in column 1 (x) or column 2 (y): left out" in asked.sentence
    asked.click("Incomplete rows: Refuse")
    assert asked.is_error
    assert asked.sentence == "Line 3, column 2 (y): 'n/a' is not a number."
    assert not asked.import_button.isEnabled()
    asked.click("Incomplete rows: Leave out")
    asked.click("Coordinates: Keep")
    asked.do_import()
    assert document.dataset.points.tolist() == [[1, 2], [3, 4]]


def test_what_stands_beside_the_rows_is_said(ask):
    asked = ask("Messung vom 3. Mai\nx,y,c\nmm,mm,-\n1,2,A\n3,4,B\nSumme,6,\n")
    assert asked.sentence.endswith("1 line above the header, 1 line below the header, 1 line below the table left out.")
    assert [asked.table.verticalHeaderItem(row).text() for row in range(2)] == ["4", "5"]


def test_a_text_that_cannot_be_read_is_shown_as_it_is(ask):
    asked = ask("1,2\n3,4,A,5\n5\n6,7,B\n8\n")
    assert asked.is_error
    assert [asked.table.item(row, 0).text() for row in range(3)] == ["1,2", "3,4,A,5", "5"]
    assert asked.box("Separator").currentIndex() == -1
    asked.choose("Separator", "Bar")
    assert asked.sentence.startswith("The table has 1 column;")
    assert asked.box("Separator").currentText() == "Bar"


def test_added_points_join_the_classes_with_their_letters(ask, document):
    document.points.set_data("", Dataset([[1, 1], [2, 2]], [0, 1], None, 2))
    before = state(document)
    asked = ask("x,y,c\n0,1,B\n3,2,C\n1,1,B\n", adding=True)
    asked.choose("Set", "All for training")
    asked.click("Coordinates: Keep")
    asked.do_import()
    assert document.dataset.labels.tolist() == [0, 1, 1, 2, 1]
    assert document.dataset.points[2:].tolist() == [[0, 1], [3, 2], [1, 1]]
    assert document.network_settings.n_classes == document.dataset.n_classes == 3
    assert document.view.selected_points.tolist() == [2, 3, 4]
    document.changes.undo()
    assert state(document) == before


def test_points_without_a_label_are_added_as_new_ones_would_be(ask, document):
    document.view.set(current_class=1)
    n_before = len(document.dataset)
    asked = ask("3 1\n2 2\n")
    asked.click("Points: Add")
    assert asked.sentence.startswith("2 points of class B, as new ones have")
    asked.do_import()
    assert document.dataset.labels[n_before:].tolist() == [1, 1]
    document.points.set_kind("values")
    document.view.set(current_value=0.25)
    asked = ask("3 1\n2 2\n", adding=True)
    asked.do_import()
    assert document.dataset.labels[-2:].tolist() == [0.25, 0.25]


def test_added_points_have_the_kind_of_label_that_is_there(ask, document):
    document.points.set_kind("values")
    asked = ask(IRIS)
    assert not asked.is_error
    asked.click("Points: Add")
    assert asked.sentence == "Line 2, column 4 (species): 'setosa' is not a number; no row has all its numbers."
    asked.click("Points: Replace")
    assert not asked.is_error


def test_too_many_points_are_refused(ask, document):
    document.points.set_data("", Dataset(np.zeros((99_999, 2)), np.zeros(99_999, dtype=int)))
    asked = ask("3 1\n2 2\n", adding=True)
    assert asked.is_error
    assert "99,999 points already" in asked.sentence
    asked.click("Points: Replace")
    assert not asked.is_error


def test_letters_are_their_own_classes(ask, document):
    asked = ask("x,y,c\n0,1,D\n3,2,B\n")
    asked.do_import()
    assert document.dataset.labels.tolist() == [3, 1]


def test_points_beyond_the_plane_are_counted(ask):
    asked = ask("0 1\n30 2\n1 1\n")
    asked.click("Coordinates: Keep")
    assert asked.sentence.endswith("1 point outside the plane.")


def test_a_large_table_is_previewed_in_part_and_imported_whole(ask, document):
    random = np.random.default_rng(0)
    data = Dataset(random.uniform(-5, 5, (100_000, 2)), random.integers(0, 3, 100_000), random.random(100_000) < 0.3)
    asked = ask(write_table(data).encode())
    assert asked.table.rowCount() == PREVIEW_ROWS
    drawn = [item for item in asked.dialog.findChild(PlaneView).getPlotItem().items if hasattr(item, "getData")]
    assert sum(len(item.getData()[0]) for item in drawn) == PREVIEW_POINTS
    asked.do_import()
    assert document.dataset == data


def test_the_preview_shows_the_points_and_follows_the_theme(ask):
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        asked = ask("0.5 1.5 a\n3.5 2.5 b\n1.5 -4.5 a\n")
        asked.choose("Set", "All for training")
        theme.manager().set_scheme(scheme)
        view = asked.dialog.findChild(PlaneView)
        picture = view.grab().toImage()
        for x, y, index in ((0.5, 1.5, 0), (3.5, 2.5, 1), (1.5, -4.5, 0)):
            colour = picture.pixelColor(view.from_plane(QPointF(x, y)).toPoint() * picture.devicePixelRatio())
            expected = theme.current().classes[index]
            assert abs(colour.red() - expected.red()) + abs(colour.blue() - expected.blue()) < 60
        asked.cancel()
    theme.manager().set_scheme(Scheme.SYSTEM)


def test_opening_and_closing_again_and_again_leaves_nothing(ask, bare_window, qtbot):
    for _ in range(20):
        asked = ask(IRIS)
        QTest.keyClick(asked.dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not bare_window.findChildren(ImportDialog))


def test_a_column_is_as_wide_as_its_header_at_every_size_of_the_interface(ask):
    theme.manager().set_scale(2.0)
    table = ask("height of a plant;x;kind\n1,5;2,5;a\n2,5;1,5;b\n").table
    header = table.horizontalHeader()
    assert table.horizontalHeaderItem(0).text() == "height of a plant\nx₁"
    assert table.columnWidth(0) >= header.sectionSizeHint(0)
    assert table.columnWidth(0) > table.columnWidth(1) >= header.sectionSizeHint(1)
    assert table.rowHeight(0) >= table.fontMetrics().height()
