from collections import Counter

import numpy as np
import pytest
from PySide6.QtGui import QKeySequence

from gui import theme
from gui.actions.action import actions_of
from gui.actions.table import MENUS
from gui.icons import icon_names
from gui.theme import Scheme
from gui.tools import TOOLS
from model.data.edits import ReplaceAll

TABLE = [action for menu in MENUS for action in actions_of(menu)]


@pytest.fixture
def all_actions(actions):
    return [actions[action.id] for action in TABLE]


def shortcuts(action):
    return [sequence.toString() for sequence in action.shortcuts()]


def test_no_two_have_the_same_name_or_shortcut(all_actions):
    names = Counter(action.objectName() for action in all_actions)
    keys = Counter(key for action in all_actions for key in shortcuts(action))
    assert [name for name, count in (names + keys).items() if count > 1] == []


def test_each_says_what_it_does(all_actions):
    for action in all_actions:
        assert action.text().replace("&", "")
        assert action.statusTip().endswith(".")
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        assert action.toolTip().endswith(f"({key})" if key else ".")


def test_each_icon_is_there():
    wanted = {action.icon for action in TABLE if isinstance(action.icon, str)} | {"play", "pause"}
    assert wanted - {""} <= set(icon_names())


def test_the_keys_of_the_run(actions):
    assert shortcuts(actions["play"]) == ["Space"]
    assert shortcuts(actions["step"]) == ["Right"]
    assert shortcuts(actions["epoch"]) == ["Shift+Right"]
    assert shortcuts(actions["undo"]) == ["Ctrl+Z"]
    assert [shortcuts(action) for action in actions.classes] == [[str(number)] for number in range(1, 9)]


def test_play_becomes_pause(actions, document):
    icon = actions["play"].icon().cacheKey()
    actions["play"].trigger()
    assert document.run.playing
    assert actions["play"].text() == "&Pause"
    assert "Pause" in actions["play"].toolTip()
    assert actions["play"].icon().cacheKey() != icon
    actions["play"].trigger()
    assert not document.run.playing
    assert actions["play"].text() == "&Play"


def test_undo_and_redo_say_what_and_whether(actions, document):
    assert not actions["undo"].isEnabled()
    assert not actions["redo"].isEnabled()
    document.points.add("place point", [(0.0, 0.0)])
    assert actions["undo"].isEnabled()
    assert actions["undo"].text() == "&Undo place point"
    actions["undo"].trigger()
    assert not actions["undo"].isEnabled()
    assert actions["redo"].text() == "&Redo place point"


def test_what_cannot_be_done_is_disabled(actions, document):
    assert not actions["delete"].isEnabled()
    document.view.select_points(np.array([3]))
    assert actions["delete"].isEnabled()
    for _ in range(5):
        document.points.add_class()
    assert not actions["add_class"].isEnabled()
    for _ in range(6):
        actions["remove_class"].trigger()
    assert not actions["remove_class"].isEnabled()
    for _ in range(2):
        actions["remove_layer"].trigger()
    assert not actions["remove_layer"].isEnabled()
    for _ in range(10):
        actions["add_layer"].trigger()
    assert not actions["add_layer"].isEnabled()
    actions["clear_points"].trigger()
    assert not actions["clear_points"].isEnabled()


def test_tools_are_chosen_one_at_a_time(actions, document):
    assert len(actions.tools) == len(TOOLS)
    for name, action in zip(TOOLS, actions.tools, strict=True):
        action.trigger()
        assert document.view.settings.tool == name
        action.trigger()
        assert action.isChecked(), "a second choice leaves it"
        assert [other.isChecked() for other in actions.tools].count(True) == 1


def test_classes_follow_the_data(actions, document):
    assert [action.isVisible() for action in actions.classes] == [True] * 3 + [False] * 5
    assert actions.classes[0].iconText() == "A 80"
    actions.classes[2].trigger()
    assert document.view.settings.current_class == 2
    document.changes.edit_points("fewer", ReplaceAll(document.dataset.subset(test=True)))
    assert actions.classes[0].iconText() != "A 80"
    document.points.remove_current_class()
    assert document.view.settings.current_class == 1
    assert actions.classes[1].isChecked()


def test_icons_follow_the_theme(actions):
    manager = theme.manager()
    try:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            manager.set_scheme(scheme)
            image = actions["step"].icon().pixmap(48, 48).toImage()
            pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
            assert theme.current().text in pixels
    finally:
        manager.set_scheme(Scheme.SYSTEM)


def test_the_menu_of_functions_shows_one_by_itself(actions, document):
    actions["function_softmax"].trigger()
    assert document.network_settings.layer_sizes == (2, 2)
    assert document.view.settings.in_space
    actions["function_hill"].trigger()
    assert document.dataset.is_curve
    actions["undo"].trigger()
    assert document.network_settings.layer_sizes == (2, 2)
