"""How smooth the window is while it trains: redraws, their gaps, delays of events and messages, and steps per second.

Run on a screen of 1600x1000, the machine idle:

    xvfb-run -a -s "-screen 0 1600x1000x24" python tests/benchmarks/ui.py

It trains with compiled steps where they can be had, and with NumPy under NETCANVAS_ENGINE=numpy: a small network with
few points and with many, and the largest; the last lines are epochs per second of the two networks that TensorFlow
Playground was measured with: 250 training points, batch 10.

With --inside it compares, in turns within one run, the window as it begins with one in which everything that explains
the network is open, and says what that costs; and likewise while the panels that would show it are hidden. What
the window's own thread computes for each redraw hardly depends on what else the machine does. With --space it likewise
compares the output in 2D with that in 3D, with --landscape the loss curve with the loss landscape, and with
--hidden the output with the hidden space.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.app import make_application
from gui.document.changes import Change
from gui.main_window import MainWindow
from gui.training_thread.messages import SetSpeed
from model import Network, TrainingSettings
from model.data.edits import ReplaceAll
from model.data.generators import GeneratorSettings, generate
from model.network.parts import Edge, Unit
from model.training.compiled import cache

OUTPUTS = ("output_view", "output_space", "hidden_view")
VIEWS = ("network_view", *OUTPUTS, "loss_view", "unit_map")
PROBE_MS = 2
_NEURON = Unit(2, 1)


class PaintTimes(QObject):
    """Notes when a widget was painted, and how long that took."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.name = widget.objectName()
        self.at: list[float] = []
        self.spent = 0.0
        original: Callable[[QPaintEvent], None] = widget.paintEvent

        def timed(event: QPaintEvent) -> None:
            start = time.perf_counter()
            original(event)
            end = time.perf_counter()
            self.at.append(end)
            self.spent += end - start

        widget.paintEvent = timed  # type: ignore[method-assign]

    def end(self) -> None:
        """Note no more."""
        del self.parent().paintEvent  # The widget's own method is seen again.


class LoopDelay(QObject):
    """Notes how late a short timer comes: that long an event would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.delays: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PROBE_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        self._due = time.perf_counter() + PROBE_MS / 1e3
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _on_timeout(self) -> None:
        now = time.perf_counter()
        self.delays.append(max(now - self._due, 0.0))
        self._due = now + PROBE_MS / 1e3


def wait(seconds: float) -> None:
    """Run the event loop as the program does; QTest.qWait would sleep ten milliseconds at a time."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(loop.quit)
    timer.start(round(seconds * 1e3))
    loop.exec()


def percentile(values: list[float], q: float) -> float:
    """Return a percentile in milliseconds."""
    return float(np.percentile(values, q)) * 1e3 if values else float("nan")


LAYER_SIZES = (2, 8, 8, 8, 3)
LARGEST = (2, *(64,) * 10, 3)


def prepare(window: MainWindow, n_points: int, layer_sizes: Sequence[int] = LAYER_SIZES, **generator: Any) -> None:
    """Show a network on a spiral, batch 10, as fast as possible, a neuron in the inspector."""
    document = window.document
    document.changes.undo_stack.clear()
    settings = GeneratorSettings(name="spiral", n_points=n_points, n_classes=layer_sizes[-1], **generator)
    document.changes.perform(
        "benchmark",
        Change(
            edits=(ReplaceAll(generate(settings)),),
            generator=settings,
            training=TrainingSettings(learning_rate=0.03, batch_size=10),
        ),
    )
    document.changes.perform("benchmark", Change(restart=Network(list(layer_sizes))))
    document.view.set(speed=None)
    document.view.select(_NEURON)


@dataclass(frozen=True)
class Measured:
    """What was noted in some seconds of training."""

    elapsed: float
    processor_s: float  # Of the window's thread.
    steps_s: float
    epochs_s: float
    drawn: dict[str, tuple[list[float], float]]  # By view: when it was painted, and how long that took in all.
    delays: list[float]

    def redraws_s(self, name: str) -> float:
        """Return how often a second a view was painted."""
        return len(self.drawn[name][0]) / self.elapsed


