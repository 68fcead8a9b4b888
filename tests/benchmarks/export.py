"""How fast animations are made: 10 s at 1280x720, 30 frames/s, of a 2-8-8-3 network with its surface and loss.

Every frame is another picture: the weights flow from one key frame to the next.

Beside the same animation drawn with matplotlib's FuncAnimation and FFMpegWriter, if they are installed, which NetCanvas
itself does not need:

    pip install matplotlib imageio-ffmpeg       # or a ffmpeg of the system in the place of the latter
    python tests/benchmarks/export.py
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np

from gui.app import make_application
from gui.export.animation.moments import Moments
from gui.export.animation.rendering import Renderer
from gui.export.animation.settings import AnimationSettings
from model import Network, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.record import record
from model.run.run import TrainedRun
from model.training.settings import Setup

RESOLUTION = 240


def trained() -> TrainedRun:
    """Return 3,000 steps of 2-8-8-3 on a spiral."""
    training = TrainingSettings(optimizer="adam", learning_rate=0.01)
    return record(Setup(generate(GeneratorSettings()), NetworkSettings((2, 8, 8, 3), ("tanh", "tanh")), training), 3000)


def memory_mb() -> float:
    """Return what the process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def ours(run: TrainedRun, settings: AnimationSettings, path: Path) -> tuple[float, list[float]]:
    """Return the seconds that an animation takes, and the memory held after each tenth of it."""
    start = time.perf_counter()
    rendering = Renderer(settings, run.history, run.curve, path)
    memory, due = [], 0
    while rendering.advance():
        if rendering.n_done * 10 >= due * rendering.n_frames and rendering.n_done:
            memory.append(memory_mb())
            due += 1
    return time.perf_counter() - start, memory


def matplotlib_writer() -> Callable[[TrainedRun, AnimationSettings, Path], float] | None:
    """Return what draws the same with matplotlib; None where that or ffmpeg is not installed."""
    try:
        import matplotlib

        matplotlib.use("agg")
    except ImportError:
        return None
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        try:
            import imageio_ffmpeg
        except ImportError:
            return None
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    matplotlib.rcParams["animation.ffmpeg_path"] = ffmpeg
    return with_matplotlib


