"""Kinds of tables that people have: the same points written in many ways, and what each column is."""

import re

import numpy as np
import pytest

from model.table.errors import TableError
from model.table.reading import read

RANDOM = np.random.default_rng(0)
POINTS = np.round(np.vstack([RANDOM.normal((-2, 1), 0.7, (12, 2)), RANDOM.normal((2, -1), 0.7, (12, 2))]), 3)
BITS, LETTERS = [0] * 12 + [1] * 12, ["A"] * 12 + ["B"] * 12
SHUFFLED = RANDOM.permutation(100)[:24].tolist()
SINE = [f"{index * 0.25:.2f},{np.sin(index * 0.25):.4f}" for index in range(24)]
LARGE = [(30_000 + 1234 * index, 1000 + 57 * index, "low" if index < 6 else "high") for index in range(12)]


def rows(separator=",", labels=LETTERS):
    return [
        separator.join((repr(x), repr(y), str(label))) for (x, y), label in zip(POINTS.tolist(), labels, strict=True)
    ]


def text_of(*lines):
    return "\n".join(lines) + "\n"


def beside(cells, lines=None):
    """Return rows with another cell before each."""
    return [f"{cell},{row}" for cell, row in zip(cells, lines or rows(), strict=True)]


def large(pattern, between):
    return [
        pattern.format(f"{a:,}".replace(",", between), f"{b:,}".replace(",", between), kind) for a, b, kind in LARGE
    ]


SAME_POINTS = {
    "comments of an instrument": text_of("# Instrument: XY-3", "# Date: 2024", "#", "# x [mm], y [mm], c", *rows()),
    "comments of percent": text_of("% Model, v5", "% x\ty\tc", *rows("\t")),
    "metadata above": text_of("Sample,foo", "Rate,1000", "", "x,y,c", *rows()),
    "two titles": text_of("Messung vom 3. Mai", "Labor 2", "", "x,y,c", *rows()),
    "title of a spreadsheet": text_of("Messung,,", "x,y,c", *rows()),
    "units": text_of("x,y,c", "mm,mm,", *rows()),
    "units in brackets": text_of("x;y;c", "[mm];[°C];[-]", *rows(";")),
    "header of Orange": text_of("x,y,c", "continuous,continuous,A B", ",,class", *rows()),
    "flags of Orange": text_of("C#x\tC#y\tcD#c\tmS#name", *[f"{row}\tn{i}" for i, row in enumerate(rows("\t"))]),
    "source below": text_of("x,y,c", *rows(), "", "Quelle: Amt, 2024"),
    "sum below": text_of("x,y,c", *rows(), "Summe,3.5,"),
    "header again": text_of("x,y,c", *rows()[:9], "x,y,c", *rows()[9:]),
    "blank lines": text_of("x,y,c", "", *[f"{row}\n" for row in rows()]),
    "empty column": text_of("x,,y,c", *[row.replace(",", ",,", 1) for row in rows()]),
    "empty column at the left": text_of(",x,y,c", *[f",{row}" for row in rows()]),
    "sep": text_of("sep=\t", "x\ty\tc", *rows("\t")),
    "spaces round separators": text_of("x ; y ; c", *rows(" ; ")),
    "apostrophes": text_of("'x','y','c'", *[re.sub(r"[^,]+", r"'\g<0>'", row) for row in rows()]),
    "several tabs": text_of("x\t\ty\t\tc", *rows("\t\t")),
    "spaces and tabs": text_of("x  y\tc", *[re.sub(",", "  ", row, count=1).replace(",", "\t") for row in rows()]),
    "numbers of runs": text_of("x,y,c,run", *[f"{row},7" for row in rows()]),
    "titles of groups": text_of("A,A,B", "x,y,c", *rows()),
    "psql": text_of(" x | y | c", "---+---+---", *rows(" | "), "(24 rows)"),
    "mysql": text_of("+---+---+", "| x | y | c |", "+---+---+", *[f"| {row} |" for row in rows(" | ")], "+---+---+"),
    "Markdown without outer bars": text_of("x | y | c", "--- | --- | ---", *rows(" | ")),
    "reStructuredText": text_of("=== === ===", "x y c", "=== === ===", *rows(" "), "=== === ==="),
    "a printed frame": text_of("      x      y  c", *[f"{i:2d}  {row}" for i, row in enumerate(rows("  "))]),
    "dates": text_of("date,x,y,c", *beside([f"2024-01-{day + 1:02d}" for day in range(24)])),
    "index of pandas": text_of(",x,y,c", *beside(SHUFFLED)),
    "sorted index": text_of(",x,y,c", *beside(sorted(SHUFFLED))),
    "named index": text_of("Unnamed: 0,x,y,c", *beside(SHUFFLED)),
    "index and words of sets": text_of("id,x,y,c,split", *[f"{i},{row},train" for i, row in enumerate(rows())]),
    "JSON in lines": "\n".join('{{"x": {}, "y": {}, "c": "{}"}}'.format(*row.split(",")) for row in rows()),
    "JSON columns": f'{{"x": {POINTS[:, 0].tolist()}, "y": {POINTS[:, 1].tolist()}, "c": {LETTERS}}}'.replace("'", '"'),
    "a dict of Python": str({"x": POINTS[:, 0].tolist(), "y": POINTS[:, 1].tolist(), "c": LETTERS}),
    "lists of Python": f"x = {POINTS[:, 0].tolist()}\ny = {POINTS[:, 1].tolist()}\nc = {LETTERS}",
    "UTF-16 without a mark": text_of("x,y,c", *rows()).encode("utf-16-be"),
}
"""The points with the columns x, y and c, in every way that people write them."""

