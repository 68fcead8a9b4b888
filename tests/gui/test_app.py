import logging
import logging.handlers

import pytest
from PySide6.QtCore import qWarning

from gui import app


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
    assert "NetCanvas 0.1.0" in text
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
