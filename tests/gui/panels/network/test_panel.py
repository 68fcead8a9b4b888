import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton

from gui import theme
from gui.document.changes import Change
from gui.items.diagram_layout import DiagramLayout
from gui.panels.network.panel import NetworkPanel, NetworkView
from gui.widgets.fields import IntegerBox
from model import Network
from model.network.activations import ACTIVATIONS, activation_label
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.parts import Edge, Unit

LEFT = Qt.MouseButton.LeftButton
IN_1280, IN_1600 = 646, 905
"""How wide the panel is in windows of these widths."""
with_menus = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The offscreen platform says so when a menu opens."""


@pytest.fixture
def panel(document, probed, actions, show):
    parts = document.run, document.changes, document.network, document.learning, document.view
    return show(NetworkPanel(*parts, document.probe, probed, actions), 800, 540)


@pytest.fixture
def view(panel):
    return panel.findChild(NetworkView, "network_view")


@pytest.fixture
def reshape(document, answered):
    """Give the document another network."""

    def change(*hidden):
        sizes = (2, *hidden, document.dataset.n_classes)
        document.changes.perform("shape", Change(restart=Network(sizes)))
        answered(document)

    return change


def place_of(view, part):
    """Return the pixel of a neuron's middle, or of a place on a weight's curve, as the diagram was painted."""
    view.grab()
    layout: DiagramLayout = view.diagram.layout
    if isinstance(part, Unit):
        return layout.rect(part).center().toPoint()
    return layout.path(layout.number(part)).pointAtPercent(0.3).toPoint()


def click(view, part):
    QTest.mouseClick(view, LEFT, pos=place_of(view, part))


def move_mouse(view, pixel):
    """Send the event itself: the screen's own mouse sends none where it stands already."""
    position = QPointF(pixel)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, position, view.mapToGlobal(position), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


def hover(view, part):
    move_mouse(view, place_of(view, part))


PARTS = [Unit(0, 1), Unit(1, 5), Unit(2, 2), Unit(3, 0), Edge(0, 1, 5), Edge(2, 4, 2)]


class TestMouse:
    @pytest.mark.parametrize("part", PARTS, ids=str)
    def test_a_click_selects(self, view, document, part):
        click(view, part)
        assert document.view.selection == part

    def test_a_click_beside_everything_lets_go(self, view, document):
        click(view, Unit(1, 0))
        QTest.mouseClick(view, LEFT, pos=QPoint(view.width() - 5, view.height() - 30))
        assert document.view.selection is None

    @pytest.mark.parametrize("part", PARTS, ids=str)
    def test_hovering_is_known_and_shown(self, view, document, part, qtbot):
        plain = view.grab().toImage()
        hover(view, part)
        qtbot.waitUntil(lambda: document.view.hovered == part)
        assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
        assert view.grab().toImage() != plain, "its value is shown beside it"
        move_mouse(view, QPoint(view.width() - 5, view.height() - 30))
        qtbot.waitUntil(lambda: document.view.hovered is None)
        assert view.cursor().shape() == Qt.CursorShape.ArrowCursor

    def test_a_hovered_neuron_s_map_is_made_large(self, view, document, qtbot):
        hover(view, Unit(1, 3))
        qtbot.waitUntil(lambda: document.displayed.probe == (1, 3))
        assert document.displayed.surface.unit_map.shape == document.displayed.surface.probabilities.shape[1:]

    def test_leaving_ends_the_hovering(self, view, document, qtbot):
        hover(view, Unit(1, 3))
        qtbot.waitUntil(lambda: document.view.hovered == Unit(1, 3))
        view.leaveEvent(None)
        assert document.view.hovered is None

    def test_works_while_training(self, view, document, qtbot):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 50)
        for part in PARTS:
            hover(view, part)
            click(view, part)
            assert document.view.selection == part
            qtbot.waitUntil(lambda part=part: document.view.hovered == part)

    def test_the_value_under_the_mouse_stays_live(self, view, document, qtbot):
        hover(view, Unit(1, 3))
        before = view.grab().toImage()
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        assert view.grab().toImage() != before


