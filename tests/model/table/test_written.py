import numpy as np
import pytest

from model import Dataset
from model.data.naming import Axis, Naming
from model.table.points import ColumnChoice, dataset_of, guess_columns, named_like, read_table
from model.table.written import TABLE_FORMATS, table_format

NAMING = Naming(
    Axis("width, cm", 61.25, 12.5), Axis("size", 0.5, 0.001), Axis("sort"), ("a;b", "b,c", "größer als 1,5")
)
DATASET = Dataset(
    np.random.default_rng(0).uniform(-5, 5, (30, 2)), np.arange(30) % 3, np.arange(30) % 4 == 0, naming=NAMING
)


@pytest.mark.parametrize("entry", TABLE_FORMATS.values(), ids=lambda entry: entry.name)
def test_what_is_written_is_read_by_our_own_reader(entry):
    text = entry.text(DATASET)
    table = read_table(text.encode())
    choice = guess_columns(table)
    read = dataset_of(table, choice, DATASET.class_names, naming=NAMING).dataset

    assert (table.separator, table.style.decimal) == (entry.separator, entry.decimal)
    assert table.columns == ("width, cm", "size", "sort", "set")
    np.testing.assert_allclose(read.points, DATASET.points, rtol=0, atol=1e-12)
    assert read.like(DATASET.points, read.labels, read.is_test) == DATASET


@pytest.mark.parametrize(
    ("suffix", "decimal", "name"),
    [
        (".csv", ".", "csv"),
        (".TSV", ".", "tsv"),
        (".csv", ",", "semicolons"),
        (".tsv", ",", "tabs"),
        (".txt", ".", "csv"),
    ],
)
def test_the_end_of_a_name_says_the_format(suffix, decimal, name):
    assert table_format(suffix, decimal) is TABLE_FORMATS[name]


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("Size,sort,width,set", (2, 0, 1)),
        ("size,width", (1, 0, None)),
        ("a,size,b", (0, 1, 2)),
        ("size,size,width", (0, 1, 2)),
    ],
)
def test_columns_are_found_by_the_names_of_other_points(header, roles):
    naming = Naming(Axis("width"), Axis("size"), Axis("sort"))
    like = Dataset([[0, 0]], [0], naming=naming)
    table = read_table(f"{header}\n" + "1.5,2.5,3.5,test\n"[: 4 * len(header.split(","))].rstrip(",") + "\n")
    label = 2 if len(header.split(",")) > 2 else None
    sets = 3 if header.endswith("set") else None
    choice = named_like(table, ColumnChoice(0, 1, label, sets, "classes", scale=False), like)

    assert (choice.x1, choice.x2, choice.label) == roles
