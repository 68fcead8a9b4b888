import itertools
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QAccessible, QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)

from gui import theme
from gui.dialogs.import_table import ImportDialog
from gui.items.plane_view import PlaneView
from gui.panels.data import DataPanel
from gui.theme import Scheme
from gui.training_thread.thread import TrainingThread
from gui.widgets.choices import Segments
from model.data.generators import GENERATORS
from model.experiment import save_experiment
from model.network.parts import Edge, Unit
from tests.gui.events import settle
from tests.gui.refusals import said_under

LEFT = Qt.MouseButton.LeftButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ROOT = Path(theme.__file__).resolve().parent.parent
PANELS = ["Data", "Network", "Inspector", "Output", "Loss"]
ALL_PANELS = [*PANELS, "Settings", "Features"]
with_popups = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The offscreen platform says so when a menu or a dialog opens."""


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def document(window):
    return window.document


def panel_of(window, name):
    frames = [*window.findChildren(QFrame, "panel"), *window.findChildren(QFrame, "toolbar")]
    (found,) = [frame for frame in frames if frame.accessibleName() == name]
    return found


@pytest.fixture
def panel(window):
    return partial(panel_of, window)


def first_ink(panel):
    """Return how many pixels from its left edge the title of a panel begins."""
    middle = panel.header.geometry().center().y()
    image = panel.grab(QRect(2, middle - 6, 60, 12)).toImage()
    ground = image.pixelColor(0, 0)
    columns = range(image.width())
    return next(x for x in columns if any(image.pixelColor(x, y) != ground for y in range(image.height())))


def visible(window, kind):
    return [widget for widget in window.findChildren(kind) if widget.isVisible()]


def action(window, name):
    found = window.findChild(QAction, name)
    assert found is not None, name
    return found


@with_popups
def test_a_file_that_a_shell_names_is_opened_as_one_that_is_dropped(window, tmp_path, qtbot):
    table, experiment = tmp_path / "points.csv", tmp_path / "run.netcanvas"
    table.write_text("x,y,class\n1,2,A\n3,4,B\n")
    save_experiment(window.document.experiment(), experiment)
    window.open_file(experiment)
    assert window.files.path == experiment
    for name in ("points.csv", "points.DATA", "points.tab", "points.out"):
        table = table.rename(tmp_path / name)
        window.open_file(table)
        dialog = next(found for found in window.findChildren(ImportDialog) if found.windowTitle() == f"Import {name}")
        qtbot.waitUntil(dialog.isVisible)
        dialog.reject()
    renamed = experiment.rename(tmp_path / "run.old")
    window.open_file(renamed)
    assert window.files.path == renamed


class TestNames:
    def test_of_actions_and_widgets_hold(self, window):
        """Other programs and assistive technology find them by these names."""
        for name in (
            *("play", "step", "epoch", "rewind", "reinitialise", "undo", "redo", "open", "save", "save_as"),
            *("import_data", "export_data", "export_animation"),
        ):
            assert window.findChild(QAction, name) is not None, name
        for name in ("data_canvas", "network_view", "output_view", "loss_view", "timeline"):
            assert window.findChild(QWidget, name) is not None, name

    def test_the_document_s_experiment_is_what_it_shows(self, window, document):
        experiment = document.experiment()
        assert experiment.setup.dataset == document.dataset
        assert experiment.setup.network == document.network_settings
        assert experiment.setup.training == document.training_settings
        assert experiment.history.frames[-1].step == document.displayed.step

    def test_everything_that_can_be_used_has_one(self, window, document):
        document.view.select(Unit(1, 0))
        document.view.set(tool="brush")
        QApplication.processEvents()
        focusable = [widget for widget in visible(window, QWidget) if widget.focusPolicy() != Qt.FocusPolicy.NoFocus]
        assert len(focusable) > 40
        nameless = [
            widget
            for widget in focusable
            # Qt itself takes care of the line edit in a spin box and of the viewport in a view.
            if not isinstance(widget.parent(), (QAbstractSpinBox, pg.PlotWidget))
            and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        ]
        assert nameless == []

    def test_everything_that_can_be_pressed_says_what_it_does(self, window, document):
        document.view.select(Unit(1, 0))
        QApplication.processEvents()
        assert [button for button in visible(window, QAbstractButton) if not button.toolTip()] == []


class TestKeys:
    def test_of_the_run(self, window, document, qtbot):
        QTest.keyClick(window, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        QTest.keyClick(window, Qt.Key.Key_Right, SHIFT)
        qtbot.waitUntil(lambda: document.displayed.epoch == 1)
        QTest.keyClick(window, Qt.Key.Key_Space)
        assert document.run.playing
        QTest.keyClick(window, Qt.Key.Key_Space)
        assert not document.run.playing
        QTest.keyClick(window, Qt.Key.Key_Home)
        qtbot.waitUntil(lambda: document.displayed.step == 0)

    def test_of_the_classes(self, window, document):
        for _ in range(5):
            document.points.add_class()
        for number in range(8, 0, -1):
            QTest.keyClick(window, Qt.Key(Qt.Key.Key_0.value + number))
            assert document.view.settings.current_class == number - 1
        document.points.remove_class(7)
        QTest.keyClick(window, Qt.Key.Key_8)
        assert document.view.settings.current_class == 0, "there is no eighth class any more"

    def test_of_editing(self, window, document):
        before = document.dataset
        QTest.keyClick(window, Qt.Key.Key_A, CTRL)
        assert len(document.view.selected_points) == 240
        QTest.keyClick(window, Qt.Key.Key_Delete)
        assert len(document.dataset) == 0
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
        assert document.dataset == before
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
        assert len(document.dataset) == 0
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
        QTest.keyClick(window, Qt.Key.Key_Y, CTRL)
        assert len(document.dataset) == 0

    def test_escape_lets_everything_go(self, window, document):
        document.view.select(Unit(1, 0))
        document.points.select_all()
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert document.view.selection is None
        assert len(document.view.selected_points) == 0

    def test_while_training(self, window, document, qtbot):
        QTest.keyClick(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: document.displayed.step > 100)
        QTest.keyClick(window, Qt.Key.Key_G, CTRL)
        QTest.keyClick(window, Qt.Key.Key_L, CTRL)
        step = document.displayed.step
        qtbot.waitUntil(lambda: document.displayed.step > step)
        assert document.network_settings.n_hidden_layers == 3
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
        qtbot.waitUntil(lambda: document.displayed.network.settings == document.network_settings)
        assert document.run.playing


class TestFocus:
    def test_tab_reaches_every_panel_and_comes_round(self, window, document, panel):
        document.view.select(Unit(1, 0))
        QApplication.processEvents()
        reached = []
        for _ in range(200):
            QTest.keyClick(window, Qt.Key.Key_Tab)
            if window.focusWidget() in reached:
                break
            reached.append(window.focusWidget())
        for name in ("Toolbar", *PANELS):
            assert any(panel(name).isAncestorOf(widget) for widget in reached), name
        for name in ("data_canvas", "network_view", "output_view"):
            assert window.findChild(QWidget, name) in reached
        assert len(reached) > 40

    def test_at_the_start_no_button_has_it(self, window, document):
        assert not isinstance(window.focusWidget(), QAbstractButton)

    @pytest.mark.parametrize("name", ["Data set Xor", "Surface: Regions", "Add Layer", "Class B, 80 points"])
    def test_space_presses_the_button_that_has_it(self, window, document, named, name):
        button = named(window, name, QAbstractButton)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        pressed = []
        button.clicked.connect(lambda: pressed.append(name))
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert pressed == [name]
        assert not document.run.playing

    @pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_Home])
    def test_keys_move_the_slider_that_has_it(self, window, document, named, key):
        slider = named(window, "Noise", QSlider)
        slider.setFocus(Qt.FocusReason.TabFocusReason)
        before = slider.value()
        QTest.keyClick(slider, key)
        assert slider.value() != before

    def test_a_click_gives_it_to_no_button(self, window, document):
        document.view.select(Unit(1, 0))
        QApplication.processEvents()
        kinds = (QPushButton, QCheckBox, QToolButton)
        assert [
            button.accessibleName() or button.text()
            for kind in kinds
            for button in visible(window, kind)
            if button.focusPolicy() & Qt.FocusPolicy.ClickFocus
        ] == []

    def test_typing_a_digit_into_a_field_chooses_no_class(self, window, document, named):
        document.view.set(current_class=2)
        field = named(window, "Data seed")
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_1)
        assert document.view.settings.current_class == 2

    def test_what_is_typed_counts_before_a_key_takes_its_field_away(self, window, document, answered):
        document.network.insert_layer()
        self._type_a_bias(window, document, answered, Unit(3, 0))
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_L, CTRL | SHIFT)

        stack = document.changes.undo_stack
        assert [stack.text(index) for index in range(stack.count())][-2:] == ["turn a weight", "remove layer"]
        document.changes.undo()
        answered(document)
        assert document.displayed.network.biases[2][0] == 7.0

    def test_what_is_typed_is_no_change_where_a_change_takes_its_field_away(self, window, document, answered):
        new = document.network_settings.layer_sizes[1]
        document.network.insert_unit(1)
        self._type_a_bias(window, document, answered, Unit(1, new))
        stack = document.changes.undo_stack
        count = stack.count()
        document.changes.undo()

        assert (stack.count(), stack.index()) == (count, count - 1)

    @staticmethod
    def _type_a_bias(window, document, answered, unit):
        document.view.select(unit)
        answered(document)
        field = next(field for field in visible(window, QAbstractSpinBox) if field.accessibleName() == "bias")
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "7")


class TestPanels:
    @pytest.mark.parametrize(("number", "name"), list(enumerate(ALL_PANELS, start=1)))
    def test_hide_and_come_back_by_key(self, window, panel, number, name):
        key = Qt.Key(Qt.Key.Key_0.value + number)
        was_visible = panel(name).isVisible()
        QTest.keyClick(window, key, CTRL)
        assert panel(name).isVisible() != was_visible
        QTest.keyClick(window, key, CTRL)
        assert panel(name).isVisible() == was_visible
        assert panel(name).width() > 100

    def test_hide_and_come_back_by_menu(self, window, panel):
        shown = action(window, "show_loss")
        assert shown.isChecked()
        shown.trigger()
        assert not panel("Loss").isVisible()
        shown.trigger()
        assert panel("Loss").isVisible()

    def test_the_others_take_the_place(self, window, panel, qtbot):
        width, height = panel("Network").width(), panel("Network").height()
        action(window, "show_inspector").trigger()
        qtbot.waitUntil(lambda: panel("Network").height() > height + 100)
        for name in ("output", "loss"):
            action(window, f"show_{name}").trigger()
        qtbot.waitUntil(lambda: panel("Network").width() > width + 100)

    def test_all_hidden_training_goes_on(self, window, document, panel, qtbot):
        document.run.set_playing(True)
        for name in PANELS:
            action(window, f"show_{name.lower()}").trigger()
        assert not any(panel(name).isVisible() for name in PANELS)
        step = document.displayed.step
        qtbot.waitUntil(lambda: document.displayed.step > step + 100)
        for name in PANELS:
            action(window, f"show_{name.lower()}").trigger()
        assert all(panel(name).isVisible() for name in PANELS)

    def test_a_border_can_be_dragged(self, window, panel, qtbot):
        splitter = window.splitters["across"]
        handle, width = splitter.handle(1), panel("Data").width()
        middle = handle.rect().center()
        QTest.mousePress(handle, LEFT, pos=middle)
        QTest.mouseMove(handle, middle + QPoint(60, 0))
        QTest.mouseRelease(handle, LEFT, pos=middle + QPoint(60, 0))
        qtbot.waitUntil(lambda: panel("Data").width() == pytest.approx(width + 60, abs=8))

    def test_a_brush_ends_when_its_panel_is_hidden(self, window, document, canvas, qtbot):
        document.view.set(tool="brush", brush_density=400.0)
        canvas.press(0.0, 0.0)
        QTest.keyClick(window, Qt.Key.Key_1, CTRL)
        canvas.release(0.0, 0.0)
        n_points = len(document.dataset)
        QTest.keyClick(window, Qt.Key.Key_1, CTRL)
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert len(document.dataset) == 240 < n_points


class TestLayout:
    def test_is_kept_between_two_windows(self, make_window):
        first = make_window()
        action(first, "show_loss").trigger()
        sizes = {}
        for name, splitter in first.splitters.items():
            splitter.setSizes([3 * size if index == 0 else size for index, size in enumerate(splitter.sizes())])
            sizes[name] = splitter.sizes()
        first.close()
        second = make_window(width=None)
        assert not panel_of(second, "Loss").isVisible()
        assert not action(second, "show_loss").isChecked()
        assert panel_of(second, "Data").isVisible()
        screen = QGuiApplication.primaryScreen().availableSize()
        if screen.width() > 1280 and screen.height() > 800:
            assert second.size() == first.size()
            for name, splitter in second.splitters.items():
                # Beside a hidden panel Qt may give its handle to the other, or not.
                np.testing.assert_allclose(splitter.sizes(), sizes[name], atol=splitter.handleWidth() + 3)

    def test_of_another_version_is_not_taken(self, make_window):
        first = make_window()
        action(first, "show_data").trigger()
        first.close()
        QSettings().setValue("layout/version", "0")
        assert panel_of(make_window(), "Data").isVisible()

    @pytest.mark.parametrize("key", ["layout/window", "layout/across", "layout/show_Data"])
    def test_what_cannot_be_read_does_no_harm(self, make_window, key):
        make_window().close()
        QSettings().setValue(key, "nonsense")
        assert make_window().isVisible()

    def test_the_remembered_memory_of_the_timeline_holds_while_the_settings_are_hidden(self, make_window):
        QSettings().setValue("timeline/megabytes", 8)
        window = make_window()
        assert not panel_of(window, "Settings").isVisible()
        assert window.document.run.history_budget == 8_000_000


class EventsOf(QObject):
    """Counts the events of a kind that a widget gets, or of an application all its widgets."""

    def __init__(self, receiver, kind):
        super().__init__(receiver)
        self.kind, self.count = kind, 0
        receiver.installEventFilter(self)

    def eventFilter(self, receiver, event):
        self.count += event.type() == self.kind
        return False


class TestTheme:
    @pytest.fixture(autouse=True)
    def _restore(self, qapp):
        yield
        theme.manager().set_scheme(Scheme.SYSTEM)

    def test_both_paint_other_pixels_everywhere(self, window, panel):
        grabs = []
        for scheme in ("light", "dark"):
            action(window, f"theme_{scheme}").trigger()
            grabs.append({name: panel(name).grab().toImage() for name in ("Toolbar", *PANELS)})
            assert theme.current().is_dark is (scheme == "dark")
        for name in ("Toolbar", *PANELS):
            light, dark = (grab[name] for grab in grabs)
            # Every panel's ground is the theme's own.
            assert light.pixelColor(6, light.height() // 2) != dark.pixelColor(6, dark.height() // 2), name

    @pytest.mark.parametrize("size", [(1280, 800), (1600, 1000)])
    def test_every_widget_stays_where_it_is(self, size, make_window):
        window = make_window(*size)

        def places():
            settle()
            return {widget: widget.geometry() for widget in window.findChildren(QWidget) if widget.isVisible()}

        window.splitters["across"].setSizes([400, 600, 500])
        window.splitters["left"].setSizes([size[1] - 350, 200])
        before = places()
        for scheme in (Scheme.DARK, Scheme.LIGHT, Scheme.DARK):
            theme.manager().set_scheme(scheme)
            assert places() == before

    def test_no_widget_is_dressed_once_for_each_that_it_is_in(self, window, qapp):
        n_widgets = len(qapp.allWidgets())
        theme.manager().set_scheme(Scheme.LIGHT)
        counter = EventsOf(qapp, QEvent.Type.StyleChange)
        theme.manager().set_scheme(Scheme.DARK)
        qapp.removeEventFilter(counter)
        assert n_widgets < counter.count < 3 * n_widgets

    def test_it_can_change_while_training(self, window, document, qtbot):
        document.run.set_playing(True)
        for scheme in (Scheme.DARK, Scheme.LIGHT, Scheme.DARK):
            theme.manager().set_scheme(scheme)
            step = document.displayed.step
            qtbot.waitUntil(lambda step=step: document.displayed.step > step)
        assert document.run.playing


class TestSizes:
    def test_a_small_window_has_the_inspector_s_pages_beside_its_title(self, make_window):
        window = make_window(1280, 720)
        window.document.view.select(Unit(1, 0))
        QApplication.processEvents()
        inspector = panel_of(window, "Inspector")
        tabs = next(choice for choice in visible(inspector, Segments) if choice.accessibleName() == "Inspector page")
        assert inspector.title.geometry().top() < tabs.geometry().center().y() < inspector.title.geometry().bottom()

    @pytest.mark.parametrize("tool", ["point", "brush"])
    def test_the_smallest_has_room_for_all_that_chooses_the_points(self, make_window, qtbot, tool):
        window = make_window(1240, 700)
        data = window.findChild(DataPanel)
        window.document.view.set(tool=tool)

        def canvas_is_above_the_rows():
            rows = [slider for slider in visible(data, QSlider) if slider.accessibleName() != "Value"]
            foot = data.canvas.mapTo(data, data.canvas.rect().bottomLeft()).y()
            is_above = foot < min(row.mapTo(data, QPoint()).y() for row in rows)
            return is_above and data.minimumSizeHint().height() <= data.height()

        for name, generator in GENERATORS.items():
            window.document.points.set_kind(generator.kind)
            window.document.points.generate(name=name)
            qtbot.waitUntil(canvas_is_above_the_rows)

    def test_the_titles_of_a_column_stand_below_each_other(self, window):
        """Whether a title is a label or a button that offers more."""
        output, loss = panel_of(window, "Output"), panel_of(window, "Loss")
        assert first_ink(output) == pytest.approx(first_ink(loss), abs=1)

    @pytest.mark.parametrize(("width", "height"), [(1280, 800), (1600, 1000)])
    def test_no_text_is_cut_off(self, make_window, width, height):
        window = make_window(width, height)
        window.document.view.select(Unit(1, 0))
        window.document.view.set(tool="brush")
        QApplication.processEvents()
        window.grab()
        assert (window.width(), window.height()) == (width, height)
        cut = [
            label.text()
            for label in visible(window, QLabel)
            if not label.wordWrap() and label.width() < label.sizeHint().width() - label.margin() * 2
        ]
        assert cut == []
        narrow = [
            button.accessibleName() or button.text()
            for button in visible(window, QToolButton)
            if button.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly
            and button.text()
            and button.width() < button.sizeHint().width()
        ]
        assert narrow == []

    def test_the_largest_network_s_summary_is_not_cut_off(self, window, document, panel):
        for _ in range(8):
            document.network.insert_layer()
        QApplication.processEvents()
        (summary,) = [label for label in panel("Network").findChildren(QLabel) if "parameters" in label.toolTip()]
        assert summary.width() >= summary.sizeHint().width()
        assert summary.toolTip().startswith(summary.text())

    @pytest.mark.parametrize("size", [(1240, 700), (1280, 720), (1600, 1000)])
    def test_what_the_edges_show_is_chosen_by_one_click(self, size, make_window):
        window = make_window()
        window.resize(*size)
        QApplication.processEvents()
        (button,) = [button for button in visible(window, QAbstractButton) if button.text() == "Gradients"]
        assert button.width() >= button.sizeHint().width()
        QTest.mouseClick(button, LEFT)
        assert window.document.view.settings.edges == "gradients"

    def test_no_panel_lies_on_another(self, window, panel):
        rects = [panel(name).rect().translated(panel(name).mapTo(window, QPoint())) for name in PANELS]
        assert not any(first.intersects(second) for first, second in itertools.combinations(rects, 2))
        assert all(window.rect().contains(rect) for rect in rects)


class TestMenus:
    @with_popups
    def test_every_menu_opens_and_every_entry_says_what_it_does(self, window, qtbot):
        for entry in window.menuBar().actions():
            menu = entry.menu()
            menu.popup(window.mapToGlobal(QPoint(50, 50)))
            qtbot.waitUntil(menu.isVisible)
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            assert not menu.isVisible()
            for item in menu.actions():
                if not item.isSeparator() and item.menu() is None:
                    assert item.statusTip().endswith("."), item.text()
                    assert item.objectName(), item.text()

    def test_no_two_shortcuts_of_the_window_are_the_same(self, window):
        keys = [sequence.toString() for found in window.findChildren(QAction) for sequence in found.shortcuts()]
        assert sorted(keys) == sorted(set(keys))

    def test_no_two_entries_of_a_menu_have_the_same_letter(self, window):
        for menu in [window.menuBar(), *(found for found in window.findChildren(QMenu) if found.actions())]:
            texts = [item.text() for item in menu.actions() if "&" in item.text() and item.isVisible()]
            letters = [text[text.index("&") + 1].lower() for text in texts]
            assert sorted(letters) == sorted(set(letters)), texts

    def test_the_view_menu_follows_and_leads(self, window, document):
        for name, field in (("log_loss", "log_loss"), ("regions", "regions"), ("test_points", "show_test_points")):
            before = getattr(document.view.settings, field)
            action(window, name).trigger()
            assert getattr(document.view.settings, field) is not before

    @with_popups
    def test_the_list_of_keys_opens_and_closes(self, window, qtbot):
        QTest.keyClick(window, Qt.Key.Key_F1)
        (dialog,) = window.findChildren(QDialog)
        text = dialog.findChild(QLabel).text()
        for shown in ("Space", "Shift+Right", "1 to 8", "Wheel"):
            assert shown in text
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: window.findChildren(QDialog) == [])


class TestSaying:
    def test_divergence_is_halved_by_one_click(self, window, document, answered, qtbot):
        for layer in (1, 2):
            document.network.set_activation(layer, "relu")
        document.learning.set_training(learning_rate=1000.0)
        QTest.keyClick(window, Qt.Key.Key_Space)
        notice = window.findChild(QWidget, "notice")
        qtbot.waitUntil(notice.isVisible)
        assert not document.run.playing
        assert window.rect().contains(notice.rect().translated(notice.mapTo(window, QPoint())))
        (halve,) = (button for button in notice.findChildren(QPushButton) if button.text() == "Halve the learning rate")
        QTest.mouseClick(halve, LEFT)
        assert document.training_settings.learning_rate == 500.0
        assert not notice.isVisible()
        document.learning.set_training(learning_rate=0.001)
        step = document.displayed.step
        QTest.keyClick(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: document.displayed.step > step)

    @with_popups
    @pytest.mark.parametrize(
        ("name", "typed", "sentence"),
        [
            ("w ← x₁", "1e6", "“1e6” is not a number from −1,000 to 1,000."),
            ("Batch size", "-5", "“−5” is not a whole number from 1 to 100,000, or “all”."),
            ("Formula of a feature", "1/0", "“1/0” has no finite value"),
        ],
    )
    def test_what_is_refused_is_said_though_return_leaves_the_field(self, make_window, qtbot, name, typed, sentence):
        window = make_window(1440, 900)
        QApplication.processEvents()
        fields = [*visible(window, QAbstractSpinBox), *visible(window, QLineEdit)]
        (field,) = [field for field in fields if field.accessibleName() == name]
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert not field.hasFocus()
        qtbot.waitUntil(lambda: said_under(field) == sentence or sentence in said_under(field))

    @pytest.mark.parametrize("n_points", [0, 1, 2])
    def test_few_points_show_no_nan(self, window, document, answered, canvas, n_points):
        document.points.clear()
        for index in range(n_points):
            canvas.click(index, index)
        document.run.set_playing(True)
        answered(document)
        document.run.set_playing(False)
        canvas.move(1.0, 1.0)
        document.view.select(Unit(1, 0))
        document.view.hover(Unit(2, 0))
        answered(document)
        window.grab()
        texts = [label.text().lower() for label in visible(window, QLabel)]
        assert not any("nan" in text or "inf" in text.replace("inference", "") for text in texts)
        assert window.findChild(QWidget, "notice").isVisible()

    def test_an_error_of_the_thread_is_reported_once_and_the_window_goes_on(self, window, document, qtbot, monkeypatch):
        reported = []
        monkeypatch.setattr("gui.program.crash.CrashReporter.installed", None)
        monkeypatch.setattr("gui.program.crash.logger.error", lambda *args: reported.append(args))

        def fail(trainer, n_steps):
            raise ArithmeticError("no such step")

        with monkeypatch.context() as patches:
            patches.setattr("model.training.trainer.Trainer.run_steps", fail)
            QTest.keyClick(window, Qt.Key.Key_Space)
            qtbot.waitUntil(lambda: len(reported) == 1)
        QTest.keyClick(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: document.displayed.step > 10)
        assert len(reported) == 1


ERROR_WHILE_PAINTING = """
from PySide6.QtCore import QTimer
from gui.app import make_application
from gui.program.crash import CrashReporter
from gui.items.network_diagram import NetworkDiagram
from gui.main_window import MainWindow