class TestWhileTraining:
    """Pictures that follow each other quickly may lack changes of weights; what stands still lacks none."""

    @pytest.fixture
    def lacking(self, view, reshape):
        """Note of each picture whether it lacks something."""
        reshape(8, 8, 8)
        found, paint = [], view.paintEvent

        def noted(event):
            paint(event)
            found.append(view.diagram.is_behind)

        view.paintEvent = noted
        yield found
        del view.paintEvent

    def test_after_a_pause_nothing_is_lacking(self, view, document, lacking, qtbot):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: True in lacking)
        document.run.set_playing(False)
        qtbot.waitUntil(lambda: not lacking[-1])
        settled = view.grab().toImage()
        view.resize(view.width() + 1, view.height())
        view.resize(view.width() - 1, view.height())
        assert view.grab().toImage() == settled, "also where all is drawn anew"

    def test_between_two_slow_steps_the_picture_is_completed(self, document, lacking, qtbot):
        document.learning.set_training(learning_rate=1.0)
        document.view.set(speed=1)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: [True, False] in [lacking[at : at + 2] for at in range(len(lacking))])
        assert document.run.playing


class TestKeys:
    def test_arrows_walk_from_neuron_to_neuron(self, view, document):
        view.setFocus()
        walked = []
        keys = Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up
        for key in keys:
            QTest.keyClick(view, key)
            walked.append(document.view.selection)
        assert walked == [Unit(0, 0), Unit(1, 0), Unit(1, 1), Unit(0, 1), Unit(0, 0), Unit(0, 0)]
        assert document.displayed.step == 0, "Right takes no step of training here"

    def test_what_is_selected_is_said(self, view, document):
        view.setFocus()
        document.view.select(Unit(1, 0))
        assert view.accessibleDescription().startswith("h1.1   bias = ")


def menu_of(view):
    return next(menu for menu in view.findChildren(QMenu) if menu.isVisible())


def pick(menu, text):
    """Choose the entry with a text with the mouse."""
    action = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu.windowHandle(), LEFT, pos=menu.actionGeometry(action).center())


def right_click(view, part):
    """Click with the right button as the screen sends it, so that Qt asks for the menu."""
    window = view.window().windowHandle()
    QTest.mouseClick(window, Qt.MouseButton.RightButton, pos=view.mapTo(view.window(), place_of(view, part)))


def press_menu_key(view):
    """Send what the key becomes: the platform's plugin makes this event, and QTest goes past that."""
    at = QPoint(1, 1)
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, view.mapToGlobal(at)))


def settings_now(document):
    """Return what of the network these menus change."""
    settings = document.network_settings
    return settings.frozen, settings.pruned, settings.muted, settings.layer_sizes


@with_menus
class TestContextMenu:
    @pytest.mark.parametrize(
        ("part", "texts"),
        [
            (Unit(0, 1), ["Mute"]),
            (Unit(1, 5), ["Freeze", "Mute", "Split", "Remove"]),
            (Unit(3, 0), ["Freeze"]),
            (Edge(0, 1, 5), ["Freeze", "Prune"]),
        ],
        ids=str,
    )
    def test_the_right_button_offers_what_applies_and_each_can_be_undone(self, view, document, answered, part, texts):
        for text in texts:
            answered(document)  # The diagram has the shape of the network that is displayed.
            before = settings_now(document)
            right_click(view, part)
            assert document.view.selection == part
            offered = [action.text() for action in menu_of(view).actions() if not action.isSeparator()]
            assert [text for text in offered if text != "Output Without It"] == texts
            pick(menu_of(view), text)
            assert settings_now(document) != before
            document.changes.undo()
            assert settings_now(document) == before

    @pytest.mark.parametrize(
        ("part", "text", "back"),
        [
            (Unit(1, 5), "Freeze", "Unfreeze"),
            (Unit(1, 5), "Mute", "Unmute"),
            (Edge(0, 1, 5), "Freeze", "Unfreeze"),
            (Edge(0, 1, 5), "Prune", "Restore"),
        ],
    )
    def test_a_state_ends_by_the_same_entry(self, view, document, answered, part, text, back):
        before = settings_now(document)
        for entry in (text, back):
            right_click(view, part)
            pick(menu_of(view), entry)
            answered(document)
        assert settings_now(document) == before

    def test_there_is_none_beside_everything(self, view, document):
        document.view.select(Unit(1, 0))
        window = view.window().windowHandle()
        beside = view.mapTo(view.window(), QPoint(view.width() - 5, view.height() - 30))
        QTest.mouseClick(window, Qt.MouseButton.RightButton, pos=beside)
        assert not any(menu.isVisible() for menu in view.findChildren(QMenu))

    def test_the_menu_key_is_for_what_is_selected(self, view, document):
        view.setFocus()
        document.view.select(Unit(2, 1))
        view.grab()
        press_menu_key(view)
        menu = menu_of(view)
        assert view.rect().contains(view.mapFromGlobal(menu.pos()))
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert document.network.is_frozen(Unit(2, 1))
        document.view.select(None)
        press_menu_key(view)
        assert not any(menu.isVisible() for menu in view.findChildren(QMenu))