WITHOUT_NAMES = {
    "numpy": str(np.column_stack([POINTS, BITS])),
    "an array": repr(np.column_stack([POINTS, BITS])),
    "two arrays": f"X = {POINTS!r}\ny = np.{np.array(BITS)!r}",
    "tuples": str([(x, y, label) for (x, y), label in zip(POINTS.tolist(), BITS, strict=True)]),
    "Mathematica": "{" + ", ".join(f"{{{row}}}" for row in rows(labels=BITS)) + "}",
    "MATLAB": "A = [" + ";\n ".join(rows(labels=BITS)) + "];",
    "Fortran": text_of(
        *[row.replace("e", "D") for row in (f"{x:e} {y:e} {b}" for (x, y), b in zip(POINTS, BITS, strict=True))]
    ),
    "LIBSVM": text_of(*[f"{b} 1:{x} 2:{y}" for (x, y), b in zip(POINTS, BITS, strict=True)]),
    "shuffled index": text_of(*beside(SHUFFLED, rows(labels=BITS))),
}

NAMES = {
    "f0,f1,y": ("f0", "f1", "y"),
    "a,b,y": ("a", "b", "y"),
    "x,z,y": ("x", "z", "y"),
    "age,income,y": ("age", "income", "y"),
    "X[0],X[1],y": ("X[0]", "X[1]", "y"),
    "feature_0,feature_1,target": ("feature_0", "feature_1", "target"),
    "PC1,PC2,cluster": ("PC1", "PC2", "cluster"),
    "V1,V2,V3": ("V1", "V2", "V3"),
    "pos_x,pos_y,color": ("pos_x", "pos_y", "color"),
    "lon,lat,type": ("lon", "lat", "type"),
    "0,1,2": ("0", "1", "2"),
    "height,weight,test": ("height", "weight", "test"),
    "x,y,train": ("x", "y", "train"),
}


@pytest.mark.parametrize("name", SAME_POINTS)
def test_the_same_points_are_read_in_every_way_to_write_them(name):
    content = SAME_POINTS[name]
    found = read(content if isinstance(content, bytes) else content.encode())

    assert (found.kind, found.points, found.left_out, found.classes) == ("classes", 24, 0, ("A", "B"))
    assert [re.sub(r" \[mm\]", "", column) for column in (found.x1, found.x2, found.label)] == ["x", "y", "c"]
    assert found.first == (*POINTS[0], "A")


