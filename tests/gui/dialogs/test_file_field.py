import pytest

from gui.dialogs.file_field import FileField


@pytest.fixture
def field(qtbot):
    field = FileField("picture")
    qtbot.addWidget(field)
    field.show_kind("PNG", ".png")
    return field


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "There is no name for the file"),
        ("~nobody-of-this-name/x.png", "There is no home folder for ~nobody-of-this-name"),
        ("/tmp/a\0b.png", "cannot have a NUL character"),
    ],
)
def test_what_is_no_name_is_refused_with_a_sentence(field, typed, sentence):
    field.line.setText(typed)
    with pytest.raises(ValueError, match=sentence):
        field.path()


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "picture.png"])
def test_a_name_that_is_free_or_cannot_be_looked_up_is_not_asked_about(field, tmp_path, name):
    called = []
    field.line.setText(str(tmp_path / name))
    field.confirm(field.path(), lambda: called.append(name))
    assert called == [name]
