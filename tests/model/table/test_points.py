import csv
import math
import random
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from model import Dataset
from model.data.dataset import PROBLEM_KINDS
from model.data.naming import Axis, Naming
from model.table.numbers import NumberStyle
from model.table.points import ColumnChoice, TableError, dataset_of, guess_columns, read_table, write_table


def imported(content, choice=None):
    table = read_table(content)
    return dataset_of(table, choice or guess_columns(table))


def refusal(content, choice=None):
    with pytest.raises(TableError) as caught:
        imported(content, choice)
    return str(caught.value)


class TestRead:
    @pytest.mark.parametrize(
        ("text", "separator", "decimal"),
        [
            ("1.5,2.5,A\n3,4,B", ",", "."),
            ("1,5;2,5;A\n3;4,25;B", ";", ","),
            ("1,5\t2,5\tA\n3\t4\tB", "\t", ","),
            ("1.5|2.5|A\n3|4|B", "|", "."),
            ("1.5 2.5 A\n3  4   B", " ", "."),
            ("  1.5   2.5  A \n   3 4 B", " ", "."),
            ("1,5 2,5 A\n3,0 4,5 B", " ", ","),
            ("1.5, 2.5, A\n3, 4, B", ",", "."),
            ('"1,5","2,5","A"\n"3","4,5","B"', ",", ","),
            ('1.5,2.5,"a;b;c"\n3,4,"a;b;d"', ",", "."),
            ("1;2;x,y\n3;4;y,z", ";", "."),
            ("1,5;2,5", ";", ","),
        ],
    )
    def test_finds_separator_and_decimal_sign(self, text, separator, decimal):
        table = read_table(text)

        assert (table.separator, table.style, table.has_header) == (separator, NumberStyle(decimal), False)
        assert table.number(table.rows[0][0]) in (1.0, 1.5)
        assert [table.number(cell) for cell in table.rows[-1][:2]] == pytest.approx(
            [1.5, 2.5] if len(table.rows) == 1 else [3.0, 4.0], abs=0.5
        )

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
    def test_every_encoding_and_line_end(self, encoding, end):
        text = end.join(["größe,höhe,art", "1.5,2.5,süß", "3,4,B", ""])

        table = read_table(text.encode(encoding))

        assert table.columns == ("größe", "höhe", "art")
        assert table.rows == (("1.5", "2.5", "süß"), ("3", "4", "B"))
        assert table.lines == (2, 3)

    def test_text_with_a_byte_order_mark(self):
        assert read_table("\ufeffx,y\n1,2").columns == ("x", "y")

    @pytest.mark.parametrize(
        ("text", "columns"),
        [
            ("x,y,class\n1,2,A", ("x", "y", "class")),
            ("x,,class\n1,2,A", ("x", "column 2", "class")),
            ("1,2,A\n3,4,B", ("column 1", "column 2", "column 3")),
            ("nan,nan,A\n3,4,B", ("column 1", "column 2", "column 3")),
            ("one,2,A\n3,4,B", ("column 1", "column 2", "column 3")),
            ("a,b\nc,d", ("a", "b")),
        ],
    )
    def test_header(self, text, columns):
        assert read_table(text).columns == columns

    def test_what_the_person_says_comes_before_what_it_looks_like(self):
        table = read_table("1,5;2,5\n3,5;4,5", separator=",", has_header=True)

        assert table.columns == ("1", "5;2", "5")
        assert read_table("1,5;2,5", style=NumberStyle(".")).style == NumberStyle(".")
        assert read_table("ä,b\n1,2".encode(), encoding="cp1252").columns == ("Ã¤", "b")
        with pytest.raises(ValueError, match="separator must be one of"):
            read_table("1,2", separator="x")
        with pytest.raises(ValueError, match="encoding must be one of"):
            read_table(b"1,2", encoding="utf-7")

    def test_quoted_cells_over_several_lines_keep_the_numbers_of_lines(self):
        table = read_table('x,y,class\n\n1,2,"a ""big""\nname, with comma"\n;\n3,4,B\n'.replace(";\n", ",,\n"))

        assert table.rows == (("1", "2", 'a "big"\nname, with comma'), ("3", "4", "B"))
        assert table.lines == (3, 6)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ("", "the table is empty"),
            (b"", "the table is empty"),
            (b"\xef\xbb\xbf", "the table is empty"),
            (" \n\n", "the table is empty"),
            (",,\n,,", "the table is empty"),
            ("x,y,class\n", "has a header and no points"),
            (
                "1,2\n3,4,A,5\n5\n6,7,B\n8",
                "line 2 has 4 columns, but line 1 has 2; it was read with comma as separator",
            ),
            ("1,2,A\n3,4,B,C,D\n5,6,B", "line 2 has more columns than the other rows, which have 3"),
            ('1,2,"A\n3,4,B', "line 1: a quotation mark is not closed"),
            ('1,2,A\n3,4,"B"C', "line 2: a quotation mark is not closed, or not followed by a separator"),
            (b"1,2,A\n3,\x004,B", "line 2 has a NUL character"),
            (b"\xff\xfe1\x00,\x00\xd8\xd8", "damaged at byte"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "this is a picture"),
            ("1\n2\n3", "has 1 column"),
        ],
    )
    def test_refuses_with_a_sentence(self, content, sentence):
        assert sentence in refusal(content)