@pytest.mark.parametrize("name", WITHOUT_NAMES)
def test_points_without_names_are_read_too(name):
    found = read(WITHOUT_NAMES[name])

    assert (found.kind, found.x1, found.x2, found.label, found.points) == ("classes", None, None, None, 24)
    assert found.classes == ("0", "1")
    assert found.first == (*POINTS[0], "0")


@pytest.mark.parametrize("header", NAMES)
def test_names_say_what_is_a_coordinate_and_what_the_label(header):
    found = read(text_of(header, *rows(labels=BITS)))

    assert (found.x1, found.x2, found.label) == NAMES[header]
    assert (found.classes, found.first) == (("0", "1"), (*POINTS[0], "0"))


@pytest.mark.parametrize(
    ("header", "roles"),
    [("y,a,b", ("a", "b", "y")), ("target,x0,x1", ("x0", "x1", "target")), ("label,y,x", ("x", "y", "label"))],
)
def test_the_label_may_come_first(header, roles):
    found = read(text_of(header, *beside(BITS, [row.rsplit(",", 1)[0] for row in rows()])))

    assert (found.x1, found.x2, found.label) == roles


@pytest.mark.parametrize(
    "lines",
    [
        large("{0}\t{1}\t{2}", ","),
        large('"{0}","{1}",{2}', ","),
        large("{0},00;{1},50;{2}", " "),
        large("{0},00;{1},50;{2}", "\xa0"),
        large("{0},00;{1},50;{2}", "."),
        large("{0};{1};{2}", "."),
        large("{0}.00;{1}.50;{2}", "'"),
        large("{0}.00,{1}.50,{2}", "’"),
        large("{0}\t{1}\t{2}", " "),
        large("{0} €;{1} €;{2}", "."),
    ],
    ids=lambda lines: lines[0],
)
def test_thousands_of_many_countries(lines):
    found = read(text_of("income;rent;group".replace(";", lines[0][len(lines[0].split("low")[0]) - 1]), *lines))

    assert (found.x1, found.x2, found.label, found.classes) == ("income", "rent", "group", ("low", "high"))
    assert found.first[0] == 30_000
    assert found.first[1] in (1000, 1000.5)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (text_of("x,y", *SINE), ("x", None, "y")),
        (text_of(*SINE), (None, None, None)),
        (text_of(",t,U", *[f"{i},{row}" for i, row in enumerate(SINE)]), ("t", None, "U")),
        (text_of("t;U", "s;V", *[row.replace(",", ";") for row in SINE]), ("t", None, "U")),
        (text_of("x1,y", *[f"{x},{bit}" for (x, _), bit in zip(POINTS, BITS, strict=True)]), ("x1", None, "y")),
        (text_of("sin,x", *[",".join(reversed(row.split(","))) for row in SINE]), ("x", None, "sin")),
    ],
)
def test_two_columns_of_numbers_are_a_curve(text, roles):
    found = read(text)

    assert (found.kind, found.x1, found.x2, found.label, found.points) == ("curve", *roles, 24)
    assert found.doubts


@pytest.mark.parametrize("header", ["x1,x2", "lon,lat", "x,y"])
def test_two_columns_of_scattered_points_are_none(header):
    scattered = np.random.default_rng(1).uniform(-5, 5, (40, 2)).round(3).tolist()
    found = read(text_of(header, *[f"{x},{y}" for x, y in scattered]))

    assert (found.kind, found.label, found.points) == ("classes", None, 40)


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (("1.0", "2.00"), ("1", "2")),
        (("1e0", "2e0"), ("1", "2")),
        (("1.5", "2.5"), ()),
        (("10 %", "20 %"), ("10 %", "20 %")),
        (("007", "008"), ("007", "008")),
        (("+1", "-1"), ("+1", "-1")),
        (("C1", "C2"), ("C1", "C2")),
    ],
)
def test_classes_are_called_as_the_table_calls_them_but_for_decimals_of_whole_numbers(cells, names):
    assert read(text_of("x1,x2,kind", *rows(labels=cells * 12))).classes == names