def measure(window: MainWindow, seconds: float) -> Measured:
    """Train for `seconds` and return what was noted; the window goes on training."""
    times = [PaintTimes(view) for name in VIEWS for view in [window.findChild(QWidget, name)] if view is not None]
    delay = LoopDelay()
    document = window.document
    document.run.set_playing(True)
    wait(1.5)
    for recorder in times:
        recorder.at.clear()
        recorder.spent = 0.0
    first, start, used = document.displayed, time.perf_counter(), time.thread_time()
    delay.start()
    wait(seconds)
    last, elapsed, processor_s = document.displayed, time.perf_counter() - start, time.thread_time() - used
    delay.stop()
    for recorder in times:
        recorder.end()
    drawn = {recorder.name: (recorder.at, recorder.spent) for recorder in times}
    steps_s, epochs_s = (last.step - first.step) / elapsed, (last.epoch - first.epoch) / elapsed
    return Measured(elapsed, processor_s, steps_s, epochs_s, drawn, delay.delays)


def run(window: MainWindow, n_points: int, seconds: float, layer_sizes: Sequence[int] = LAYER_SIZES) -> None:
    """Train for `seconds` and print what was measured."""
    prepare(window, n_points, layer_sizes)
    wait(0.5)
    measured = measure(window, seconds)
    answers = message_to_answer(window)
    clicks = click_to_point(window)
    window.document.run.set_playing(False)
    wait(0.2)
    elapsed, delays = measured.elapsed, measured.delays
    name, engine = "-".join(map(str, layer_sizes)), window.document.engine.words().short
    print(f"\n{name}, {n_points:,} points, batch 10, {elapsed:.1f} s, {engine}")
    print(f"  steps/s {measured.steps_s:10,.0f}      epochs/s {measured.epochs_s:8.1f}")
    print(f"  {'view':<14}{'redraws/s':>10}{'gap p50':>10}{'gap p99':>10}{'gap max':>10}{'share of time':>15}")
    for name, (at, spent) in measured.drawn.items():
        gaps = np.diff(at).tolist()
        print(
            f"  {name:<14}{len(at) / elapsed:>10.1f}{percentile(gaps, 50):>7.1f} ms{percentile(gaps, 99):>7.1f} ms"
            f"{max(gaps, default=float('nan')) * 1e3:>7.1f} ms{spent / elapsed:>14.1%}"
        )
    print(
        f"  event loop's delay: median {percentile(delays, 50):.1f} ms, 99th percentile "
        f"{percentile(delays, 99):.1f} ms, longest {max(delays) * 1e3:.1f} ms"
    )
    print(
        f"  from a message to its answer: median {percentile(answers, 50):.1f} ms, 99th percentile "
        f"{percentile(answers, 99):.1f} ms, longest {max(answers) * 1e3:.1f} ms ({len(answers)} messages)"
    )
    print(
        f"  from a click to the point drawn: median {percentile(clicks, 50):.1f} ms, 99th percentile "
        f"{percentile(clicks, 99):.1f} ms ({len(clicks)} clicks)"
    )


PLAYGROUND = {"4-2": (2, 4, 2, 2), "8x6": (2, 8, 8, 8, 8, 8, 8, 2)}
"""Networks by their hidden layers, as a person says them."""


def run_playground(window: MainWindow, seconds: float) -> None:
    """Train the networks of TensorFlow Playground's measurement and print epochs per second."""
    print("\n250 training points, batch 10")
    for name, layer_sizes in PLAYGROUND.items():
        prepare(window, 250, layer_sizes, training_share=1.0)
        wait(0.5)
        measured = measure(window, seconds)
        window.document.run.set_playing(False)
        wait(0.2)
        assert window.document.dataset.n_training == 250
        print(
            f"  {name:<6}{measured.epochs_s:>8,.0f} epochs/s{measured.steps_s:>10,.0f} steps/s"
            f"{measured.redraws_s('network_view'):>7.1f} redraws/s   {window.document.engine.words().short}"
        )


