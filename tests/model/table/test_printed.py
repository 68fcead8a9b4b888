"""Tables as programs print them: all of them are these three points."""

import json

import pytest

from model.table.errors import TableError
from model.table.reading import read

LATEX = r"""\begin{tabular}{lrrl}
\toprule
 & x & y & label \\
\midrule
0 & 1.5 & 2.5 & a \\
1 & $-2.5$ & 0.5 & b \\[2pt] \hline
2 & \textbf{3.5} & 1.25 & a\_b \\ \cmidrule{1-2}
\bottomrule
\end{tabular}
"""
WITHOUT_ENVIRONMENT = (
    "x & y & label \\\\ \\hline\n1.5 & 2.5 & a \\\\\n$-2.5$ & 0.5 & b \\\\\n3.5 & 1.25 & a\\_b \\\\ \\hline\n"
)
MEDIAWIKI = """{| class="wikitable"
! x !! y !! label
|-
| 1.5 || 2.5 || a
|-
| align="right" | -2.5
| 0.5
| b
|-
| 3.5 || 1.25 || a_b
|}
"""
JIRA = "||x||y||label||\n|1.5|2.5|a|\n|-2.5|0.5|b|\n|3.5|1.25|a_b|\n"
SQL = """-- a dump
CREATE TABLE points (x REAL, y REAL, label TEXT);
INSERT INTO points (x, `y`, label) VALUES
(1.5, 2.5, 'a'),
(-2.5, 0.5, 'b');
INSERT INTO points (x, y, label) VALUES (3.5, 1.25, 'a_b');
"""
PAIRS = 'x=1.5 y=2.5 label=a\nx=-2.5 y=0.5 label="b"\n\nx=3.5, y=1.25, label=a_b\n'
DPUT = """structure(list(x = c(1.5, -2.5, 3.5), y = c(2.5, 0.5, 1.25), label = structure(c(1L,
3L, 2L), levels = c("a", "a_b", "b"), class = "factor")), class = "data.frame", row.names = c(NA, -3L))
"""
DATA_FRAME = 'points <- data.frame(x = c(1.5, -2.5, 3.5), y = c(2.5, 0.5, 1.25), label = c("a", "b", "a_b"))'
YAML = """---
# points
- x: 1.5
  y: 2.5
  label: a
- x: -2.5
  y: 0.5
  label: 'b'
- x: 3.5
  y: 1.25
  label: a_b
"""
STATA = """
     +----------------------+
     |    x      y    label |
     |----------------------|
  1. |  1.5    2.5        a |
  2. | -2.5    0.5        b |
     |----------------------|
  3. |  3.5   1.25      a_b |
     +----------------------+
"""
POLARS = """shape: (3, 3)
┌──────┬──────┬───────┐
│ x    ┆ y    ┆ label │
│ ---  ┆ ---  ┆ ---   │
│ f64  ┆ f64  ┆ str   │
╞══════╪══════╪═══════╡
│ 1.5  ┆ 2.5  ┆ a     │
│ -2.5 ┆ 0.5  ┆ b     │
│ 3.5  ┆ 1.25 ┆ a_b   │
└──────┴──────┴───────┘
"""
JULIA = """3×3 DataFrame
 Row │ x        y        label
     │ Float64  Float64  String
─────┼──────────────────────────
   1 │     1.5     2.5   a
   2 │    -2.5     0.5   b
   3 │     3.5     1.25  a_b
"""
MATLAB_TABLE = """     x       y      label
    ____    ____    _______

     1.5     2.5    {'a'  }
    -2.5     0.5    {'b'}
     3.5    1.25    {'a_b'}
""".replace("  }", "}")
TIKZ_TABLE = "x y label\\\\\n1.5 2.5 a\\\\\n-2.5 0.5 b\\\\\n3.5 1.25 a_b\\\\\n"
DUCKDB = """┌────────┬────────┬─────────┐
│   x    │   y    │  label  │
│ double │ double │ varchar │
├────────┼────────┼─────────┤
│    1.5 │    2.5 │ a       │
│   -2.5 │    0.5 │ b       │
│    3.5 │   1.25 │ a_b     │
├────────┴────────┴─────────┤
│ 3 rows          3 columns │
└───────────────────────────┘
"""
JAVASCRIPT = """const points = [
  {x: 1.5, y: 2.5, label: 'a'},
  {x: -2.5, y: 0.5, label: 'b'},
  {x: 3.5, y: 1.25, label: 'a_b'}];
"""
PLOTTER = "x:1.5\ty:2.5\tlabel:a\nx:-2.5\ty:0.5\tlabel:b\nx:3.5\ty:1.25\tlabel:a_b\n"
C = 'const double rows[3][3] = {\n  {1.5, 2.5, "a"},  // first\n  {-2.5, 0.5, "b"},\n  {3.5, 1.25, "a_b"}\n};\n'
TURNED = "x,1.5,-2.5,3.5,3.5,3.5\ny,2.5,0.5,1.25,1.25,1.25\nlabel,a,b,a_b,a_b,a_b\n"
BRACKETS = "x,y,label\n1.5,2.5,a\n(2.5),0.5,b\n3.5,1.25,a_b\n"
FULL_WIDTH = "x,y,label\n１．５,２．５,a\n－２．５,０．５,b\n３．５,１．２５,a_b\n"
NESTED = [{"at": {"x": 1.5, "y": 2.5}, "label": "a"}, {"at": {"x": -2.5, "y": 0.5}, "label": "b"}]
NESTED = json.dumps([*NESTED, {"at": {"x": 3.5, "y": 1.25}, "label": "a_b"}])
TEXTS = {name: text for name, text in list(globals().items()) if name.isupper() and isinstance(text, str)}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_points_are_read_with_names_and_classes(text):
    reading = read(text)

    names = None if text is C else "x", None if text is C else "y", None if text is C else "label"
    assert (reading.x1, reading.x2, reading.label) == names
    assert (reading.kind, reading.points, reading.left_out) == ("classes", 5 if text is TURNED else 3, 0)
    assert reading.classes == ("a", "b", "a_b")
    assert reading.first == (1.5, 2.5, "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A =\n\n   1.0e+03 *\n\n    0.0015    2.5000\n    3.0000         0\n    0.5       0.25\n", [1.5, 2500.0]),
        ("ans =\n\n    1.5000    2.5000\n    3.0000         0\n    0.5       0.25\n", [1.5, 2.5]),
        ("double[][] points = {{1.5, 2.5}, {2.5, 0.5}, {3.5, 1.5}};\n", [1.5, 2.5]),
        ("var points = new[] { (1.5, 2.5), (2.5, 0.5), (3.5, 1.5) };\n", [1.5, 2.5]),
        ("\\addplot coordinates {(1.5,2.5) (2.5,0.5) (3.5,1.5)};\n", [1.5, 2.5]),
        ("3×2 Matrix{Float64}:\n 1.5  2.5\n 2.5  0.5\n 3.5  1.5\n", [1.5, 2.5]),
        ("\\begin{bmatrix} 1.5 & 2.5 \\\\ 2.5 & 0.5 \\\\ 3.5 & 1.5 \\end{bmatrix}\n", [1.5, 2.5]),
    ],
)
def test_matrices(text, expected):
    reading = read(text)

    assert (reading.points, reading.left_out, reading.x1) == (3, 0, None)
    # The two columns may be points, or a curve.
    assert [number for number in (*reading.first[:2], reading.first[2]) if number is not None] == pytest.approx(
        expected
    )


