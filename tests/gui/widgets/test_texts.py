import pytest

from gui.widgets.texts import as_sentence


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
