"""Pictures: the cell of a notebook that draws what the output panel shows."""

from __future__ import annotations

from model.data.dataset import CURVE_UNIT, Dataset
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.settings import NetworkSettings

_COLOURS = """COLOURS = ["#1f6fd6", "#e07b1f", "#159a73", "#c7549b", "#d64545", "#39a9db", "#b59a1a", "#7a7f88"]
MARKERS = "osv^D<>*"
"""

_GRID = """side = np.linspace(-6, 6, 200)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
z, a = forward(parameters, inputs_of(grid))
extent = [MIDDLES[0] - 6 * UNITS[0], MIDDLES[0] + 6 * UNITS[0], MIDDLES[1] - 6 * UNITS[1], MIDDLES[1] + 6 * UNITS[1]]
shown = POINTS * UNITS + MIDDLES

plt.figure(figsize=(5, 5))
"""

_ENDS = """plt.xlabel(AXES[0])
plt.ylabel(AXES[1])
plt.show()"""

_CLASSES = """# Each place has the colours of the classes in the shares of their probabilities.
{probabilities}
rgb = np.array([[int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)] for colour in COLOURS[: len(probability)]])
mixed = (1 - probability.T @ (1 - rgb)).reshape(200, 200, 3)
plt.imshow(mixed, extent=extent, origin="lower", aspect="auto", alpha=0.6)
for label, name in enumerate(CLASS_NAMES):
    for chosen, face in ((LABELS == label) & ~IS_TEST, COLOURS[label]), ((LABELS == label) & IS_TEST, "white"):
        plt.scatter(
            *shown[chosen].T, marker=MARKERS[label], s=20, facecolors=face, edgecolors=COLOURS[label],
            label=name if face != "white" else None,
        )
plt.legend()
"""

_VALUES = """colours = {"cmap": "RdYlBu", "vmin": -1, "vmax": 1}
plt.imshow(a[0].reshape(200, 200), extent=extent, origin="lower", aspect="auto", **colours)
plt.colorbar()
plt.scatter(*shown.T, c=LABELS, s=20, edgecolors=np.where(IS_TEST, "grey", "black"), **colours)
"""

_CURVE = """x = np.linspace(-6, 6, 400)
z, a = forward(parameters, inputs_of(np.column_stack([x, np.zeros_like(x)])))
shown = POINTS * UNITS + MIDDLES

plt.figure(figsize=(6, 4))
plt.plot(x * UNITS[0] + MIDDLES[0], a[0] * {unit} * UNITS[1] + MIDDLES[1])
plt.scatter(*shown.T, s=20, facecolors=np.where(IS_TEST, "white", "#1f6fd6"), edgecolors="#1f6fd6")
"""


def source(dataset: Dataset, settings: NetworkSettings) -> str:
    """Return the source that draws the output over the plane, or a curve, with the points."""
    if dataset.is_curve:
        return _CURVE.format(unit=CURVE_UNIT) + _ENDS
    if dataset.is_regression:
        return _GRID + _VALUES + _ENDS
    return _COLOURS + _GRID + _CLASSES.format(probabilities=_probabilities(settings)) + _ENDS


def _probabilities(settings: NetworkSettings) -> str:
    output = OUTPUT_ACTIVATIONS[settings.output_activation]
    if settings.output_activation == "softmax":
        return "probability = a"
    share = f"np.clip((a - {output.absent}) / {output.present - output.absent}, 0, 1)"
    if settings.layer_sizes[-1] == 1:
        return f"share = {share}\nprobability = np.concatenate([1 - share, share])"
    return f"share = {share} + 1e-300\nprobability = share / share.sum(axis=0)"