class TestLayerMenu:
    @pytest.fixture
    def header(self, panel, named):
        return named(panel, "Activation of hidden 1 · tanh", QToolButton)

    def opened(self, header):
        """Return the header's menu, filled."""
        header.menu().aboutToShow.emit()
        return header.menu()

    def dropout(self, header):
        """Return the entries of the menu of rates."""
        submenu = next(action.menu() for action in self.opened(header).actions() if action.text() == "Dropout")
        return {action.text(): action for action in submenu.actions()}

    def test_dropout_is_chosen_shown_and_undone(self, panel, header, document, answered):
        assert [text for text, action in self.dropout(header).items() if action.isChecked()] == ["0"]
        assert list(self.dropout(header)) == ["0", "0.1", "0.2", "0.3", "0.5"]
        self.dropout(header)["0.2"].trigger()
        assert document.training_settings.dropout_rates(2) == (0.2, 0.0)
        assert [text for text, action in self.dropout(header).items() if action.isChecked()] == ["0.2"]
        assert "dropout 0.2" in header.toolTip()
        panel.resize(1500, 540)
        assert header.text() == "hidden 1 · tanh · dropout 0.2"
        document.changes.undo()
        assert header.text() == "hidden 1 · tanh"
        assert "dropout 0" not in header.toolTip()

    def test_another_rate_is_among_the_choices(self, header, document):
        document.learning.set_dropout(1, 0.25)
        assert [text for text, action in self.dropout(header).items() if action.isChecked()] == ["0.25"]

    def test_dropout_stays_with_its_layer(self, panel, document, named):
        document.learning.set_dropout(2, 0.3)
        document.network.insert_layer()
        document.network.remove_layer(1)
        tips = [b.toolTip() for b in panel.findChildren(QToolButton) if "hidden 1 · tanh" in b.toolTip()]
        assert "dropout 0.3" in tips[-1]

    @with_menus
    def test_a_layer_is_frozen_in_one_step(self, header, document, answered, qtbot):
        choose(header, "Freeze Layer")
        assert all(document.network.is_frozen(Unit(1, index)) for index in range(6))
        assert len(document.network_settings.frozen) == 18
        assert document.changes.undo_stack.count() == 1
        before = document.displayed.network
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 20)
        document.run.set_playing(False)
        answered(document)
        np.testing.assert_array_equal(document.displayed.network.weights[0], before.weights[0])
        np.testing.assert_array_equal(document.displayed.network.biases[0], before.biases[0])
        choose(header, "Unfreeze Layer")
        assert not document.network_settings.frozen
        document.changes.undo()
        document.changes.undo()
        assert not document.network_settings.frozen

    @with_menus
    @pytest.mark.parametrize(("kind", "outputs"), [("values", "linear tanh"), ("curve", "linear sigmoid tanh")])
    def test_a_regression_has_one_unit_that_gives_a_number(self, panel, document, named, kind, outputs):
        document.points.set_kind(kind)
        offered = choose(named(panel, "Activation of output · linear", QToolButton), "tanh · 1 unit")
        assert set(offered) == {f"{output} · 1 unit" for output in outputs.split()}
        assert document.network_settings.output_activation == "tanh"
        document.changes.undo()
        assert document.network_settings.output_activation == "linear"

    @pytest.mark.parametrize("text", ["Remove This Layer", "Freeze Layer", "All Hidden Layers Like This", "ReLU"])
    def test_an_entry_of_a_layer_that_has_gone_meanwhile_does_nothing(self, text, header, document, named, panel):
        last = named(panel, "Activation of hidden 2 · tanh", QToolButton)
        entries = [action for action in self.opened(last).actions() if action.text().split("\t")[0] == text]
        assert len(entries) == 1
        document.network.remove_layer(2)
        before = settings_now(document)

        entries[0].trigger()

        assert settings_now(document) == before

    def test_a_menu_can_be_filled_although_its_layer_has_gone(self, document, named, panel):
        last = named(panel, "Activation of hidden 2 · tanh", QToolButton)
        menu = last.menu()
        document.network.remove_layer(2)

        menu.aboutToShow.emit()