class TestGuess:
    @pytest.mark.parametrize(
        ("text", "x1", "x2", "label", "set_column", "is_value"),
        [
            ("x1,x2,class,set\n1,2,A,test\n2,2.5,B,train", 0, 1, 2, 3, False),
            ("x1,x2,value,set\n1,2,1.0,test\n2,2.5,0.0,train", 0, 1, 2, 3, True),
            ("class,Y,X\nA,1,2.5\nB,3,4", 2, 1, 0, None, False),
            ("x1,x2,y\n1,2.5,0\n2,3,1", 0, 1, 2, None, False),
            ("x0,x1,y\n1,2.5,0\n2,3,1", 0, 1, 2, None, False),
            ("5.1,3.5,1.4,0.2,setosa\n4.9,3.1,1.4,0.2,setosa\n7,3.2,4.7,1.4,versicolor", 0, 1, 4, None, False),
            ("id,name,a,b,kind\n7,p,.5,1.5,u\n9,q,1.5,2.5,v\n8,r,2.5,.5,u", 2, 3, 4, None, False),
            ("1,0.5,1.5,A\n2,1.5,2.5,B\n3,2.5,0.5,A", 1, 2, 3, None, False),
            ("1,5.5,A\n2,6.5,B\n3,7.25,A", 0, 1, 2, None, False),
            ("0,1.5,2.5\n1,2.5,3.5\n1,0.5,3", 1, 2, 0, None, False),
            ("1,2,0\n3,4,1\n3,5,1", 0, 1, 2, None, False),
            ("1.5,2.5,0.25\n3.5,4.5,0.75", 0, 1, 2, None, True),
            ("1.5,2.5,A,train\n3.5,4.5,B,test", 0, 1, 2, 3, False),
            ("x1,x2\n1.5,2.5\n3.5,4.5", 0, 1, None, None, False),
            ("1.5,2.5,A\n3.5,4.5,A", 0, 1, 2, None, False),
            ("x,y,label,is_test\n1.5,2.5,A,0\n3.5,4.5,B,1", 0, 1, 2, 3, False),
            ("x,y,test\n1.5,2.5,90.5\n3.5,4.5,81", 0, 1, 2, None, True),
        ],
    )
    def test_columns(self, text, x1, x2, label, set_column, is_value):
        choice = guess_columns(read_table(text))

        assert (choice.x1, choice.x2, choice.label, choice.set) == (x1, x2, label, set_column)
        assert choice.kind == ("values" if is_value else "classes")

    def test_many_whole_numbers_are_values(self):
        text = "\n".join(f"{0.3 * i},{0.7 * i},{i * i}" for i in range(12))

        assert guess_columns(read_table(text)).kind == "values"
        assert guess_columns(read_table(f"x,y,class\n{text}")).kind == "classes"

    @pytest.mark.parametrize(
        ("points", "scale"), [("1.5,2.5\n-6,3", False), ("0.1,0.2\n1,0.5", True), ("1,70\n3,4", True)]
    )
    def test_scaling_is_proposed_for_what_does_not_fit_the_plane(self, points, scale):
        assert guess_columns(read_table(f"x1,x2\n{points}")).scale == scale

    @pytest.mark.parametrize(
        ("text", "x", "y", "set_column"),
        [
            ("1.5,2.5\n3.5,4.5", 0, 1, None),
            ("t,value\n1.5,2.5\n3.5,4.5", 0, 1, None),
            ("y,x\n1.5,2.5\n3.5,4.5", 1, 0, None),
            ("height,x\n1.5,2.5\n3.5,4.5", 1, 0, None),
            ("y,when\n1.5,2.5\n3.5,4.5", 1, 0, None),
            ("x,class\n1.5,0\n3.5,1\n2.5,1", 0, 1, None),
            ("0,1.5\n1,2.5\n2,0.5\n3,0.5", 0, 1, None),
            ("x,set,y\n1.5,test,2.5\n3.5,train,4.5", 0, 2, 1),
            ("x,y,set\n1.5,0.5,test\n3.5,1.5,train", 0, 1, 2),
        ],
    )
    def test_two_columns_of_numbers_are_a_curve(self, text, x, y, set_column):
        choice = guess_columns(read_table(text))

        assert (choice.kind, choice.x1, choice.x2, choice.label, choice.set) == ("curve", x, y, None, set_column)

    @pytest.mark.parametrize(
        "text",
        ["x1,x2\n1.5,2.5\n3.5,4.5", "x,y,species\n1.5,2.5,oak\n3.5,4.5,elm", "x,y\nA,2.5\nB,4.5", "1,2,3\n4,5,6"],
    )
    def test_other_tables_are_none(self, text):
        assert guess_columns(read_table(text)).kind != "curve"
        assert guess_columns(read_table(text), curve=True).kind == "curve"

    def test_what_is_known_of_them_comes_before_what_they_look_like(self):
        table = read_table("1.5,2.5\n3.5,4.5")

        assert guess_columns(table, curve=False).kind == "classes"
        assert not guess_columns(table, curve=False).scale
        assert guess_columns(table, curve=True).scale

    @pytest.mark.parametrize(
        ("rows", "scale"),
        [
            ("-3,1.5\n4,-1", False),
            ("-3,0.25\n4,0", False),
            ("-3,0.2\n4,-0.1", True),
            ("-3,1.6\n4,0", True),
            ("7,1\n4,0", True),
            ("0.5,1\n1,0", True),
        ],
    )
    def test_scaling_is_proposed_for_a_curve_that_does_not_fit_the_plane(self, rows, scale):
        assert guess_columns(read_table(f"x,y\n{rows}")).scale == scale
        own = "\n".join(f"{row},train" for row in rows.split("\n"))
        assert not guess_columns(read_table(f"x,y,set\n{own}")).scale


