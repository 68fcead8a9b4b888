"""Time in which a window lives."""

from PySide6.QtCore import QEventLoop, Qt, QTimer


def live(milliseconds: int) -> None:
    """Run the event loop as the program does; QTest.qWait would keep the thread that trains waiting."""
    loop, timer = QEventLoop(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(loop.quit)
    timer.start(milliseconds)
    loop.exec()
    timer.stop()