class TestFeatures:
    def test_headers_stand_over_their_layers_beside_long_names(self, panel, view, document, answered):
        document.network.toggle_feature("exp(-x1**2/2)*cos(2*x2)+1")
        answered(document)
        view.grab()
        buttons = [button for button in view.findChildren(QToolButton) if button.menu() and button.isVisible()]
        centres = sorted(button.mapTo(view, button.rect().center()).x() for button in buttons)
        assert np.abs(np.subtract(centres, view.diagram.layout.columns[1:])).max() < 24

    @pytest.mark.parametrize("width", [IN_1280, IN_1600])
    def test_headers_do_not_lie_on_each_other_beside_long_names(self, panel, view, document, reshape, width, qtbot):
        panel.resize(width, 500)
        reshape(*(64,) * 10)
        for name in ("sin(x1)", "exp(-x1**2/2)*cos(2*x2)+1"):
            document.network.toggle_feature(name)
        qtbot.wait(0)
        buttons = [button for button in view.findChildren(QToolButton) if button.isVisible()]
        rects = [ink_of(button).translated(button.mapTo(view, QPoint())) for button in buttons]
        assert not any(
            rects[i].adjusted(1, 1, -1, -1).intersects(rects[j]) for i in range(len(rects)) for j in range(i)
        )

    def test_a_long_feature_is_whole_under_the_mouse(self, view, document, answered, qtbot):
        document.network.toggle_feature("exp(-x1**2/2)*cos(2*x2)+1")
        answered(document)
        hover(view, Unit(0, 2))
        assert document.view.hovered == Unit(0, 2)
        view.setFocus()
        document.view.select(Unit(0, 2))
        assert view.accessibleDescription() == "exp(−x₁²/2)·cos(2·x₂)+1   input, 0 to 2"


