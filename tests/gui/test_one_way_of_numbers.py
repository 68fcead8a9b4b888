"""Numbers are written in one way, wherever a person reads them: in labels, fields, tips, menus and what is painted."""

import re

import pyqtgraph as pg
import pytest
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QMenu, QWidget

from tests.gui.events import settle

WRONG = {
    "a hyphen before a number": re.compile(r"(?<![\w.)\]*/^])-(?=[\d.])"),
    "an exponent as in code": re.compile(r"\de[+-]?0|\de\+"),
    "a space before the sign of percent": re.compile(r"\d %"),
    "no separator of thousands": re.compile(r"(?<![\w.,])\d{5,}(?![\w.])"),
    "another separator of thousands": re.compile(r"\d[ '\u202f]\d{3}\b"),
}


def texts_of(root):
    """Yield every text of a window, with what it belongs to."""
    for widget in root.findChildren(QWidget):
        if isinstance(widget.window(), QMenu):
            continue  # pyqtgraph's
        texts = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit | QAbstractSpinBox):
            texts.append(widget.text())
        if isinstance(widget, QComboBox):
            texts += [widget.itemText(row) for row in range(widget.count())]
        yield from ((type(widget).__name__, text) for text in texts)
        if isinstance(widget, pg.PlotWidget):
            for name in ("bottom", "left"):
                axis = widget.getAxis(name)
                low, high = axis.range
                for spacing, values in axis.tickValues(low, high, max(axis.width(), axis.height())):
                    yield from (("an axis", text) for text in axis.tickStrings(values, 1.0, spacing))
    for action in root.findChildren(QAction):
        if not isinstance(action.parent(), QMenu):
            yield from (("an action", text) for text in (action.text(), action.toolTip(), action.statusTip()))


def faults(texts):
    return {
        f"{what}: {kind} in {text!r}" for what, text in texts for kind, wrong in WRONG.items() if wrong.search(text)
    }


@pytest.fixture
def painted(monkeypatch):
    """Note what is painted by Python."""
    texts = []
    draw = QPainter.drawText

    def note(painter, *arguments):
        texts.extend(("a picture", argument) for argument in arguments if isinstance(argument, str))
        draw(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", note)
    return texts


@pytest.mark.parametrize("problem", ["spiral", "sine", "noisy_cubic"])
def test_one_way_of_writing_numbers(shared_window, answered, painted, qtbot, problem):
    window, document = shared_window, shared_window.document
    window.resize(1600, 1000)
    window.show_panel("Settings", True)
    kinds = {"spiral": "classes", "sine": "values", "noisy_cubic": "curve"}
    document.points.set_kind(kinds[problem])
    document.points.generate(name=problem, n_points=2000, training_share=0.55)
    document.learning.set_training(optimizer="adam", optimizer_options={}, learning_rate=0.00002)
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 20)
    document.run.set_playing(False)
    document.learning.set_training(learning_rate=2000.0)
    answered(document)
    for edges in ("weights", "gradients", "updates"):
        document.view.set(edges=edges)
        document.probe.pin((-1.5, -2.5))
        answered(document)
        settle()
        window.grab()
    assert faults(texts_of(window)) == set()
    assert len(painted) > 20
    assert faults(painted) == set()