class TestClasses:
    def classes(self, names, header="x,y,species", **options):
        rows = "\n".join(f"{i + 0.5},2.5,{name}" for i, name in enumerate(names))
        table = read_table(f"{header}\n{rows}")
        result = dataset_of(table, ColumnChoice(0, 1, 2, None, kind="classes", scale=False), **options)
        return result.dataset.labels.tolist(), result.dataset.class_names

    def test_names_in_the_order_in_which_they_come(self):
        assert self.classes(["oak", "elm", "oak", "ash"]) == ([0, 1, 0, 2], ("oak", "elm", "ash"))

    def test_numbers_in_their_order(self):
        assert self.classes(["10", "9", "-1", "9.0"]) == ([2, 1, 0, 1], ("-1", "9", "10"))

    def test_letters_of_our_own_table(self):
        assert self.classes(["C", "A"], "x1,x2,class") == ([0, 1], ("C", "A"))
        result = imported("x1,x2,class,set\n1,2,C,train\n2,3,A,train")
        assert result.dataset.labels.tolist() == [2, 0]
        assert result.dataset.class_names == ("A", "B", "C")

    def test_one_class(self):
        assert self.classes(["oak", "oak"]) == ([0, 0], ("oak", "B"))
        assert self.classes(["A", "A"]) == ([0, 0], ("A", "B"))

    def test_names_that_are_there_already_come_first(self):
        assert self.classes(["oak", "elm"], class_names=("ash", "elm")) == ([2, 1], ("ash", "elm", "oak"))
        assert self.classes(["2.0", "1"], class_names=("1", "2", "3")) == ([1, 0], ("1", "2", "3"))

    def test_no_label_column(self):
        result = imported("x1,x2\n1.5,2.5\n3.5,4.5")

        assert result.dataset == Dataset([[1.5, 2.5], [3.5, 4.5]], [0, 0])
        assert result.dataset.class_names == ("A", "B")

    def test_more_than_eight_are_refused(self):
        with pytest.raises(TableError, match=r"column 3 \(species\): there are 9 classes; at most 8 are allowed"):
            self.classes([f"n{i}" for i in range(9)])


