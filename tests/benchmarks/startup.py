"""How long it takes from starting `python main.py` to its first painted window.

    python tests/benchmarks/startup.py [--runs 5]

Each run is a process of its own, after one that is not counted: that one warms the disk's cache and writes the byte
code of all sources, as installing the program does, or its first start. The others read the byte code, also where the
environment asks Python to write none; without it a quarter of the time is compiling. It runs on the present display,
or on a virtual one of its own (Xvfb) where there is none. The program itself is unchanged: a runner in its process
watches for the first window to have been painted, and then ends it.
"""

import argparse
import os
import runpy
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

AIM_SECONDS = 1.0
"""For the median of five runs, on a machine that has nothing else to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="how many starts are measured (5)")
    parser.add_argument("--started-at", type=float, help=argparse.SUPPRESS)  # this process is the runner
    arguments = parser.parse_args()
    if arguments.started_at is not None:
        return run_until_painted(arguments.started_at)

    seconds = []
    with display() as name, tempfile.TemporaryDirectory() as folder:
        byte_code = {"PYTHONPYCACHEPREFIX": os.path.join(folder, "byte-code"), "PYTHONDONTWRITEBYTECODE": ""}
        environment = {**os.environ, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder, **byte_code}
        if name is not None:
            environment |= {"DISPLAY": name}
        print(f"python {sys.version.split()[0]}, display {environment.get('DISPLAY', 'of the system')}")
        for run in range(arguments.runs + 1):
            taken = measure(environment)
            if run == 0:
                print(f"warm-up  {taken:6.3f} s")
            else:
                print(f"run {run:<4d} {taken:6.3f} s")
                seconds.append(taken)
    median = statistics.median(seconds)
    print(f"median   {median:6.3f} s   {median / AIM_SECONDS:.2f} of the {AIM_SECONDS} s aimed at")
    return 0


def measure(environment: dict[str, str]) -> float:
    # time.monotonic counts from the start of the machine, so the runner can go on counting from here.
    command = [sys.executable, __file__, "--started-at", repr(time.monotonic())]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    return float(done.stdout.split()[-1])


def run_until_painted(started_at: float) -> int:
    """Run main.py as `python main.py` does, print the seconds until its first painted window, and end it."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow():
                application.removeEventFilter(self)
                # The window's children are painted in the same go: by the next event, all is on the screen.
                QTimer.singleShot(0, self.finish)
            return False

        def finish(self) -> None:
            print(time.monotonic() - started_at, flush=True)
            application.quit()

    # The program makes the QApplication itself; this is the moment between showing the window and painting it.
    application: QApplication
    watcher = FirstPaint()
    execute = QApplication.exec

    def watch_and_execute(*_: object) -> int:
        nonlocal application
        application = QApplication.instance()
        application.installEventFilter(watcher)
        return execute()

    QApplication.exec = watch_and_execute
    sys.path[0] = str(ROOT)
    sys.argv = ["main.py"]
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
    return 0


@contextmanager
def display() -> Iterator[str | None]:
    """Give the name of a virtual display where there is none, else None."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield None
        return
    reader, writer = os.pipe()
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        sys.exit("There is no display, and no Xvfb to make one: install it with `sudo apt install xvfb`.")
    os.close(writer)
    try:
        with os.fdopen(reader) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