def with_matplotlib(run: TrainedRun, settings: AnimationSettings, path: Path) -> float:
    """Return the seconds that the same animation takes with FuncAnimation and FFMpegWriter, artists kept."""
    from matplotlib import pyplot
    from matplotlib.animation import FFMpegWriter, FuncAnimation

    start = time.perf_counter()
    moments = Moments(run.history, run.curve, settings)
    frames = [moments[index] for index in range(len(moments))]
    figure = pyplot.figure(figsize=(12.8, 7.2), dpi=100, layout="constrained")
    places = figure.subplot_mosaic([["net", "surface"], ["net", "loss"]], width_ratios=[2, 1], height_ratios=[2, 1])
    dataset, sizes = frames[0].dataset, frames[0].network.layer_sizes
    colours = np.array([[0.12, 0.44, 0.84], [0.88, 0.48, 0.12], [0.08, 0.60, 0.45]])
    limit = 6.0
    axis = np.linspace(-limit, limit, RESOLUTION)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    small = np.linspace(-limit, limit, 40)
    coarse = np.stack(np.meshgrid(small, small), axis=-1).reshape(-1, 2)

    net = places["net"]
    net.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-0.5, max(sizes) - 0.5), xticks=[], yticks=[])
    heights = [np.arange(size) + (max(sizes) - size) / 2 for size in sizes]
    edges, maps = [], []
    for layer in range(len(sizes) - 1):
        t = np.linspace(0, 1, 24)
        for y0 in heights[layer]:
            for y1 in heights[layer + 1]:
                edges += net.plot(layer + t, y0 + (y1 - y0) * (3 * t**2 - 2 * t**3), zorder=1)
    for layer, ys in enumerate(heights):
        for y in ys:
            extent = (layer - 0.12, layer + 0.12, y - 0.36, y + 0.36)
            image = np.zeros((40, 40))
            maps.append(net.imshow(image, extent=extent, cmap="RdBu", vmin=-1, vmax=1, zorder=2, aspect="auto"))
    net.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-0.5, max(sizes) - 0.5))

    surface = places["surface"]
    shown = surface.imshow(
        np.zeros((RESOLUTION, RESOLUTION, 3)), extent=(-limit, limit, -limit, limit), origin="lower", zorder=0
    )
    for label, marker in enumerate("os^"):
        chosen = dataset.points[dataset.labels == label]
        surface.scatter(*chosen.T, c=[colours[label]], marker=marker, edgecolors="w", s=28, zorder=3)
    boundaries: list[object] = []

    steps, losses, tests, _ = run.curve.thinned(300)
    loss = places["loss"]
    loss.semilogy(steps, losses, alpha=0.3)
    loss.semilogy(steps, tests, alpha=0.3)
    (train_line,), (test_line,) = loss.semilogy([], []), loss.semilogy([], [], "--")

    def update(number: int) -> None:
        frame = frames[number]
        network = Network.from_settings(frame.network, frame.checkpoint.parameters)
        weights = np.concatenate([w.ravel() for w in network.weights])
        largest = max(float(np.abs(weights).max()), 1.0)
        for edge, weight in zip(edges, weights.tolist(), strict=True):
            edge.set(linewidth=max(1.0, 7 * abs(weight / largest) ** 0.75), color="C0" if weight > 0 else "C1")
        layers, values = [coarse.T], coarse.T
        for index, (matrix, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
            values = matrix.T @ values + biases[:, np.newaxis]
            values = np.tanh(values) if index < len(network.weights) - 1 else values
            layers.append(values)
        for image, map_ in zip(maps, np.concatenate(layers), strict=True):
            image.set_data(map_.reshape(40, 40))
        answers = network.predict(grid)
        shown.set_data((answers @ colours).reshape(RESOLUTION, RESOLUTION, 3).clip(0, 1))
        while boundaries:
            boundaries.pop().remove()  # type: ignore[attr-defined]
        field = answers.reshape(RESOLUTION, RESOLUTION, 3)
        for k in range(2):
            margin = field[..., k] - np.delete(field, k, axis=-1).max(axis=-1)
            if margin.min() < 0 < margin.max():
                boundaries.append(surface.contour(axis, axis, margin, levels=[0.0], colors="k", linewidths=1.6))
        n = int(np.searchsorted(steps, frame.step, side="right"))
        train_line.set_data(steps[:n], losses[:n])
        test_line.set_data(steps[:n], tests[:n])
        figure.suptitle(f"step {frame.step:,}   loss {frame.metrics.train_loss:.4f}")

    animation = FuncAnimation(figure, update, frames=len(frames), init_func=lambda: None)
    options = ["-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p"]
    animation.save(str(path), writer=FFMpegWriter(fps=settings.fps, codec="libx264", extra_args=options))
    pyplot.close(figure)
    return time.perf_counter() - start


def main() -> None:
    """Measure MP4 and GIF, an animation three times as long, and matplotlib."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long the animation is (10)")
    seconds = parser.parse_args().seconds
    application = make_application(["export-benchmark"])
    run = trained()
    print(f"2-8-8-3, network + surface + loss, 1280x720, 30 frames/s; load of the machine {os.getloadavg()[0]:.1f}")
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, length in (("mp4", seconds), ("gif", seconds), ("mp4", 3 * seconds)):
            settings = AnimationSettings(format=name, seconds=length, hold_seconds=0.0)
            path = Path(folder) / f"run.{name}"
            spent, memory = ours(run, settings, path)
            rate = settings.n_frames / spent
            rates.setdefault(name, rate)
            print(
                f"  {name:<12}{length:5.0f} s {settings.n_frames:5} frames {rate:7.1f} frames/s"
                f"   {path.stat().st_size / 1e6:6.1f} MB   memory {memory[1]:.0f} to {memory[-1]:.0f} MB"
            )
        draw = matplotlib_writer()
        if draw is None:
            print("  matplotlib and ffmpeg are not there to compare with: pip install matplotlib imageio-ffmpeg")
        else:
            settings = AnimationSettings(seconds=seconds, hold_seconds=0.0)
            rate = settings.n_frames / draw(run, settings, Path(folder) / "theirs.mp4")
            print(f"  {'matplotlib':<12}{seconds:5.0f} s {settings.n_frames:5} frames {rate:7.1f} frames/s")
            print(f"  NetCanvas's MP4 is {rates['mp4'] / rate:.1f} times as fast")
    application.shutdown()


if __name__ == "__main__":
    main()