class TestValues:
    TEXT = "x,y,value\n1,2,10\n3,4,20\n5,6,40"

    def test_beyond_the_range_of_another_table_are_taken_for_its_end(self):
        choice = ColumnChoice(0, 1, 2, None, kind="values", scale=True)
        naming = dataset_of(read_table("0,0,10\n1,1,40"), choice).dataset.naming
        other = dataset_of(read_table("0,0,25\n1,1,55"), choice, naming=naming)

        assert other.dataset.labels.tolist() == [0.0, 1.0]
        assert "1 value beyond the range taken for its end" in other.sentence

    def test_are_scaled_into_their_range_and_it_is_said(self):
        table = read_table(self.TEXT)
        result = dataset_of(table, ColumnChoice(0, 1, 2, None, kind="values", scale=True))

        assert result.dataset.is_regression
        assert result.dataset.labels == pytest.approx([-1.0, -1.0 / 3.0, 1.0])
        assert "values scaled from 10 … 40 to −1 … 1" in result.sentence

    def test_outside_their_range_are_refused_if_they_are_kept(self):
        choice = ColumnChoice(0, 1, 2, None, kind="values", scale=False)

        assert refusal(self.TEXT, choice).startswith("line 2, column 3 (value): '10' is outside −1 to 1")

    def test_within_their_range_are_kept(self):
        result = imported("x,y,value\n1,2,0.5\n100,200,-0.25")

        assert result.dataset.labels.tolist() == [0.5, -0.25]

    def test_all_alike(self):
        table = read_table("x,y,value\n1,2,7\n3,4,7")
        result = dataset_of(table, ColumnChoice(0, 1, 2, None, kind="values", scale=True))
        assert result.dataset.labels.tolist() == [0.0, 0.0]


class TestCurve:
    KEPT = ColumnChoice(0, 1, None, None, kind="curve", scale=False)
    SCALED = ColumnChoice(0, 1, None, None, kind="curve", scale=True)

    def test_heights_are_the_numbers_of_the_second_column(self):
        result = imported("x,y,set\n-3,1.25,test\n4,-0.1,train\n5,9,train")

        assert result.dataset == Dataset.curve([[-3, 5], [4, -0.4], [5, 36]], [True, False, False])
        np.testing.assert_array_equal(result.dataset.labels, [1.25, -0.1, 9])
        assert result.dataset.class_names == ()
        assert result.sentence == "3 points of a curve, 1 of them for testing."

    def test_scaled_both_fill_their_range(self):
        result = dataset_of(read_table("1900,20\n1950,70\n2000,30"), self.SCALED)

        np.testing.assert_allclose(result.dataset.points[:, 0], [-5.5, 0, 5.5], atol=1e-12)
        np.testing.assert_allclose(result.dataset.labels, [-1, 1, -0.6], atol=1e-12)
        assert result.sentence == "3 points of a curve; x scaled from 1900 … 2000 and y scaled from 20 … 70."

    def test_other_points_are_scaled_as_these_were(self):
        naming = dataset_of(read_table("0,0\n10,100"), self.SCALED).dataset.naming
        other = dataset_of(read_table("5,50\n20,200"), self.KEPT, naming=naming)

        np.testing.assert_allclose(other.dataset.points[:, 0], [0, 16.5], atol=1e-12)
        np.testing.assert_allclose(other.dataset.labels, [0, 3], atol=1e-12)

    def test_points_in_a_row_or_a_column_are_in_the_middle(self):
        np.testing.assert_allclose(dataset_of(read_table("7,3\n7,3"), self.SCALED).dataset.points, 0.0)

    def test_a_label_does_not_count(self):
        choice = ColumnChoice(0, 1, 2, None, kind="curve", scale=False)

        assert dataset_of(read_table("1,1,A\n2,0.5,"), choice).dataset == Dataset.curve([[1, 4], [2, 2]])

    def test_a_height_that_no_plane_has_is_refused_unless_it_is_scaled(self):
        text = "1,2\n3,1e308\n4,-1e308"

        assert refusal(text, self.KEPT) == "line 2, column 2: '1e308' is too large; let the numbers be scaled"
        np.testing.assert_allclose(dataset_of(read_table(text), self.SCALED).dataset.labels, [0, 1, -1], atol=1e-12)

    @given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=1, max_size=5))
    @example([(0.0, 1.7976931348623157e308), (0.0, -8.171332431192346e307)])
    @example([(0.0, 1.792906068180484e308), (0.0, 1.7937039115810607e308)])
    def test_any_numbers_come_onto_the_plane(self, points):
        points = dataset_of(read_table("\n".join(f"{x!r},{y!r}" for x, y in points)), self.SCALED).dataset.points

        assert (np.abs(points) <= [5.5, 4.0 + 1e-12]).all()


