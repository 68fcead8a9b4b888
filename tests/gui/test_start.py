import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QToolButton

from gui import theme
from gui.widgets.later import Later

ROOT = Path(__file__).parents[2]

LATER = (
    "gui.dialogs.animation",
    "gui.dialogs.race",
    "gui.export.views",
    "gui.items.hidden",
    "gui.items.landscape",
    "gui.items.space",
    "importlib.metadata",
    "model.table.points",
    "model.walk.walk",
    "av",
    "numba",
    "sympy",
    "ziamath",
)
"""What a start need not wait for: it is imported when it is first asked for."""

COMMAND = f"""
import sys
from gui.app import make_application
from gui.main_window import MainWindow
application = make_application(["test"])
window = MainWindow()
window.resize(1600, 1000)
window.show()
application.processEvents()
found = sorted(sys.modules.keys() & set({LATER!r}))
window.files.forget_changes()
window.close()
sys.exit(" ".join(found) or None)
"""


def test_a_window_opens_without_what_is_not_seen_in_it(tmp_path):
    folders = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    environment = {**os.environ, **folders}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND], check=False, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_what_cannot_be_built_leaves_the_application_dressed(qapp):
    sheet = theme.manager() and qapp.styleSheet()
    assert sheet
    sheets = []

    def build():
        with theme.manager().dressing_last():
            sheets.append(qapp.styleSheet())
            raise ValueError("no window")

    with pytest.raises(ValueError, match="no window"):
        build()
    assert sheets == [""]
    assert qapp.styleSheet() == sheet


def test_what_comes_later_is_made_once_and_when_it_is_seen(bare_window):
    made = []
    place = Later(lambda: made.append(QToolButton()) or made[-1])
    place.setParent(bare_window)
    assert not made
    place.show()
    assert [button.isVisible() for button in made] == [True]
    place.hide()
    place.show()
    assert len(made) == 1
