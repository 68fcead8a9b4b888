import pytest
from PySide6.QtGui import Qt, QTextDocument

from gui.widgets.texts import as_sentence, as_tip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("batch size must be 1 or None; got NaN", "Batch size must be 1 or None; got NaN."),
        ("It has a full stop.", "It has a full stop."),
        ("", "."),
    ],
)
def test_an_error_becomes_a_sentence_that_keeps_its_capitals(text, sentence):
    assert as_sentence(ValueError(text)) == sentence


@pytest.mark.parametrize("text", ["plain", "1 < 2 & 3", "<b>bold</b>.csv", "first\n<img src='x'>"])
def test_a_tip_shows_a_text_as_it_is(text):
    tip = as_tip(text)
    shown = QTextDocument()
    if Qt.mightBeRichText(tip):
        shown.setHtml(tip)
    else:
        shown.setPlainText(tip)
    assert shown.toPlainText() == text