def test_values_without_a_label_are_points_of_one_class():
    assert ColumnChoice(0, 1, None, None, kind="values", scale=False).kind == "classes"


class TestSets:
    @pytest.mark.parametrize(
        ("header", "cells", "is_test"),
        [
            ("set", ["test", "TRAIN", " Testing "], [True, False, True]),
            ("split", ["validation", "training", ""], [True, False, False]),
            ("is_test", ["1", "0", "1"], [True, False, True]),
            ("test", ["yes", "no", "True"], [True, False, True]),
            ("train", ["1", "0", ""], [False, True, False]),
        ],
    )
    def test_words(self, header, cells, is_test):
        rows = "\n".join(f"{i}.5,{i * i}.25,A,{cell}" for i, cell in enumerate(cells))

        assert imported(f"x,y,label,{header}\n{rows}").dataset.is_test.tolist() == is_test

    def test_other_words_are_refused(self):
        text = "x,y,label,set\n1,2,A,test\n3,4,B,maybe\n3,4,B,train"

        assert refusal(text) == "line 3, column 4 (set): 'maybe' is neither train nor test"


class TestPlane:
    def scaled(self, points):
        table = read_table("\n".join(f"{x!r},{y!r}" for x, y in points))
        return dataset_of(table, ColumnChoice(0, 1, None, None, kind="classes", scale=True))

    def test_the_shape_is_kept(self):
        result = self.scaled([(0.0, 100.0), (20.0, 110.0), (10.0, 105.0)])

        np.testing.assert_allclose(result.dataset.points, [[-5.5, -2.75], [5.5, 2.75], [0.0, 0.0]], atol=1e-12)
        assert result.sentence == "3 points in 1 class (A); scaled to the plane."

    def test_other_points_are_scaled_as_these_were(self):
        naming = self.scaled([(0.0, 100.0), (20.0, 110.0)]).dataset.naming
        choice = ColumnChoice(0, 1, None, None, kind="classes", scale=False)
        other = dataset_of(read_table("10,105\n20,110\n40,105"), choice, naming=naming)

        np.testing.assert_allclose(other.dataset.points, [[0, 0], [5.5, 2.75], [16.5, 0]], atol=1e-12)
        assert other.dataset.naming == naming

    def test_but_not_where_it_would_be_a_line(self):
        result = self.scaled([(0.0, 1000.0), (1.0, 9000.0)])

        np.testing.assert_allclose(result.dataset.points, [[-5.5, -5.5], [5.5, 5.5]])
        assert "on its own" in result.sentence

    def test_points_on_a_line_and_on_one_place(self):
        np.testing.assert_allclose(self.scaled([(7.0, 0.0), (7.0, 1.0)]).dataset.points, [[0, -5.5], [0, 5.5]])
        np.testing.assert_allclose(self.scaled([(7.0, 9.0), (7.0, 9.0)]).dataset.points, 0.0)

    @given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=1, max_size=5))
    def test_any_numbers_come_onto_the_plane(self, points):
        assert np.abs(self.scaled(points).dataset.points).max() <= 5.5


