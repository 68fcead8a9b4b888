"""The page that says where each computation of the seeds is seen: its tests exist, and no seed is left out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "resources" / "coverage.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (Seed \d{3})$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
ROWS = [
    (seed, *(cell.strip() for cell in line.strip("|").split(" | ")))
    for seed, text in SECTIONS.items()
    for line in text.splitlines()
    if line.startswith("| ") and not line.startswith("| computation")
]
REFERENCES = sorted({name for *_, tests in ROWS for name in re.findall(r"`([^`]+)`", tests)})


@cache
def names_in(file: str) -> frozenset[str]:
    """Return the names of the tests in a file, those of a class with its name before them."""
    names = set()
    for node in ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8")).body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        names |= {f"{prefix}{member.name}" for member in members if isinstance(member, ast.FunctionDef)}
    return frozenset(names)


def test_every_seed_has_rows():
    assert list(SECTIONS) == [f"Seed {number:03}" for number in range(5)]
    assert {seed for seed, *_ in ROWS} == set(SECTIONS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1][:40]}")
def test_every_row_says_what_it_is_where_it_is_seen_and_what_holds_it(row):
    _, what, where, tests = row
    assert what
    assert where
    assert re.fullmatch(r"`[^`]+`(, `[^`]+`)*", tests)
    assert "Later" not in where


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_test_that_is_named_exists(reference):
    file, _, name = reference.partition("::")
    assert name.split("::")[-1].startswith("test_")
    assert name in names_in(file)


def test_no_path_leads_out_of_the_project():
    for path in re.findall(r"[\w.~-]*/[\w./-]+", re.sub(r"`[^`]+`", "", PAGE)):
        assert (ROOT / path).exists() or re.fullmatch(r"[\d∂]\S*", path), path
    assert ".." not in PAGE.replace("::", "")