def test_a_column_of_one_number_is_no_label():
    found = read(text_of("x1,x2,run", *rows(labels=[7] * 24)))

    assert (found.label, found.classes) == (None, ())


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        ([f"{x * y:.2f}" for x, y in POINTS], "values"),
        ([int(50 * x + 200) for x, _ in POINTS], "values"),
        (["yes", "no"] * 12, "classes"),
        (["1.0", "2.0"] * 12, "classes"),
    ],
)
def test_labels_are_classes_or_values(labels, kind):
    assert read(text_of("x1,x2,what", *rows(labels=labels))).kind == kind


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            text_of("x,y,label", *rows(labels=[i % 9 for i in range(24)])),
            "there are 9 classes; at most 8 are allowed; as",
        ),
        (text_of("x,y,kind", *rows(labels=[f"k{i % 12}" for i in range(24)])), "there are 12 classes; at most 8"),
        (str(np.arange(3000.0).reshape(1000, 3)), "this array was shortened with"),
        ('{"x": [1, 2', "this is a JSON file that is damaged"),
        ("[((1, 2), 'A'), ((3, 4), 'B')]", "header and no points"),
        (b"\x93NUMPY\x01\x00v\x00", "this is a NumPy array"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "this is an Excel workbook of the old kind"),
        (b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "this is an OpenDocument spreadsheet"),
        ("<?xml version='1.0'?><a/>", "this is an XML file"),
        ("# made by hand\no box\nv 1.0 2.0 0.5\nv -1 2 0.5\nf 1 2 3\n", "this is a shape in three dimensions"),
        ("v 0.1 0.2 0.3 1 1 1\nv 0.4 0.5 0.6 1 1 1\n", "this is a shape in three dimensions"),
        ("ply\nformat ascii 1.0\nelement vertex 2\nend_header\n0 0 0\n1 2 3\n", "this is a shape in three dimensions"),
        ("OFF\n2 0 0\n0 0 0\n1 2 3\n", "this is a shape in three dimensions"),
        ("solid box\nfacet normal 0 0 1\nouter loop\nvertex 1 2 3\n", "this is a shape in three dimensions"),
        ("$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\n" * 3, r"satellites says \(NMEA"),
        ("@relation t\n@attribute x numeric\n@data\n{0 1}", "line 4 of this ARFF file is sparse"),
    ],
)
def test_what_cannot_be_read_is_named(text, sentence):
    with pytest.raises(TableError, match=sentence):
        read(text if isinstance(text, bytes) else text.encode())


def test_what_excel_writes_for_a_number_is_no_comment():
    found = read(text_of("x,y,c", *rows(), "#N/A,1,A", "?,1,B", "#DIV/0!,2,A"))

    assert (found.points, found.left_out) == (24, 3)


def test_a_color_in_the_first_column_is_no_comment():
    found = read(text_of("color,x,y", *beside(["#1f77b4"] * 12 + ["#ff7f0e"] * 12, [row[:-2] for row in rows()])))

    assert (found.points, found.classes) == (24, ("#1f77b4", "#ff7f0e"))


@pytest.mark.parametrize(
    "marked",
    [
        lambda row: f"> {row}",
        lambda row: f"- {row}",
        lambda row: ",".join(f'="{cell}"' for cell in row.split(",")),
        lambda row: ",".join(f"'{cell}" if cell[0] in "-0123456789" else cell for cell in row.split(",")),
        lambda row: ",".join(f"{cell[1:]}-" if cell.startswith("-") else cell for cell in row.split(",")),
        lambda row: ",".join(f"({cell[1:]})" if cell.startswith("-") else cell for cell in row.split(",")),
    ],
    ids=["mail", "list", "formula", "apostrophe", "minus behind", "brackets"],
)
def test_marks_of_other_programs_are_no_part_of_numbers(marked):
    plain = read(text_of("x,y,class", *rows()))
    reading = read(text_of(*map(marked, ("x,y,class", *rows()))))

    assert (reading.points, reading.left_out, reading.first) == (24, 0, plain.first)
    assert (reading.x1, reading.x2, reading.label, reading.classes) == ("x", "y", "class", ("A", "B"))