class TestHeaders:
    def test_plus_and_minus_change_a_layer_and_keep_the_other_weights(self, panel, document, answered, named, qtbot):
        before = document.displayed.network
        qtbot.mouseClick(named(panel, "Add neuron of hidden layer 2", QToolButton), LEFT)
        answered(document)
        assert document.displayed.network.settings.layer_sizes == (2, 6, 6, 3)
        np.testing.assert_array_equal(document.displayed.network.weights[1][:, :5], before.weights[1])
        qtbot.mouseClick(named(panel, "Remove neuron of hidden layer 2", QToolButton), LEFT)
        answered(document)
        np.testing.assert_array_equal(document.displayed.network.parameters, before.parameters)

    def test_layers_are_added_and_removed(self, panel, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Add Layer", QToolButton), LEFT)
        assert document.network_settings.layer_sizes == (2, 6, 5, 5, 3)
        assert any(label.text() == "3 hidden layers" for label in panel.findChildren(QLabel))
        named(panel, "Add neuron of hidden layer 3", QToolButton)
        qtbot.mouseClick(named(panel, "Remove Last Layer", QToolButton), LEFT)
        assert document.network_settings.layer_sizes == (2, 6, 5, 3)

    def test_the_last_neuron_cannot_be_removed(self, panel, reshape, named):
        reshape(1)
        assert not named(panel, "Remove neuron of hidden layer 1", QToolButton).isEnabled()
        reshape(64)
        assert not named(panel, "Add neuron of hidden layer 1", QToolButton).isEnabled()

    @pytest.mark.parametrize("width", [IN_1280, IN_1600])
    def test_the_number_of_neurons_is_typed(self, panel, document, named, answered, width, qtbot):
        panel.resize(width, 500)
        answered(document)
        before = document.displayed.network.weights[0]
        field = named(panel, "Neurons of hidden layer 1", IntegerBox)
        for typed, size in (("9", 9), ("4", 4)):
            qtbot.mouseClick(field.lineEdit(), LEFT)
            field.selectAll()
            qtbot.keyClicks(field, typed)
            qtbot.keyClick(field, Qt.Key.Key_Return)
            answered(document)
            assert document.network_settings.layer_sizes == (2, size, 5, 3)
            kept = min(size, 6)
            np.testing.assert_array_equal(document.displayed.network.weights[0][:, :kept], before[:, :kept])
        document.changes.undo()
        document.changes.undo()
        answered(document)
        np.testing.assert_array_equal(document.displayed.network.weights[0], before)
        assert field.text() == "6"

    def test_plus_that_is_held_adds_on(self, panel, document, named, qtbot):
        plus = named(panel, "Add neuron of hidden layer 1", QToolButton)
        QTest.mousePress(plus, LEFT)
        qtbot.waitUntil(lambda: document.network_settings.layer_sizes[1] >= 9)
        QTest.mouseRelease(plus, LEFT)
        assert document.network_settings.layer_sizes[1] >= 9

    @with_menus
    def test_all_hidden_layers_become_like_one_in_one_step(self, panel, document, named):
        document.network.set_activation(1, "relu")
        choose(named(panel, "Activation of hidden 1 · ReLU", QToolButton), "All Hidden Layers Like This")
        assert document.network_settings.layer_sizes == (2, 6, 6, 3)
        assert document.network_settings.hidden_activations == ("relu", "relu")
        document.changes.undo()
        assert document.network_settings.layer_sizes == (2, 6, 5, 3)
        assert document.network_settings.hidden_activations == ("relu", "tanh")

    @with_menus
    def test_the_menu_of_activations_is_the_registry(self, panel, document, named, monkeypatch):
        new = replace(ACTIVATIONS["sin"], name="new", label="New", formula="sin(z) + z")
        monkeypatch.setitem(ACTIVATIONS, "new", new)
        entries = {name: f"{entry.label}\t{entry.formula}" for name, entry in ACTIVATIONS.items()}
        for name, text in reversed(entries.items()):
            current = activation_label(document.network_settings.hidden_activations[1])
            offered = choose(named(panel, f"Activation of hidden 2 · {current}", QToolButton), text)
            assert set(entries.values()) <= set(offered)
            assert document.network_settings.hidden_activations == ("tanh", name)

    @with_menus
    def test_a_layer_is_removed_by_its_menu(self, panel, document, named):
        choose(named(panel, "Activation of hidden 1 · tanh", QToolButton), "Remove This Layer")
        assert document.network_settings.layer_sizes == (2, 5, 3)

    @with_menus
    def test_the_menu_of_outputs_is_the_registry(self, panel, document, named):
        document.points.remove_class(2)
        offered = choose(named(panel, "Activation of output · softmax", QToolButton), "none of them")
        assert {text.split(" · ")[0] for text in offered} == set(OUTPUT_ACTIVATIONS)
        for text in offered:
            current = document.network_settings.output_activation
            choose(named(panel, f"Activation of output · {current}", QToolButton), text)
            settings = document.network_settings
            assert text == f"{settings.output_activation} · {settings.layer_sizes[-1]} unit" + "s" * (
                settings.layer_sizes[-1] > 1
            )

    def test_three_classes_need_an_output_each(self, panel, named):
        menu = named(panel, "Activation of output · softmax", QToolButton).menu()
        menu.aboutToShow.emit()
        assert all(action.text().endswith("3 units") for action in menu.actions())

    @pytest.mark.parametrize(
        ("n_hidden", "width"),
        [
            *((n, width) for n in (0, 1, 2, 5, 8, 10) for width in (IN_1280, IN_1600)),
        ],
    )
    def test_headers_do_not_lie_on_each_other(self, panel, view, reshape, qtbot, n_hidden, width):
        panel.resize(width, 500)
        reshape(*(4,) * n_hidden)
        qtbot.wait(0)
        buttons = [button for button in view.findChildren(QToolButton) if button.isVisible()]
        rects = [ink_of(button).translated(button.mapTo(view, QPoint())) for button in buttons]
        assert len(rects) == 1 + 3 * n_hidden
        overlaps = [
            (buttons[i].accessibleName(), buttons[j].accessibleName())
            for i in range(len(rects))
            for j in range(i)
            if rects[i].adjusted(1, 1, -1, -1).intersects(rects[j])
        ]
        assert overlaps == []
        assert all(view.rect().contains(rect) for rect in rects)

    @pytest.mark.parametrize("width", [652, 676])
    def test_twice_as_large_short_names_are_whole_without_the_sign_of_their_menus(
        self, panel, view, reshape, qtbot, width
    ):
        try:
            theme.manager().set_scale(2.0)
            panel.resize(width, 900)
            reshape(8, 8, 8)

            def names():
                shown = [button for button in view.findChildren(QToolButton) if button.menu() and button.isVisible()]
                return sorted(shown, key=lambda button: button.mapTo(view, QPoint()).x())

            qtbot.waitUntil(lambda: [name.text() for name in names()] == ["tanh", "tanh", "tanh", "softmax"])
            rects = [ink_of(name).translated(name.mapTo(view, QPoint())) for name in names()]
            assert not any(one.intersects(other) for one, other in itertools.combinations(rects, 2))
        finally:
            theme.manager().set_scale(1.0)


def ink_of(button):
    """Return the part of a button that its text takes up with a little room, or all of it."""
    rect = button.rect()
    if button.text():
        rect.setWidth(button.fontMetrics().horizontalAdvance(button.text()) + 6)
        rect.moveCenter(button.rect().center())
    return rect


def choose(button, text):
    """Open a button's menu with the mouse, choose the entry with a text, and return the texts of all entries."""
    menu: QMenu = button.menu()
    texts = []

    def pick():
        texts.extend(action.text() for action in menu.actions() if action.text())
        chosen = [action for action in menu.actions() if action.text() == text]
        if chosen:
            QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(chosen[0]).center())
        menu.close()  # The click below returns only when the menu is closed.

    connection = menu.aboutToShow.connect(pick, Qt.ConnectionType.QueuedConnection)
    QTest.mouseClick(button, LEFT, pos=button.rect().center())
    menu.disconnect(connection)
    return texts