class TestWrongCells:
    CHOICE = ColumnChoice(0, 1, 2, None, kind="classes", scale=False, leaves_out=False)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("x1,x2,class\n1,2,A\n\n3,4,B\n5,abc,A\n1,2,A", "line 5, column 2 (x2): 'abc' is not a number"),
            ("1,2,A\n3,abc,B\n5,6,A", "line 2, column 2: 'abc' is not a number"),
            ("1,2,A\nq,abc,B\nr,6,A\n1,2,A\n1,2,A", "line 2, column 1: 'q' is not a number"),
            ("1,2,A\n3,nan,B\n5,6,A", "line 2, column 2: 'nan' is not a finite number"),
            ("1,2,A\n3,-Infinity,B\n5,6,A", "line 2, column 2: '-Infinity' is not a finite number"),
            ("1,2,A\n3,1e999,B\n5,6,A", "line 2, column 2: '1e999' is too large; it may be up to 1e308"),
            ("1,2,A\n3,,B\n5,6,A", "line 2, column 2: the cell is empty"),
            ("1,2,A\n3,4,\n5,6,A", "line 2, column 3: the cell is empty; every point needs a class"),
            ("1,2,A\n3,1_000,B\n5,6,A", "line 2, column 2: '1_000' is not a number"),
            ("1,2,A\n3,٣,B\n5,6,A", "line 2, column 2: '٣' is not a number"),
        ],
    )
    def test_the_first_is_named_with_its_line_and_column(self, text, sentence):
        assert refusal(text, self.CHOICE) == sentence

    @pytest.mark.parametrize(
        ("text", "n_left", "sentence"),
        [
            (
                "x,y,class\n1,2,A\n3,4,B\n5,six,A\n7,8,B",
                3,
                "1 of 4 rows has no number in column 2 (y), such as 'six' in ",
            ),
            (
                "1,2,A\n3,4,B\n5,six,A\n7,8,B",
                3,
                "1 of 4 rows has no number in column 2, such as 'six' in line 3: left out",
            ),
            ("1,2,A\n3,,B\n,6,A\n1,2,B", 2, "2 of 4 rows have no number in column 1 or column 2: left out"),
            (
                "1,2,A\n3,NaN,B\n5,6,?\n1,2,B\n1,3,B",
                3,
                "2 of 5 rows have no number in column 2 or no class in column 3",
            ),
            ("x,y,value\n1,2,0.5\n3,4,\n5,6,1.0", 2, "1 of 3 rows has no number in column 3 (value): left out"),
            ("x,y\n1,1\n2,#N/A\n3,0.5\n", 2, "1 of 3 rows has no number in column 2 (y): left out"),
            ("1,2,A\n3,4,B,C\n5,6,A\n" + "7,8,B\n" * 9, 11, "1 row has too many cells, such as line 2: left out"),
            (
                " x  y c\n12 30 A\n12345 B\n85 21 A\n 9 33 A\n8 x A\n",
                3,
                "1 of 5 rows has fewer cells than the others, such as line 3, where two numbers may touch: left out; "
                "1 of 5 rows has no number in column 2 (y), such as 'x' in line 6: left out",
            ),
        ],
    )
    def test_rows_that_lack_something_are_left_out_and_that_is_said(self, text, n_left, sentence):
        result = imported(text)

        assert len(result.dataset) == len(result.rows) == n_left
        assert sentence in result.sentence

    def test_a_row_with_fewer_cells_that_is_used_is_to_be_looked_at(self):
        result = imported("kind x y other\nA 12 30 1\nB 1234 1\nA 85 21 2\nB 9 33 2\n")

        assert len(result.dataset) == 4
        assert "such as line 3, where two numbers may touch; look whether its cells are in " in result.sentence

    def test_nothing_is_read_where_no_row_has_all(self):
        assert refusal("x,y,class\n1,,A\n,2,B") == "line 2, column 2 (y): the cell is empty; no row has all its numbers"

    def test_a_class_may_have_a_name_that_others_give_to_what_is_missing(self):
        assert imported("x,y,class\n1,2,NA\n3,4,EU\n5,6,NA\n7,8,EU").dataset.class_names == ("NA", "EU")
        assert imported("x,y,class\n1,2,+\n3,4,-\n5,6,-").dataset.class_names == ("+", "-")

    def test_a_minus_of_typesetters_is_one(self):
        assert imported("−1.5,2,A\n3,4,B").dataset.points[0].tolist() == [-1.5, 2.0]

    @pytest.mark.parametrize("column", [-1, 3])
    def test_columns_that_are_not_there(self, column):
        with pytest.raises(ValueError, match=f"columns must be 0 to 2; got {column}"):
            dataset_of(read_table("1,2,A\n3,4,B"), ColumnChoice(0, column, None, None, "classes", False))


COORDINATES = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


@st.composite
def datasets(draw):
    n_points = draw(st.integers(1, 8))
    points = draw(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=n_points, max_size=n_points))
    is_test = draw(st.lists(st.booleans(), min_size=n_points, max_size=n_points))
    kind = draw(st.sampled_from(PROBLEM_KINDS))
    if kind == "curve":
        # A quarter of the smallest numbers there are is 0.
        return Dataset.curve([(x, y if abs(y) > 1e-300 else 0.0) for x, y in points], is_test)
    label = st.floats(-1.0, 1.0) if kind == "values" else st.integers(0, 7)
    labels = draw(st.lists(label, min_size=n_points, max_size=n_points))
    return Dataset(points, labels, is_test, 0 if kind == "values" else None)


def same_bits(first, second):
    return first == second and first.points.tobytes() == second.points.tobytes()


