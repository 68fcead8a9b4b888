"""Tables as programs really write them: ``cases/expected.json`` says what each becomes."""

import json
from pathlib import Path

import pytest

from model.table.errors import TableError
from model.table.reading import read

CASES = Path(__file__).with_name("cases")
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))["cases"]
IN_WORDS = {
    "10_nan_cells.csv": {"points": 2, "left_out": 5, "classes": ["A"], "first": [1.0, 2.0, "A"]},
    "12f_ten_digit_classes.csv": "there are 10 classes; at most 8 are allowed; as numbers they can be read as values",
    "15_weka.arff": {"points": 24, "x1": "x", "x2": "y", "label": "class", "classes": ["A", "B"]},
    "17b_drawdata.json": {"points": 24, "x1": "x", "x2": "y", "label": "label", "classes": ["a", "b"]},
    "33_really_xlsx.csv": "this is an Excel workbook",
    "33b_html_as_csv.csv": "this is an HTML page",
}
"""What the page of cases says in words, as it is read or in the sentence that refuses it."""


@pytest.mark.parametrize("name", EXPECTED)
def test_a_case_becomes_what_its_page_says(name):
    expected = IN_WORDS.get(name, EXPECTED[name])
    content = (CASES / name).read_bytes()
    if isinstance(expected, str):
        with pytest.raises(TableError, match=expected):
            read(content)
        return
    told = read(content).as_dict()

    assert {key: told[key] for key in expected} == expected
    assert list(told) == ["kind", "x1", "x2", "label", "points", "left_out", "classes", "first"]


def test_every_case_has_a_page():
    assert {path.name for path in CASES.iterdir()} == {*EXPECTED, "expected.json"}
