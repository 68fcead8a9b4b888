"""How long the built program takes to its first window, beside `python main.py`.

    python tests/benchmarks/built_startup.py [--program build/netcanvas/netcanvas] [--runs 7]

Both are looked at from outside, in turns: the time from starting a process until its window is seen on a virtual
screen (Xvfb) that has nothing else on it. The machine may be shared: what counts is the ratio of the medians.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from startup import ROOT, display

AIM_RATIO = 1.5
POLL_S = 0.005
LONGEST_S = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/netcanvas/netcanvas", help="the built program (%(default)s)")
    parser.add_argument("--runs", type=int, default=7, help="how many starts of each are measured (%(default)s)")
    arguments = parser.parse_args()
    commands = {
        "python main.py": [sys.executable, str(ROOT / "main.py")],
        "built program": [str(Path(arguments.program).resolve())],
    }
    os.environ.pop("DISPLAY", None)
    os.environ.pop("WAYLAND_DISPLAY", None)
    with display() as name, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb", "NETCANVAS_ENGINE": "numpy"}
        os.environ |= {f"XDG_{place}_HOME": folder for place in ("CONFIG", "STATE", "CACHE")}
        watcher = Watcher()
        seconds = {title: [] for title in commands}
        for run in range(arguments.runs + 1):
            for title, command in commands.items():
                taken = watcher.measure(command)
                print(f"{'warm-up' if run == 0 else f'run {run}':8s} {title:15s} {taken:6.3f} s", flush=True)
                if run > 0:
                    seconds[title].append(taken)
    medians = {title: statistics.median(taken) for title, taken in seconds.items()}
    for title, median in medians.items():
        print(f"median   {title:15s} {median:6.3f} s")
    ratio = medians["built program"] / medians["python main.py"]
    print(f"ratio    {ratio:.2f}, at most {AIM_RATIO} is aimed at")
    return 0


class Watcher:
    """Sees from another process whether anything is drawn on the screen."""

    def __init__(self) -> None:
        from PySide6.QtGui import QGuiApplication

        self._application = QGuiApplication([])
        self._screen = QGuiApplication.primaryScreen()

    def measure(self, command: list[str]) -> float:
        """Return the seconds until a window is painted, end the program, and wait until it is gone."""
        started_at = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._wait(True, started_at)
            taken = time.monotonic() - started_at
        finally:
            process.terminate()
            process.wait()
        self._wait(False, time.monotonic())
        return taken

    def _wait(self, drawn: bool, since: float) -> None:
        while self._is_drawn() != drawn:
            if time.monotonic() - since > LONGEST_S:
                sys.exit(f"After {LONGEST_S:.0f} s, the screen is still {'empty' if drawn else 'full'}.")
            time.sleep(POLL_S)

    def _is_drawn(self) -> bool:
        # What a window without content is filled with has one colour.
        image = self._screen.grabWindow(0, 0, 0, 240, 120).toImage()
        return len({image.pixel(x, y) for x in range(0, 240, 3) for y in range(0, 120, 3)}) > 8


if __name__ == "__main__":
    sys.exit(main())