class TestWrite:
    def test_example(self):
        dataset = Dataset([[0.1, -2.0], [1e-9, 3.0]], [1, 0], [True, False])

        assert write_table(dataset) == "x1,x2,class,set\n0.1,-2.0,B,test\n1e-09,3.0,A,train\n"
        named = dataset.named(Naming(Axis("width"), Axis("size"), Axis("kind"), ("no", "a, b")))
        assert write_table(named, "\t") == "width\tsize\tkind\tset\n0.1\t-2.0\ta, b\ttest\n1e-09\t3.0\tno\ttrain\n"

    def test_example_of_a_curve(self):
        dataset = Dataset.curve([[0.1, -2.0], [1e-9, 3.0]], [True, False])

        assert write_table(dataset) == "x,y,set\n0.1,-0.5,test\n1e-09,0.75,train\n"

    def test_with_the_decimal_comma(self):
        dataset = Dataset([[0.1, -2.0], [1e-9, 3.0]], [1, 0], [True, False])

        assert write_table(dataset, ";", ",") == "x1;x2;class;set\n0,1;-2,0;B;test\n1e-09;3,0;A;train\n"
        with pytest.raises(ValueError, match="separator and decimal must be different; both are ','"):
            write_table(dataset, ",", ",")

    @given(
        datasets(),
        st.sampled_from([*((separator, ".") for separator in ",\t;| "), *((separator, ",") for separator in "\t;|")]),
        st.sampled_from(["utf-8", "utf-16", "latin-1"]),
    )
    def test_reading_gives_the_same_to_the_bit(self, dataset, signs, encoding):
        written = write_table(dataset, *signs)

        assert same_bits(imported(written.encode(encoding)).dataset, dataset)
        assert same_bits(imported(written).dataset, dataset)

    @given(datasets().filter(lambda d: not d.is_regression), st.lists(NAMES, min_size=8, max_size=8, unique=True))
    def test_with_any_names(self, dataset, names):
        names = names[: dataset.n_classes]
        named = dataset.named(Naming(classes=tuple(names)))
        table = read_table(write_table(named), separator=",", style=NumberStyle())
        if len({table.number(name) if table.is_finite(name) else name for name in names}) < len(names):
            return
        result = dataset_of(table, guess_columns(table), names)

        assert same_bits(result.dataset, named)
        assert result.dataset.class_names == tuple(names)


