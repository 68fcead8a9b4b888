"""What a frame costs the window's own thread while it trains, by part, in milliseconds of processor time.

Run on a screen of 1600x1000:

    xvfb-run -a -s "-screen 0 1600x1000x24" python tests/benchmarks/frame.py

What the thread computes for each frame hardly depends on what else the machine does. With ``--beside FOLDER``, another
checkout of the program, both are measured in turns, each in processes of its own, and the ratios printed.

The parts: `preparing` is what panels do when they are told of a new moment; `scenes` collects what changed in graphics
scenes; `painting` is what the paint events of a view take; `handing over` is what remains of drawing, as Qt's
own widgets and giving the picture to the screen; `rest` is all that the thread does beside: the event loop, what is
computed at its own pace, taking the mail.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

CASES: dict[str, tuple[list[int], int]] = {
    "usual": ([2, 8, 8, 8, 3], 500),
    "largest": ([2, *[64] * 10, 3], 5_000),
}
"""Of each case the layers, and how many points there are."""

SIZE = (1600, 1000)
SWITCH_INTERVAL_SECONDS = 0.0005


class Parts:
    """Adds up the processor time of nested parts of a thread; what is inside a part is not counted for the part."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inside: list[float] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what is done meanwhile."""
        start = thread_time()
        self._inside.append(0.0)
        try:
            yield
        finally:
            taken, inner = thread_time() - start, self._inside.pop()
            self.spent[name] += taken - inner
            if self._inside:
                self._inside[-1] += taken

    def timed(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return a function that does the same, and is counted."""

        def counted(*arguments: Any) -> Any:
            with self.part(name):
                return call(*arguments)

        return counted


def measure(case: str, seconds: float) -> dict[str, float]:
    """Train in a window for `seconds`, and return the milliseconds for a frame of each part, and some rates."""
    from PySide6.QtCore import QCoreApplication, QEventLoop, QSettings, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QWidget

    from gui import main_window
    from gui.app import make_application
    from gui.document.changes import Change
    from gui.document.run import LiveRun
    from model import Network, TrainingSettings
    from model.data.edits import ReplaceAll
    from model.data.generators import GeneratorSettings, generate
    from model.network.parts import Unit

    parts = Parts()

    class Events(QCoreApplication):
        sendPostedEvents = staticmethod(parts.timed(QCoreApplication.sendPostedEvents, "scenes"))
        sendEvent = staticmethod(parts.timed(QCoreApplication.sendEvent, "handing over"))

    def wait(waited: float) -> None:
        loop, timer = QEventLoop(), QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(loop.quit)
        timer.start(round(waited * 1e3))
        loop.exec()

    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = make_application(["frame-benchmark"])
        sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
        main_window.QCoreApplication = Events  # type: ignore[misc]
        LiveRun._take = parts.timed(LiveRun._take, "preparing")  # type: ignore[method-assign]
        window = main_window.MainWindow()
        window.resize(*SIZE)
        window.show()
        QTest.qWaitForWindowExposed(window)
        document = window.document
        sizes, n_points = CASES[case]
        settings = GeneratorSettings(name="spiral", n_points=n_points, n_classes=3)
        training = TrainingSettings(learning_rate=0.03, batch_size=10)
        edits = (ReplaceAll(generate(settings)),)
        document.changes.perform("benchmark", Change(edits=edits, generator=settings, training=training))
        document.changes.perform("benchmark", Change(restart=Network(sizes)))
        document.view.set(speed=None)
        document.view.select(Unit(2, 1))
        wait(0.5)
        for widget in window.findChildren(QWidget):
            painter = next((kind for kind in type(widget).__mro__ if "paintEvent" in vars(kind)), QWidget)
            if painter.__module__.startswith(("gui", "pyqtgraph")):
                name = widget.objectName() or type(widget).__name__
                widget.paintEvent = parts.timed(widget.paintEvent, f"painting {name}")
        document.run.set_playing(True)
        wait(1.0)
        shown: list[int] = []
        document.run.displayed_changed.connect(lambda: shown.append(document.displayed.step))
        parts.spent.clear()
        start, used = perf_counter(), thread_time()
        wait(seconds)
        processor_s, elapsed, n_frames = thread_time() - used, perf_counter() - start, len(shown)
        document.run.set_playing(False)
        wait(0.1)
        window.files.forget_changes()
        window.close()
        application.processEvents()
    per_frame = 1e3 / max(n_frames, 1)
    found = {name: spent * per_frame for name, spent in sorted(parts.spent.items())}
    found["rest"] = processor_s * per_frame - sum(found.values())
    found["frame"] = processor_s * per_frame
    found["frames/s"] = n_frames / elapsed
    found["steps/s"] = (shown[-1] - shown[0]) / elapsed if shown else 0.0
    return found


def measure_beside(folder: Path, case: str, seconds: float) -> dict[str, float]:
    """Measure the program of a folder in a process of its own."""
    command = [sys.executable, __file__, "--inside", str(folder), "--case", case, "--seconds", str(seconds)]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, timeout=600, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print what each part of a frame costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each measurement lasts (5)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    parser.add_argument("--case", choices=CASES, help="only this one")
    parser.add_argument("--beside", type=Path, help="another checkout, to compare with")
    parser.add_argument("--inside", help=argparse.SUPPRESS)  # This process measures the program of this folder.
    arguments = parser.parse_args()
    if arguments.inside is not None:
        sys.path.insert(0, arguments.inside)
        os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        print(json.dumps(measure(arguments.case, arguments.seconds)))
        return
    folders = [ROOT] if arguments.beside is None else [arguments.beside.resolve(), ROOT]
    for case in [arguments.case] if arguments.case else CASES:
        rounds = [
            [measure_beside(folder, case, arguments.seconds) for folder in folders] for _ in range(arguments.rounds)
        ]
        sizes, n_points = CASES[case]
        print(f"\n{'-'.join(map(str, sizes))}, {n_points:,} points, batch 10, {SIZE[0]}x{SIZE[1]}: ms for each frame")
        names = {name for found in rounds for each in found for name in each}
        for name in sorted(names, key=lambda one: (one in ("frame", "frames/s", "steps/s"), one)):
            of_folders = [[found[place].get(name, 0.0) for found in rounds] for place in range(len(folders))]
            medians = [statistics.median(values) for values in of_folders]
            row = "".join(f"{median:>12,.2f}" for median in medians)
            if len(folders) > 1 and medians[0] > 0:
                row += f"{medians[1] / medians[0]:>10.2f}"
            print(f"  {name:<32}{row}")


if __name__ == "__main__":
    main()