def test_the_word_behind_brackets_is_the_class():
    lines = [f"({x}, {y}) {label}" for (x, y), label in zip(POINTS.tolist(), LETTERS, strict=True)]
    reading = read(text_of(*lines))

    assert (reading.points, reading.classes, reading.first) == (24, ("A", "B"), (*POINTS[0], "A"))


def test_named_arrays_are_columns():
    reading = read("{'x': array([1., 2., 3.]), 'y': array([4., 5., 7.])}")

    assert (reading.points, reading.x1, reading.first[0]) == (3, "x", 1.0)


@pytest.mark.parametrize(
    "below", ["how long it is,how wide it is,which it is", '"{""a"":""Q1""}","{""a"":""Q2""}","{""a"":""Q3""}"']
)
def test_a_row_that_says_what_names_mean_is_no_header(below):
    reading = read(text_of("Q1,Q2,Q3", below, *rows()))

    assert (reading.x1, reading.x2, reading.label, reading.points) == ("Q1", "Q2", "Q3", 24)


def test_numbers_that_stand_for_what_is_missing_are_doubtful():
    lines = [row if index % 8 else f"{row.split(',')[0]},-999,A" for index, row in enumerate(rows())]

    assert "3 numbers of column 2 (y) may stand for what is missing: -999" in read(text_of("x,y,class", *lines)).doubts
    assert not any("missing" in doubt for doubt in read(text_of("x,y,class", *rows())).doubts)


def test_a_price_is_a_value_wherever_it_stands():
    lines = [f"{x * y:.2f},{x},{y}" for x, y in POINTS.tolist()]
    reading = read(text_of("price,size,age", *lines))

    assert (reading.kind, reading.x1, reading.x2, reading.label) == ("values", "size", "age", "price")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1253", ("άσπρο", "μαύρο", "τύπος")),
        ("cp1254", ("kırmızı", "yeşil", "tür")),
        ("cp1251", ("да", "нет", "цвет")),
    ],
)
def test_letters_of_other_countries(encoding, words):
    first, second, name = words
    lines = rows(labels=[first] * 12 + [second] * 12)
    reading = read(text_of(f"x,y,{name}", *lines).encode(encoding))

    assert (reading.classes, reading.label) == ((first, second), name)
    assert any("look whether they are right" in doubt for doubt in reading.doubts)


def test_a_column_that_is_mostly_empty_or_always_the_same_is_no_coordinate():
    oscilloscope = [f"{'Record Length,2500' if index < 3 else ','},,{row}" for index, row in enumerate(SINE)]
    reading = read(text_of(*oscilloscope))
    assert (reading.kind, reading.points, reading.first) == ("curve", 24, (0.0, None, 0.0))

    reading = read(text_of("plate,width,size,class", *beside([7] * 24)))
    assert (reading.x1, reading.x2, reading.label) == ("width", "size", "class")


def test_what_is_called_a_value_is_a_coordinate_beside_one_other_and_a_class():
    reading = read(text_of("Anteil,Wert,Typ", *rows()))

    assert (reading.kind, reading.x1, reading.x2, reading.label) == ("classes", "Anteil", "Wert", "Typ")


def test_classes_that_differ_in_capitals_alone_are_doubtful():
    doubts = read(text_of("x,y,class", *rows(labels=["yes", "Yes"] * 12))).doubts

    assert "'yes' and 'Yes' are two classes, and may be one" in doubts


def test_a_title_with_more_cells_than_the_table_is_no_header():
    reading = read(text_of("Path,File,Sample", "C:\\a,1.D,x", "", "wavelength,absorption", *SINE))

    assert (reading.x1, reading.label, reading.points) == ("wavelength", "absorption", 24)


def test_tabs_among_spaces_part_columns_too():
    lines = [f'{x}   {y}\t"{label}"' for (x, y), label in zip(POINTS.tolist(), LETTERS, strict=True)]

    assert read(text_of(*lines)).classes == ("A", "B")


def test_a_column_that_looks_like_numbers_of_rows_is_not_lost_without_a_word():
    lines = [f"{20 + index},{row}" for index, row in enumerate(SINE)]
    reading = read(text_of("plate,income,price", *lines))

    assert reading.kind == "curve"
    assert "column 1 (plate) looks like the numbers of rows, and is left out" in reading.doubts


