import logging
import logging.handlers
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning

from gui import app
from gui.files.recovery import Recovery, recovery_folder
from gui.program.startup import version
from model.experiment import load_experiment, save_experiment

ROOT = Path(app.__file__).resolve().parents[1]


@pytest.fixture
def root_logger():
    """Python's root logger, put back as it was afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_the_log_goes_to_a_file_that_stays_small(tmp_path, root_logger):
    app.start_logging(tmp_path / "new" / "folder")
    logging.getLogger("gui.anything").error("It is logged.")
    text = (tmp_path / "new" / "folder" / "netcanvas.log").read_text(encoding="utf-8")
    assert f"NetCanvas {version()}" in text
    assert "ERROR gui.anything: It is logged." in text
    handler = root_logger.handlers[-1]
    assert isinstance(handler, logging.handlers.RotatingFileHandler)
    assert 0 < handler.maxBytes * (handler.backupCount + 1) < 10_000_000


def test_a_folder_that_cannot_be_written_does_not_stop_the_start(tmp_path, root_logger, caplog):
    (tmp_path / "file").touch()
    before = list(root_logger.handlers)
    app.start_logging(tmp_path / "file" / "folder")
    assert "log file cannot be written" in caplog.text
    assert root_logger.handlers == before


def test_what_qt_says_at_the_start_is_logged(qapp, caplog):
    with app.explained_end():
        qWarning("The screen is odd.")
    assert "Qt says: The screen is odd." in caplog.text


OPENED_BY_THE_DESKTOP = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from gui import app


def begin():
    QApplication.sendEvent(QApplication.instance(), QFileOpenEvent(sys.argv[1]))
    timer.start(20)


def look():
    (window,) = [widget for widget in QApplication.topLevelWidgets() if hasattr(widget, "files")]
    if window.files.path is not None:
        timer.stop()
        print(window.files.path)
        window.close()


def make_application(argv, make=app.make_application):
    application = make(argv)
    timer.timeout.connect(look)
    QTimer.singleShot(0, begin)
    return application


timer = QTimer()
app.make_application = make_application
sys.exit(app.run(["netcanvas"]))
"""


def test_a_file_that_the_desktop_sends_is_opened(tmp_path, document):
    path = tmp_path / "sent by the desktop.netcanvas"
    save_experiment(document.experiment(), path)
    program = subprocess.run(
        [sys.executable, "-c", OPENED_BY_THE_DESKTOP, str(path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (program.returncode, program.stdout.strip()) == (0, str(path)), program.stderr


class TestTheEndOfTheSession:
    @pytest.fixture
    def trained(self, window, qtbot):
        window.document.run.set_playing(True)
        qtbot.waitUntil(lambda: window.document.displayed.step > 50)
        window.document.run.set_playing(False)
        return window

    def test_logging_out_keeps_what_is_unsaved_and_leaves_the_window(self, trained):
        app.keep_unsaved()
        (kept,) = recovery_folder().glob("*.netcanvas")
        assert load_experiment(kept).history.frames[-1].step == trained.document.run.step_count
        assert trained.isVisible()
        trained.document.points.clear()
        app.keep_unsaved()
        assert len(load_experiment(kept).setup.dataset) == 0

    @pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
    @pytest.mark.parametrize(("end", "status"), [("SIGTERM", 0), ("SIGHUP", 0), ("logout", -signal.SIGKILL)])
    def test_a_run_that_only_trained_is_offered_at_the_next_start(self, end, status):
        program = Path(__file__).with_name("end_while_training.py")
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(program), end]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == status, done.stderr
        (kept,) = recovery_folder().glob("*.netcanvas")
        assert load_experiment(kept).history.frames[-1].step > 0
        (left,) = Recovery().left()
        assert left.n_steps == load_experiment(kept).history.frames[-1].step

    @pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
    def test_a_signal_that_is_ignored_stays_so(self, qapp, monkeypatch):
        """As nohup lets a program ignore that its terminal goes."""
        monkeypatch.setattr(signal, "getsignal", lambda number: signal.SIG_IGN)
        heard = []
        monkeypatch.setattr(signal, "signal", lambda number, handler: heard.append(number))
        with app.interruptible():
            pass
        assert heard == []