PAGES = {
    "weights": _NEURON,
    "formula": _NEURON,
    "activation": _NEURON,
    "along": _NEURON,
    "loss": Unit(4, 1),
    "course": Edge(1, 2, 3),
}
"""Every page of the inspector, and of what it is shown."""


def look_inside(window: MainWindow, page: str | None) -> None:
    """Pin the probe, show gradients and a page of the inspector; None: the window as it begins."""
    document = window.document
    if page is None:
        document.probe.release()
        document.view.select(_NEURON)
        document.view.set(edges="weights", page="weights")
    else:
        document.probe.pin((1.0, -0.5))
        document.view.select(PAGES[page])
        document.view.set(edges="gradients", page=page)


def compare_inside(window: MainWindow, n_points: int, seconds: float, n_rounds: int) -> None:
    """Measure the window as it begins and with all that explains open, in turns, and print the ratios."""
    prepare(window, n_points)
    for where, hidden in (("shown", ()), ("hidden", ("Network", "Inspector"))):
        for name in ("Network", "Inspector"):
            window.show_panel(name, name not in hidden)
        found: dict[str | None, list[Measured]] = {page: [] for page in (None, *PAGES)}
        for _ in range(n_rounds):
            for page, measured in found.items():
                look_inside(window, page)
                measured.append(measure(window, seconds))
        window.document.run.set_playing(False)
        wait(0.2)
        print(f"\n2-8-8-8-3, {n_points:,} points, batch 10, network and inspector {where}, {n_rounds} x {seconds:g} s")
        print(f"  {'':<24}{'plain':>12}   ratios inside, by page:{', '.join(PAGES):>48}")
        rows: dict[str, Callable[[Measured], float]] = {
            "steps/s": lambda one: one.steps_s,
            "ms for each redraw": lambda one: 1e3 * one.processor_s / (one.redraws_s("output_view") * one.elapsed),
        }
        for name in ("network_view", "output_view", "loss_view"):
            if not hidden or name != "network_view":
                rows[f"{name} redraws/s"] = partial(Measured.redraws_s, name=name)
        for title, value in rows.items():
            plain, *inside = (np.array([value(one) for one in measured]) for measured in found.values())
            # Of the same round, so that what else the machine does is the same.
            ratios = [float(np.median(each / plain)) for each in inside]
            print(f"  {title:<24}{np.median(plain):>12,.1f}   " + "".join(f"{ratio:>8.2f}" for ratio in ratios))
    for name in ("Network", "Inspector"):
        window.show_panel(name, True)


HIDDEN = {"output": {"shows": "output"}, "hidden": {"shows": "hidden"}}
SPACE = {"2D": {"in_space": False}, "3D": {"in_space": True}}
LANDSCAPE = {
    "curve": {"loss_page": "curve"},
    "landscape": {"loss_page": "landscape"},
    "path": {"loss_page": "landscape", "landscape": "path"},
    "in 3D": {"loss_page": "landscape", "landscape_in_space": True},
}
"""What is compared: how it is called, and what of :class:`gui.document.view.ViewSettings` it is."""


def compare_looks(
    window: MainWindow, n_points: int, seconds: float, n_rounds: int, looks: dict[str, dict[str, object]]
) -> None:
    """Measure with some ways to look at the document, in turns, and print the first and the others' ratios to it."""
    prepare(window, n_points)
    first = window.document.view.settings
    found: dict[str, list[Measured]] = {name: [] for name in looks}
    for _ in range(n_rounds):
        for name, measured in found.items():
            window.document.view.set(**{**asdict(first), **looks[name]})
            measured.append(measure(window, seconds))
    window.document.view.set(**asdict(first))
    window.document.run.set_playing(False)
    wait(0.2)
    print(f"\n2-8-8-8-3, {n_points:,} points, batch 10, {n_rounds} x {seconds:g} s")
    plain, *others = looks
    print(f"  {'':<24}{plain:>12}   ratios:" + "".join(f"{name:>12}" for name in others))
    rows: dict[str, Callable[[Measured], float]] = {
        "steps/s": lambda one: one.steps_s,
        "ms for each redraw": lambda one: 1e3 * one.processor_s / (one.redraws_s("network_view") * one.elapsed),
        "redraws/s": partial(Measured.redraws_s, name="network_view"),
        "redraws/s of the output": lambda one: sum(map(one.redraws_s, OUTPUTS)),
    }
    for title, value in rows.items():
        base, *beside = (np.array([value(one) for one in measured]) for measured in found.values())
        # Of the same round, so that what else the machine does is the same.
        ratios = "".join(f"{np.median(each / base):>12.2f}" for each in beside)
        print(f"  {title:<24}{np.median(base):>12,.1f}          {ratios}")