VALID = [
    write_table(Dataset(np.random.default_rng(0).normal(size=(30, 2)), np.arange(30) % 3)).encode(),
    write_table(Dataset(np.random.default_rng(1).normal(size=(20, 2)), np.linspace(-1, 1, 20))).encode("utf-16"),
    '"größe";höhe;art\n1,5;2,5;"süß; sauer"\n3;4,25;B\n-1;0;C\n'.encode("latin-1"),
    b"1.5 2.5 A\n3  4   B\n0 1 A\n",
    b"1.5\t2.5\t0.25\r\n3\t4\t-17\r\n5\t1e5\t12.5\r\n",
    *(path.read_bytes() for path in sorted(Path(__file__).with_name("cases").glob("[0-9]*"))),
]
PIECES = [
    *(b"\x00", b'"', b'""', b"'", b",", b";", b"\t", b"|", b" ", b"\n", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9"),
    *(b"nan", b"inf", b"1e999", b"-1e-999", b"9" * 400, b"1" * 70_000, b"a" * 140_000, b"1," * 5000, b"\n" * 3000),
    *(b"1,2\n" * 500, "−½٣".encode(), b"0x10", b"1_0"),
]


def mutated(content, generator):
    result = bytearray(content)
    for _ in range(generator.randint(1, 4)):
        start = generator.randint(0, len(result))
        stop = min(len(result), start + generator.randint(0, 40))
        kind = generator.randrange(5)
        if kind == 0 and result:
            result[start % len(result)] ^= 1 << generator.randrange(8)
        elif kind == 1:
            del result[start : (stop if generator.random() < 0.8 else None)]
        elif kind == 2:
            result[start:start] = result[start:stop]
        elif kind == 3:
            other = generator.randint(0, len(result))
            piece = result[start:stop]
            del result[start:stop]
            result[other:other] = piece
        else:
            result[start:start] = generator.choice(PIECES)
    return bytes(result)


def check_mutations(seed, count):
    """Open or refuse each mutated file, with work in proportion to its length; return how many were opened."""
    generator = random.Random(seed)
    n_opened = longest = 0
    for _ in range(count):
        content = mutated(generator.choice(VALID), generator)
        with counting_calls() as calls:
            try:
                dataset = imported(content).dataset
            except TableError as error:
                longest = max(longest, len(str(error)))
            else:
                n_opened += 1
                assert np.isfinite(dataset.points).all()
        # What guesses the separator looks at a sample alone.
        assert calls.total() < 100 * len(content) + 3_000_000
    assert longest < 200
    return n_opened


@contextmanager
def counting_calls():
    """Count what Python calls, functions of its own and of C: the work that a file makes."""
    calls = Counter()

    def note(_frame, event, _argument):
        if event in ("call", "c_call"):
            calls[event] += 1

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def traced(function, *arguments):
    tracemalloc.start()
    try:
        result = function(*arguments)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class TestMutatedFiles:
    def test_are_opened_or_refused(self):
        n_opened, peak = traced(check_mutations, 0, 60)

        assert 10 < n_opened < 60
        assert peak < 500e6

    @pytest.mark.soak
    def test_are_opened_or_refused_two_thousand_times(self):
        n_opened, peak = traced(check_mutations, 1, 2000)

        assert 500 < n_opened < 1900
        assert peak < 500e6

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"1" * 10_000_000, "line 1 has 10,000,000 characters; at most 100,000 are allowed"),
            (b"1,2\n" + b"3," * 5_000_000, "line 2 has 10,000,000 characters"),
            (b"1,2,A\n" * 100_001, "too many rows; at most 100,000 are allowed"),
            (b"x,y\n" + b"1,2\n" * 100_001, "too many rows; at most 100,000 are allowed"),
            (b"1," * 9_999 + b"1\n2", "line 1 has 10,000 columns; at most 100 are allowed"),
            (b"1,2,A\n" * 5_000_000, "the table is too large: 30,000,000 bytes"),
            (b"\n" * 20_000_000, "20,000,001 lines"),
            ((b"1," * 99 + b"1\n") * 90_000, "too many cells"),
            (b'1,"2\n' + b"3,4\n" * 200_000, "line 1: a quotation mark is not closed"),
            (b"\xff\xfe" + b"a\x00" * 9_000_000, "line 1 has 9,000,000 characters"),
            (b"[" + b"[1,2]," * 200_000 + b"[1,2]]", "too many rows; at most 100,000 are allowed"),
            (b"(1,2)," * 3_000_000, "too many rows; at most 100,000 are allowed"),
            (b"".join(b'{"k%d": 1}\n' % index for index in range(30_000)), "30,000 columns; at most 100 are allowed"),
            (b"".join(b"1 %d:1\n" % index for index in range(900)) * 50, "901 columns; at most 100 are allowed"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_huge_ones_are_refused_before_they_are_read(self, content, sentence):
        with counting_calls() as calls:
            assert sentence in refusal(content)

        # The largest table that is read makes eight million.
        assert calls.total() < 3_000_000

    def test_the_largest_is_read(self):
        assert len(imported(b"1.5,2.5,A\n" * 100_000).dataset) == 100_000

    def test_memory_is_a_part_of_what_the_largest_may_take(self):
        _, peak = traced(imported, b"1.5,2.5,A\n" * 10_000)

        assert peak < 50e6

    def test_another_limit_of_the_csv_module(self):
        before = csv.field_size_limit(10)
        try:
            with pytest.raises(TableError, match="line 1 has a cell that is too long"):
                read_table('1,2,"a name of many letters"\n3,4,B', separator=",")
        finally:
            csv.field_size_limit(before)


def test_numbers_of_every_length_are_read_exactly():
    values = [0.1, -0.0, 5e-324, math.pi * 1e300, 1.7976931348623157e308]
    dataset = Dataset([[value, -value] for value in values], [0] * len(values))

    assert same_bits(imported(write_table(dataset)).dataset, dataset)


@example(["nan", "1", "A"], (0, 1, 0), "classes", True)
@given(
    st.lists(st.sampled_from(["0", "-3", "1e308", "5e-324", "nan", "inf", "", "A"]), min_size=3, max_size=15),
    st.tuples(*[st.integers(0, 2)] * 3),
    st.sampled_from(PROBLEM_KINDS),
    st.booleans(),
)
def test_whatever_columns_are_chosen_the_points_are_finite_or_a_sentence_says_why_not(cells, columns, kind, scale):
    rows = zip(*[iter(cells)] * 3, strict=False)
    with suppress(TableError):
        table = read_table("x1,x2,label\n" + "\n".join(",".join(row) for row in rows))
        assume(len(table.columns) == 3)
        assert np.isfinite(dataset_of(table, ColumnChoice(*columns, None, kind, scale)).dataset.points).all()