class TestShapes:
    @pytest.mark.parametrize("hidden", [(), (1,), (8, 8, 8), (64,) * 10])
    def test_every_shape_is_drawn_and_can_be_clicked(self, view, document, reshape, hidden):
        reshape(*hidden)
        for unit in (Unit(0, 0), Unit(len(hidden), 0), Unit(len(hidden) + 1, 2)):
            click(view, unit)
            assert document.view.selection == unit

    def test_of_the_largest_at_most_400_weights_are_drawn(self, view, reshape):
        reshape(*(64,) * 10)
        view.grab()
        assert len(view.diagram.drawn_edges) == 400

    def test_the_summary_counts(self, panel, reshape):
        reshape(3)
        assert any(label.text() == "2 – 3 – 3 · 21 parameters" for label in panel.findChildren(QLabel))

    def test_a_network_that_changes_shape_under_the_mouse(self, view, document, reshape, qtbot):
        document.run.set_playing(True)
        for change in (
            document.network.insert_layer,
            document.network.remove_layer,
            lambda: document.network.remove_unit(1),
        ) * 3:
            hover(view, Unit(1, 4))
            click(view, Edge(0, 1, 4))
            change()
            view.grab()  # The displayed network is still of the shape before.
            QTest.mouseMove(view, QPointF(view.rect().center()).toPoint())
            qtbot.waitUntil(lambda: document.displayed.network.settings == document.network_settings)
            document.network.insert_unit(1)