def message_to_answer(window: MainWindow, n_messages: int = 300) -> list[float]:
    """Return the seconds from each of many messages to the training thread until it has done what they ask for."""
    run, thread, answered = window.document.run, window.document.run._thread, []
    apply = thread._apply

    def timed(message: object) -> None:
        apply(message)
        if isinstance(message, SetSpeed):
            answered.append(time.perf_counter())

    thread._apply = timed  # type: ignore[method-assign]
    generator = np.random.default_rng(0)
    sent = []
    for _ in range(n_messages):
        sent.append(time.perf_counter())
        run.set_speed(None)
        wait(float(generator.uniform(0.005, 0.02)))
    while len(answered) < n_messages:
        wait(0.01)
    del thread._apply
    return [after - before for before, after in zip(sent, answered, strict=True)]


def click_to_point(window: MainWindow, n_clicks: int = 100) -> list[float]:
    """Return the seconds from each of many clicks on the canvas to the paint that shows its point."""
    canvas = window.findChild(QWidget, "data_canvas")
    assert canvas is not None
    recorder = PaintTimes(canvas)
    generator = np.random.default_rng(0)
    seconds = []
    for x, y in generator.uniform(-5, 5, (n_clicks, 2)).tolist():
        position = canvas.from_plane(QPointF(x, y)).toPoint()  # type: ignore[attr-defined]
        before = len(window.document.dataset)
        start = time.perf_counter()
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=position)  # type: ignore[attr-defined]
        assert len(window.document.dataset) == before + 1
        clicked = time.perf_counter()
        while not recorder.at or recorder.at[-1] < clicked:
            wait(0.001)
        seconds.append(recorder.at[-1] - start)
        wait(float(generator.uniform(0.005, 0.04)))
    return seconds


def main() -> None:
    """Measure with 500 and with 5,000 points, and the largest network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each measurement lasts (10)")
    parser.add_argument("--inside", action="store_true", help="compare with everything open that explains the network")
    parser.add_argument("--space", action="store_true", help="compare with the output in 3D")
    parser.add_argument("--landscape", action="store_true", help="compare with the loss landscape")
    parser.add_argument("--hidden", action="store_true", help="compare with the hidden space")
    parser.add_argument("--rounds", type=int, default=5, help="of a comparison: how often each is measured (5)")
    arguments = parser.parse_args()
    seconds = arguments.seconds
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = make_application(["ui-benchmark"])
        cache.kernel()  # What the window has some while after its first start.
        sys.setswitchinterval(0.0005)
        window = MainWindow()
        window.resize(1600, 1000)
        window.show()
        QTest.qWaitForWindowExposed(window)
        for n_points in (500, 5_000):
            if arguments.inside:
                compare_inside(window, n_points, seconds, arguments.rounds)
            elif arguments.space or arguments.landscape or arguments.hidden:
                looks = SPACE if arguments.space else HIDDEN if arguments.hidden else LANDSCAPE
                compare_looks(window, n_points, seconds, arguments.rounds, looks)
            else:
                run(window, n_points, seconds)
        if not (arguments.inside or arguments.space or arguments.landscape or arguments.hidden):
            run(window, 5_000, seconds, LARGEST)
            run_playground(window, seconds)
        window.document.run.set_playing(True)
        wait(0.5)
        window.files.forget_changes()
        start = time.perf_counter()
        window.close()
        print(f"\nclosing while training: {(time.perf_counter() - start) * 1e3:.1f} ms")
        application.processEvents()


if __name__ == "__main__":
    main()
