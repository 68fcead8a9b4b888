"""Encodings: bytes of other programs are read with the letters that they meant."""

import subprocess
import sys

import pytest

from model.table.encodings import ENCODINGS, decoded, guess_encoding
from model.table.errors import TableError

WORDS = {
    "cp1252": ["süß;köln", "déjà;français", "niño;España", "€ Euro;Dollar – US", "højde;længde", "naïve;café"],
    "cp1250": ["žluťoučký;kůň", "łódź;książka", "łódź;Łódź", "žlutý;červený"],
    "cp1251": ["привет;класс", "Синий;Зелёный"],
    "cp1253": ["κλάση;μήκος"],
    "gb18030": ["类别;红色", "长度;山鸢尾"],
    "cp932": ["赤;青"],
    "cp949": ["길이;종류"],
    "big5": ["長度;種類"],
}


def table_of(words, n_rows):
    rows = (f"{index * 0.37:.3f};{index * 0.11:.2f};{words.split(';')[index % 2]}" for index in range(n_rows))
    return "\n".join(["x;y;kind", *rows])


@pytest.mark.parametrize("n_rows", [3, 24, 3000])
@pytest.mark.parametrize(("encoding", "words"), [(name, words) for name, found in WORDS.items() for words in found])
def test_of_letters_is_found(encoding, words, n_rows):
    text = table_of(words, n_rows)

    assert decoded(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_of_unicode_is_found_with_a_mark_or_without(encoding):
    text = table_of("süß;köln", 24)

    assert decoded(text.encode(encoding))[0] == text


def test_letters_that_come_late_count_too():
    content = b"x;y;kind\n" + b"1;2;plain\n" * 50_000 + "1;2;größe\n".encode("cp1252")

    assert guess_encoding(content) == "cp1252"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_can_be_chosen(encoding):
    assert decoded("x,y\n1,2".encode(encoding), encoding) == ("x,y\n1,2", encoding)


def test_bytes_of_another_encoding_than_the_chosen_are_refused():
    with pytest.raises(TableError, match=r"byte 3 is not written in UTF-8; choose another encoding"):
        decoded(b"xy\xff", "utf-8")


def test_a_long_run_of_letters_takes_no_time():
    assert guess_encoding(b"a" * 2_000_000 + b"\xe9") == "cp1252"


def test_what_finds_encodings_and_separators_is_not_loaded_before_a_table_is_read():
    code = (
        "import sys, gui.app, model.table.text; "
        "sys.exit(any(name in sys.modules for name in ('clevercsv', 'charset_normalizer', 'chardet')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