def test_points_and_labels_beside_one_another_in_json():
    reading = read('{"points": [[1.5, 2.5], [2.5, 0.5], [3.5, 1.5]], "labels": [0, 1, 0]}')

    assert (reading.classes, reading.first, reading.label) == (("0", "1"), (1.5, 2.5, "0"), "labels")


def test_geojson():
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [x, 48.0 + x / 9]},
            "properties": {"kind": "town" if x % 2 else "village"},
        }
        for x in range(6)
    ]
    reading = read(json.dumps({"type": "FeatureCollection", "features": features}))

    assert (reading.points, reading.label, reading.classes) == (6, "kind", ("village", "town"))
    assert reading.first == (0.0, 48.0, "village")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "       x     y label\n0   1.00  2.00     a\n..   ...   ...   ...\n99  4.00  0.50     b\n",
            "this table was shortened",
        ),
        (
            "shape: (9, 2)\n│ x   ┆ y   │\n│ --- ┆ --- │\n│ f64 ┆ f64 │\n│ 1.5 ┆ 2.5 │\n│ …   ┆ …   │\n",
            "this table was shortened",
        ),
        ("9×2 Matrix{Float64}:\n 1.5  2.5\n ⋮\n 3.5  1.5\n", "this matrix was shortened"),
        ("- x: 1.5\n  y: [2, 3]\n  z:\n    a: 1\n", "this is a YAML file that is not read"),
        ("structure(list(x = rnorm(3), y = 1:3))", "this is R code that is not read"),
    ],
)
def test_what_is_not_read_is_named_for_what_it_is(text, sentence):
    with pytest.raises(TableError, match=sentence):
        read(text)


def test_rows_that_were_left_out_when_it_was_printed_are_said():
    text = "# A tibble: 24 × 3\n      x     y label\n  <dbl> <dbl> <chr>\n1   1.5   2.5 a\n2   2.5   0.5 b\n"

    assert "22 more rows are not in the text, which was shortened" in read(f"{text}# ℹ 22 more rows\n").doubts
