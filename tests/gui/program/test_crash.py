import logging
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QThread, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget

from gui.program import crash
from gui.program.crash import CrashDialog, CrashReporter, report_error


@pytest.fixture
def reporter(qtbot):
    reporter = CrashReporter()
    reporter.install()
    yield reporter
    reporter.uninstall()
    if reporter.dialog is not None:
        reporter.dialog.close()
    reporter.deleteLater()


def fail(message="boom"):
    raise RuntimeError(message)


def crash_dialogs():
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashDialog)]


def shown_details(dialog):
    return dialog.findChild(QPlainTextEdit, "crash_details").toPlainText()


def shown_count(dialog):
    return dialog.findChild(QLabel, "crash_count").text()


def test_an_error_in_a_slot_shows_the_dialog(reporter, qtbot, caplog):
    button = QPushButton("Fail")
    qtbot.addWidget(button)
    button.clicked.connect(lambda: fail("of the button"))
    with qtbot.waitExposed(button):
        button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    dialog = reporter.dialog
    assert not dialog.isModal()
    assert dialog.parent() is button, "it stays in front of the window"
    assert any("The program goes on" in label.text() for label in dialog.findChildren(QLabel))
    assert "RuntimeError: of the button" in shown_details(dialog)
    assert dialog.findChild(QPlainTextEdit).isReadOnly()
    assert "RuntimeError: of the button" in caplog.text


def test_further_errors_are_counted_in_the_one_dialog(reporter, qtbot, caplog):
    for _ in range(50):
        report_error("The thing failed.", "same details")
    report_error("Another thing failed.", "other details")
    qtbot.waitUntil(lambda: reporter.dialog is not None and shown_count(reporter.dialog).startswith("50 more"))
    assert len(crash_dialogs()) == 1
    text = shown_details(reporter.dialog)
    assert text.count("same details") == 1
    assert "Another thing failed.\nother details" in text
    assert [record.getMessage() for record in caplog.records] == [
        "The thing failed.\nsame details",
        "Another thing failed.\nother details",
    ]


def test_the_details_do_not_grow_without_end(reporter, qtbot):
    for number in range(100):
        report_error("The thing failed.", f"details {number}.")
    qtbot.waitUntil(lambda: reporter.dialog is not None and shown_count(reporter.dialog).startswith("99 more"))
    assert shown_details(reporter.dialog).count("details") == crash.DETAILS_SHOWN


def test_errors_of_other_threads_arrive_in_the_window_s_thread(reporter, qtbot):
    class Failing(QThread):
        def run(self):
            fail("of a QThread")

    thread = threading.Thread(target=fail, args=("of a thread",))
    thread.start()
    thread.join()
    qt_thread = Failing()
    qt_thread.start()
    assert qt_thread.wait(5000)
    qtbot.waitUntil(lambda: reporter.dialog is not None and shown_count(reporter.dialog) != "")
    assert reporter.dialog.thread() is QApplication.instance().thread()
    assert "RuntimeError: of a thread" in shown_details(reporter.dialog)
    assert "RuntimeError: of a QThread" in shown_details(reporter.dialog)


def test_an_error_in_every_paint_event_is_no_flood(reporter, qtbot):
    class Failing(QWidget):
        painted = 0

        def paintEvent(self, event):
            self.painted += 1
            fail("of the paint event")

    widget = Failing()
    qtbot.addWidget(widget)
    timer = QTimer(widget)
    timer.timeout.connect(widget.update)
    timer.start(1)
    widget.show()
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    reporter.dialog.close()
    painted = widget.painted
    qtbot.waitUntil(lambda: widget.painted > painted + 10)
    assert reporter.dialog is None, "closed is closed while the errors go on"
    timer.stop()


def test_a_later_error_opens_a_new_dialog(reporter, qtbot, monkeypatch):
    monkeypatch.setattr(crash, "QUIET_SECONDS", 0.0)
    report_error("The thing failed.", "details")
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    first = reporter.dialog
    qtbot.keyClick(first, Qt.Key.Key_Escape)
    assert reporter.dialog is None
    report_error("The thing failed.", "details")
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert shown_count(reporter.dialog) == ""


def test_copy_details_puts_everything_on_the_clipboard(reporter, qtbot):
    report_error("The thing failed.", "the details")
    report_error("The thing failed.", "more details")
    qtbot.waitUntil(lambda: reporter.dialog is not None and shown_count(reporter.dialog) != "")
    button = reporter.dialog.findChild(QPushButton, "copy_details")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert copied.startswith("The thing failed.")
    assert "One more since then." in copied
    assert "the details\n\nmore details" in copied


def test_keyboard_interrupt_ends_the_program(reporter, qapp):
    QTimer.singleShot(0, lambda: sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None))
    too_late = QTimer()
    too_late.setSingleShot(True)
    too_late.timeout.connect(lambda: QCoreApplication.exit(99))
    too_late.start(10_000)
    assert qapp.exec() == 0
    too_late.stop()
    assert crash_dialogs() == []


def test_the_hooks_are_given_back(qapp):
    hooks = sys.excepthook, threading.excepthook
    reporter = CrashReporter()
    reporter.install()
    assert sys.excepthook not in hooks
    assert CrashReporter.installed is reporter
    reporter.uninstall()
    assert (sys.excepthook, threading.excepthook) == hooks
    assert CrashReporter.installed is None


def test_without_a_window_errors_are_logged(caplog):
    with caplog.at_level(logging.ERROR):
        report_error("The thing failed.", "details")
    assert "The thing failed.\ndetails" in caplog.text
