"""Conditions: what they say, and the sentences for what they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lessons.conditions import MAX_CHARACTERS, Condition, ConditionError
from model.lessons.facts import FACTS

FACTS_HERE = {
    "test_loss": 0.05,
    "hidden_units": 5,
    "selected": "h1.2",
    "playing": True,
    "diverged": False,
    "train_loss": None,
    "data": "spiral",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test_loss < 0.1", True),
        ("test_loss<.1", True),
        ("0.1 > test_loss", True),
        ("test_loss >= 1e-1", False),
        ("test_loss < 0.1 and hidden_units <= 5", True),
        ("test_loss < 0.1 and hidden_units < 5", False),
        ("hidden_units != 5 or playing", True),
        ("not playing or diverged and playing", False),
        ("not (playing and diverged)", True),
        ("not playing and diverged", False),
        ("not not playing", True),
        ('selected == "h1.2"', True),
        ("selected != 'h1.2'", False),
        ("selected == “h1.2”", True),
        ('data == "spiral"', True),
        ("hidden_units > -3", True),
        ("hidden_units > −3", True),
        ("train_loss < 1", False),
        ("train_loss >= 1", False),
        ("train_loss != 1", False),
        ("test_accuracy > 0", False),
        ("scrubbed", False),
        ("test_loss < hidden_units", True),
    ],
)
def test_holds_what_it_says(text, expected):
    assert Condition.parse(text).holds(FACTS_HERE) is expected


def test_knows_what_it_asks_for_and_reads_well():
    condition = Condition.parse('(test_loss < 0.1 or playing) and not diverged and selected == "h1.2"')
    assert condition.names == {"test_loss", "playing", "diverged", "selected"}
    assert condition.words == (
        "(test loss < 0.1 or training runs) and the run has not diverged and selected neuron: h1.2"
    )
    assert [part.words for part in condition.parts] == [
        "test loss < 0.1 or training runs",
        "the run has not diverged",
        "selected neuron: h1.2",
    ]
    assert [part.words for part in Condition.parse("playing or diverged").parts] == [
        "training runs or the run has diverged"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps >= 100", "steps ≥ 100"),
        ("steps >= 6993", "steps ≥ 6,993"),
        ("not playing", "training is paused"),
        ("not step_through", "not: Step Through is shown"),
        ('data != "drawn"', "data: not drawn"),
        ('selected != ""', "selected neuron: any"),
        ('exported == ""', "exported: none"),
        ('"h1.2" == selected', "“h1.2” = selected neuron"),
        ("learning_rate > -1e-6", "learning rate > −1e−6"),
        ('selected != "" | a neuron is selected', "a neuron is selected"),
        ("steps > 3 and not playing|", "steps > 3 and training is paused"),
    ],
)
def test_is_told_in_words(text, words):
    assert Condition.parse(text).words == words


def test_with_words_of_its_own_it_is_one_task():
    condition = Condition.parse("steps > 3 and not playing | three steps | and no more")
    assert [part.words for part in condition.parts] == ["three steps | and no more"]
    assert condition.holds({"steps": 4, "playing": False})
    assert not condition.holds({"steps": 4, "playing": True})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "at character 1: a fact, a number or a text"),
        ("test_loss <", "at character 12: a fact, a number or a text"),
        (
            "test_los < 0.1",
            "at character 1: there is no fact test_los (did you mean test_loss?); there are problem, data",
        ),
        ("test_loss", "at character 1: what stands here must be compared"),
        ("test_loss < 0.1 steps > 3", "at character 17: “and” or “or” may follow here, or nothing"),
        ("0 < test_loss < 0.1", "at character 15: only two can be compared"),
        ("(test_loss < 0.1", "at character 17: a closing parenthesis is missing"),
        ("test_loss < 0.1)", "at character 16: “and” or “or” may follow here"),
        ("test_loss = 0.1", "at character 11: '= 0.1' is not part of a condition: equal is =="),
        ("playing && scrubbed", "'&& scrubbed' is not part of a condition: write and"),
        ("test_accuracy > 0,9", "',9' is not part of a condition: a number is written with a point"),
        ("test_accuracy > 95%", "'%' is not part of a condition: a share is a number from 0 to 1"),
        ("__import__('os')", "at character 1: there is no fact __import__"),
        ("selected < 'a'", "at character 10: texts are compared by == and != alone"),
        ("selected == 3", 'at character 1: selected is a text, such as "h1.2", and no number'),
        ("3 == 'a'", "at character 3: a number cannot be compared with a text in quotation marks"),
        ("loss < 0.1", 'loss is a text, such as "cross_entropy", and no number; train_loss and test_loss are numbers'),
        ("neurons <= 4", "there is no fact neurons (did you mean hidden_units?); there are"),
        ("accuracy > 0.9", "there is no fact accuracy (did you mean train_accuracy?); there are"),
        ("Steps > 9", "there is no fact Steps (did you mean steps?); there are"),
        ("at most 4", "there is no fact at; there are"),
        ("activation == relu", 'at character 15: a text stands in quotation marks: "relu"'),
        ("playing == true", "at character 12: what is true or not stands alone, as playing or not playing"),
        ("playing is false", "at character 9: “is” is no word of a condition: write == for it"),
        ("test_accuracy >= 95", "at character 1: test_accuracy is a share from 0 to 1: write 0.95 for 95%"),
        ("95 <= train_accuracy", "train_accuracy is a share from 0 to 1"),
        ("playing == 1", "at character 1: playing is true or not, and is not compared: write playing or not playing"),
        ("data == 'spirl'", 'at character 1: data is never "spirl", but one of "circle"'),
        ("data == 'Spiral'", '"drawn" (did you mean spiral?)'),
        ("not", "at character 4: a fact"),
        ("- < 3", "at character 3: a number must follow here"),
        ("steps < 1e999", "1e999 is too large a number"),
        ("(" * 30 + "playing", "nested more than 20 deep"),
        ("not " * 30 + "playing", "nested more than 20 deep"),
        ("playing and " * 50, f"a condition may have {MAX_CHARACTERS} characters; got 600"),
    ],
)
def test_what_is_none_is_refused_with_its_place(text, sentence):
    with pytest.raises(ConditionError) as error:
        Condition.parse(text)
    assert sentence in str(error.value)


_PIECES = st.sampled_from(
    [*FACTS, "and", "or", "not", "(", ")", "<", "<=", "==", "!=", "-", "3", "1e5", '"h1.2"', "'x", ".", "=", "ß"]
)


@given(st.lists(_PIECES, max_size=30).map(" ".join) | st.text(max_size=60))
def test_any_text_is_a_condition_or_refused(text):
    try:
        condition = Condition.parse(text)
    except ConditionError:
        return
    assert condition.holds({}) in (True, False)
    assert condition.words
