import pytest
from PySide6.QtCore import Qt

from gui.widgets.card import ElidedLabel, label

MARKUP = "<h1>a name</h1>"


@pytest.fixture(params=["label", "elided"])
def marked(request, qtbot):
    if request.param == "label":
        shown = label(MARKUP)
    else:
        shown = ElidedLabel()
        shown.resize(500, 20)
        shown.show_text(MARKUP)
    qtbot.addWidget(shown)
    return shown


def test_a_label_shows_names_as_they_are(marked):
    assert marked.textFormat() == Qt.TextFormat.PlainText
    assert marked.text() == MARKUP


def test_the_tip_of_a_text_that_is_cut_shows_it_as_it_is(qtbot):
    shown = ElidedLabel()
    qtbot.addWidget(shown)
    shown.resize(20, 20)
    shown.show_text(MARKUP)
    assert "&lt;h1&gt;a name" in shown.toolTip()