application = make_application(["test"])
reporter = CrashReporter(application)
reporter.install()
window = MainWindow()
window.document.view.set(speed=None)
window.show()
paint = NetworkDiagram.paint


def fail(*args):
    if window.document.displayed.step > 100:
        int("an error that C code raises")
    paint(*args)


def look():
    if reporter.dialog is not None and window.document.displayed.step > 1000:
        window.close()
        application.quit()


NetworkDiagram.paint = fail
window.document.run.set_playing(True)
timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
application.exec()
"""


def test_an_error_while_painting_does_not_end_the_program():
    program = subprocess.run(
        [sys.executable, "-c", ERROR_WHILE_PAINTING],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert program.returncode == 0, program.stderr[-2000:]


class TestStatusTips:
    """What the status bar says of the training is not hidden by what the mouse rests on."""

    @staticmethod
    def shown(window):
        return [text.text() for text in window.statusBar().findChildren(QLabel) if text.isVisible() and text.text()]

    def test_the_mouse_on_play_leaves_the_state_to_be_seen(self, window, document, qtbot):
        play = window.findChild(QToolButton, "play")
        QTest.mouseMove(play, play.rect().center())
        QTest.mouseClick(play, LEFT)
        qtbot.waitUntil(lambda: any("steps/s" in text for text in self.shown(window)))
        assert window.statusBar().currentMessage() == ""
        QTest.mouseClick(play, LEFT)
        qtbot.waitUntil(lambda: "Paused" in self.shown(window))

    @with_popups
    def test_an_entry_of_a_menu_still_says_what_it_does(self, window, qtbot):
        bar = window.menuBar()
        train = next(action for action in bar.actions() if action.text() == "&Train")
        QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(train).center())
        qtbot.waitUntil(train.menu().isVisible)
        QTest.keyClick(train.menu(), Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "Train until paused.")
        train.menu().close()
        qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "")


class TestClosing:
    @pytest.fixture
    def window(self, make_window):
        return make_window()

    def test_during_training_ends_the_thread(self, make_window, qtbot, monkeypatch):
        threads, start = [], TrainingThread.start
        monkeypatch.setattr(TrainingThread, "start", lambda thread: (threads.append(thread), start(thread)))
        window = make_window()
        window.document.run.set_playing(True)
        qtbot.waitUntil(lambda: window.document.displayed.step > 100)
        assert [thread.isRunning() for thread in threads] == [True]
        window.close()
        assert [thread.isRunning() for thread in threads] == [False]

    def test_in_the_middle_of_a_stroke_the_stroke_ends(self, window, document, canvas):
        document.view.set(tool="brush", brush_density=400.0)
        canvas.press(0.0, 0.0)
        window.files.forget_changes()
        window.close()
        n_points = len(document.dataset)
        canvas.release(0.0, 0.0)
        assert len(document.dataset) == n_points
        assert not window.isVisible()


class TestDrawing:
    def test_what_is_displayed_is_painted_at_once(self, window, document, qtbot):
        painted = {}

        def paints_of(widget):
            original = widget.paintEvent

            def paint(event):
                original(event)
                painted[widget] = document.displayed.step

            widget.paintEvent = paint

        views = [window.findChild(QWidget, name) for name in ("network_view", "output_view", "loss_view")]
        for view in views:
            paints_of(view)
        shown = []
        document.run.frame_due.connect(lambda: shown.append([painted.get(view) for view in views]))
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        # The window's own slot was connected first: it has drawn when this one is called.
        assert shown[-1] == [1, 1, 1]

    def test_all_of_it_is_handed_to_the_screen_at_once(self, window, document, qtbot):
        rounds, painted, handle = [], [], window.event

        def paints_of(widget):
            original = widget.paintEvent
            widget.paintEvent = lambda event: (painted.append(widget.objectName()), original(event))

        def handled(event):
            before = len(painted)
            result = handle(event)
            if event.type() == QEvent.Type.UpdateRequest and len(painted) > before:
                rounds.append(set(painted[before:]))
            return result

        views = ("network_view", "output_view", "loss_view")
        for name in views:
            paints_of(window.findChild(QWidget, name))
        window.event = handled
        document.run.displayed_changed.connect(rounds.clear)
        found = []
        document.run.frame_due.connect(lambda: found.append(list(rounds)))
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        del window.event
        assert found[-1] == [set(views)]

    @pytest.mark.parametrize("page", ["curve", "accuracy", "confusion"])
    @pytest.mark.parametrize("selected", [Unit(1, 0), Edge(0, 1, 2)], ids=["neuron", "weight"])
    def test_new_numbers_do_not_have_the_cards_laid_out_again(self, window, document, answered, qtbot, selected, page):
        document.view.select(selected)
        document.view.set(loss_page=page)
        answered(document)
        settle()
        requests = EventsOf(window.cards, QEvent.Type.LayoutRequest)
        for step in range(1, 8):
            document.run.step()
            qtbot.waitUntil(lambda step=step: document.displayed.step == step)
            settle()
        assert requests.count == 0

    def test_the_pictures_of_one_moment_do_not_change(self, window, answered, document):
        answered(document)
        views = [window.findChild(QWidget, name) for name in ("network_view", "output_view", "loss_view")]
        first = [view.grab().toImage() for view in views]
        assert [view.grab().toImage() for view in views] == first

    @pytest.mark.parametrize("name", ["data_canvas", "output_view"])
    def test_the_answer_under_the_mouse_is_shown(self, window, hand_on, name, qtbot):
        hand_on(window.findChild(PlaneView, name)).move(2.0, 2.0)
        qtbot.waitUntil(
            lambda: any(
                label.text().startswith("x₁ ") and "class " in label.text() for label in visible(window, QLabel)
            )
        )


class TestCombo:
    def test_the_arrow_keys_of_a_box_take_no_step(self, window, document, named, answered):
        box = named(window, "Initializer", QComboBox)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Down)
        answered(document)
        assert document.displayed.step == 0
