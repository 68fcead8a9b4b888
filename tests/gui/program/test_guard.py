import importlib
import inspect
import pkgutil

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGraphicsItem, QWidget

import gui
from gui.program.guard import guarded

LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def handlers():
    """Return the methods of the program's classes that Qt calls for events, or to paint an item, by their names."""
    found = {}
    for module in pkgutil.walk_packages(gui.__path__, "gui."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if not kind.__module__.startswith("gui.") or not issubclass(kind, QObject | QGraphicsItem):
                continue
            own = {name: value for name, value in vars(kind).items() if inspect.isfunction(value)}
            for name, method in own.items():
                paints = name == "paint" and issubclass(kind, QGraphicsItem)
                is_handler = name.endswith("Event") or name in ("event", "eventFilter")
                if paints or (is_handler and hasattr(super(kind, kind), name)):
                    found[f"{kind.__module__}.{kind.__qualname__}.{name}"] = method
    return found


def test_whatever_hears_of_events_lets_no_error_out():
    found = handlers()
    assert len(found) > 150
    assert not [name for name, method in found.items() if not hasattr(method, "__wrapped__")]


class Failing(QWidget):
    """Fails as NumPy does, in C, in each of the ways that Qt calls it."""

    @guarded
    def event(self, event):
        if event.type() == QEvent.Type.User:
            np.zeros(4)[4]
        return super().event(event)

    @guarded
    def mouseMoveEvent(self, event):
        np.zeros(4)[4]


@pytest.fixture
def reported(monkeypatch):
    found = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, traceback: found.append(kind))
    return found


def test_what_fails_is_reported_and_the_program_goes_on(qtbot, reported):
    widget = Failing()
    qtbot.addWidget(widget)
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(1, 1), QPointF(1, 1), LEFT, LEFT, NO_MODIFIER)
    for n_sent, event in enumerate((move, QEvent(QEvent.Type.User)), start=1):
        QApplication.sendEvent(widget, event)
        assert reported == [IndexError] * n_sent