@pytest.mark.parametrize(
    "name",
    [
        "t",
        "time",
        "x",
        "step",
        "epoch",
        "hour",
        "day",
        "Year",
        "age",
        "a",
        "T (K)",
        "Messung in mV",
        "p/bar",
        "time_ms",
    ],
)
def test_what_is_called_like_a_quantity_is_one_even_if_it_counts(name):
    for first in (0, 1, 1990):
        lines = [f"{first + index},{x},{y}" for index, (x, y) in enumerate(POINTS.tolist())]
        reading = read(text_of(f"{name},u,v", *lines))

        assert (reading.kind, reading.x1, reading.x2, reading.label) == ("values", name, "u", "v")
        assert reading.first == (first, *POINTS[0])


@pytest.mark.parametrize("name", ["id", "index", "nr", "no.", "row", "#", "Unnamed: 0", "", "n", "step_no", "Zeile"])
def test_what_is_called_like_the_number_of_a_row_is_none(name):
    lines = [f"{1 + index},{x},{y}" for index, (x, y) in enumerate(POINTS.tolist())]
    reading = read(text_of(f"{name},x1,x2", *lines))

    assert (reading.x1, reading.x2, reading.label) == ("x1", "x2", None)


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("x,y,z", ("x", "y", "z")),
        ("x,y1,y2", ("x", "y1", "y2")),
        ("t,U,I", ("t", "U", "I")),
        ("t,x,y", ("x", "y", "t")),
    ],
)
@pytest.mark.parametrize("step", [1, 0.25])
def test_a_quantity_is_read_alike_however_fine_its_steps_are(header, roles, step):
    lines = [f"{step * index},{x},{y}" for index, (x, y) in enumerate(POINTS.tolist())]
    reading = read(text_of(header, *lines))

    assert (reading.kind, reading.x1, reading.x2, reading.label) == ("values", *roles)


@pytest.mark.parametrize(
    "footer",
    ["166,25;66,1;Mittelwert", "Durchschnitt;66,1;", "STABW.N;2,2;", ";66,1;Ø;", "Std. Dev.;3,1;2,2", "10;20;Max."],
)
def test_what_sums_up_the_rows_is_no_point_of_a_class_of_its_own(footer):
    lines = [f"{150 + index},5;{50 + index};{'Hund' if index % 2 else 'Katze'}" for index in range(12)]
    reading = read(text_of("Größe;Gewicht;Klasse", *lines, footer))

    assert (reading.points, reading.classes) == (12, ("Katze", "Hund"))


def test_a_class_that_is_called_like_a_sum_keeps_its_points():
    lines = [f"{index},{index * index % 7},{('min', 'mean', 'max')[index % 3]}" for index in range(12)]

    assert read(text_of("x,y,class", *lines)).points == 12


def test_where_two_columns_may_be_the_label_both_are_said():
    lines = [f"{x},{y},{'red' if x > 0 else 'blue'},{'mf'[index % 2]}" for index, (x, y) in enumerate(POINTS.tolist())]
    reading = read(text_of("x,y,team,gender", *lines))

    assert reading.label == "gender"
    assert "column 4 (gender) is taken for the label; it may be column 3 (team)" in reading.doubts
    assert not read(text_of("x,y,team,class", *lines)).doubts, "a name that says it leaves no doubt"


def test_a_column_of_merged_cells_is_not_left_out_without_a_word():
    groups = {0: "cats", 6: "dogs"}
    lines = [f"{groups.get(index, '')},{x},{y}" for index, (x, y) in enumerate(POINTS.tolist())]
    reading = read(text_of("group,x1,x2", *lines))

    said = f"column 1 (group) has a word in 2 of {len(lines)} rows only, and is left out"
    assert any(doubt.startswith(said) for doubt in reading.doubts)


def test_a_set_for_development_is_one_for_testing():
    lines = [f"{row},{('train', 'dev', 'test')[index % 3]}" for index, row in enumerate(rows())]

    assert "16 of them for testing" in read(text_of("x,y,class,split", *lines)).sentence
