"""The command that tells how a table is read."""

import json

import pytest

import main

KEYS = ["kind", "x1", "x2", "label", "points", "left_out", "classes", "first"]


@pytest.fixture
def table(tmp_path, capsys):
    """Run the command on a text; return its status, what it writes, and its errors."""

    def command(text, *options):
        path = tmp_path / "points.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = main.main(["table", str(path), *options])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "a;b;Sorte\n1,5;2,5;süß\n3;;süß\n4;5;A\n",
            ["classes", "a", "b", "Sorte", 2, 1, ["süß", "A"], [1.5, 2.5, "süß"]],
        ),
        ("1.5,2.5,1\n3,1,0\n4.5,5,0", ["classes", None, None, None, 3, 0, ["1", "0"], [1.5, 2.5, "1"]]),
        ("x1,x2,y\n10,20,30.5\n1,2,4", ["values", "x1", "x2", "y", 2, 0, [], [10.0, 20.0, 30.5]]),
        ("hours,score\n1,20\n2,30.5\n", ["curve", "hours", None, "score", 2, 0, [], [1.0, None, 20.0]]),
        ("x1,x2\n1,20\n2,30\n", ["classes", "x1", "x2", None, 2, 0, [], [1.0, 20.0, None]]),
    ],
)
def test_a_program_is_told_by_the_names_and_in_the_units_of_the_table(table, text, values):
    status, out, _ = table(text, "--json")

    assert status == 0
    assert json.loads(out) == dict(zip(KEYS, values, strict=True))


def test_a_person_is_told_the_same_and_what_is_doubtful(table):
    status, out, err = table("a;b;c\n960;800;low\n1.000;900;high\n")

    assert status == 0
    assert out.splitlines()[0] == "2 points in 2 classes (low, high); scaled to the plane."
    assert out.splitlines()[-2:] == ["classes  low, high", "first    960, 800, low"]
    assert err == "note: '1.000' in line 3 is read as 1000, and may be 1.\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "x,y,c\n" + "1,2,A\n1,2,B\n" * 3 + "".join(f"1,2,c{i}\n" for i in range(9)),
            "Column 3 (c): there are 11 classes;",
        ),
        (b"PK\x03\x04 xl/workbook.xml", "This is an Excel workbook;"),
        ("<html><table>", "This is an HTML page,"),
        ("", "The table is empty;"),
    ],
)
def test_what_is_not_read_is_refused_with_a_sentence(table, content, sentence):
    status, out, err = table(content, "--json")
    assert (status, err) == (1, "")
    assert json.loads(out)["refused"].startswith(sentence)
    assert list(json.loads(out)) == ["refused"]

    status, out, err = table(content)
    assert (status, out) == (1, "")
    assert err.startswith(f"netcanvas table: {sentence}")


def test_a_file_that_is_not_there_is_refused_too(tmp_path, capsys):
    path = tmp_path / "gone.csv"
    assert main.main(["table", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"refused": f"{path} cannot be read: there is no such file."}


def test_training_tells_of_a_table_what_is_doubtful_and_left_out(tmp_path, capsys):
    path = tmp_path / "points.csv"
    path.write_text("Messung\na;b;c\n960;800;low\n1.000;900;high\n1.100;?;high\n")
    assert main.main(["train", "--data", str(path), "--steps", "1"]) == 0
    out = capsys.readouterr().out
    assert "1 line above the header left out; 1 of 3 rows has no number in column 2 (b): left out" in out
    assert "'1.000' in line 4 is read as 1000, and may be 1" in out
    assert "testing" not in out


@pytest.mark.parametrize(
    ("n_points", "options", "n_test"), [(19, (), 0), (20, (), 6), (10, ("--training-share", "0.5"), 5)]
)
def test_a_few_points_all_train_unless_a_share_is_given(tmp_path, capsys, n_points, options, n_test):
    path = tmp_path / "points.csv"
    path.write_text("".join(f"{index},{index * index % 7},{'AB'[index % 2]}\n" for index in range(n_points)))
    assert main.main(["train", "--data", str(path), "--steps", "1", *options]) == 0
    assert (f"; {n_test} points drawn for testing" in capsys.readouterr().out) == (n_test > 0)


@pytest.mark.parametrize("name", ["missing.csv", "folder"])
def test_the_name_of_a_file_that_cannot_be_read_stays_as_it_is_written(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for command in (["table", name], ["train", "--data", name]):
        assert main.main(command) == 1
        assert capsys.readouterr().err.startswith(f"netcanvas {command[0]}: {name} cannot be read: ")
