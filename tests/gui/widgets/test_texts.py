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


def test_a_long_tip_has_lines_of_about_the_same_length_and_all_its_words():
    text = "It is many times smaller than in the layer above, so that this layer learns next to nothing. " * 3
    lines = as_tip(f"short\n{text}").split("\n")
    assert lines[0] == "short"
    assert " ".join(lines[1:]).split() == text.split()
    assert 40 < min(map(len, lines[1:])) <= max(map(len, lines[1:])) <= 60


def test_a_tip_that_is_a_little_too_long_leaves_no_word_alone():
    first, second = as_tip("The derivative of the training loss by it, without any penalty.").split("\n")
    assert abs(len(first) - len(second)) < 20


def test_a_long_name_without_spaces_stays_whole():
    assert as_tip("/folder" * 20) == "/folder" * 20
