"""The parameters of a network for other programs: JSON and NumPy's npz."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.naming import Axis
from model.network.network import Network
from model.scripts.wording import PLAIN_WORDING, Wording

FORMAT = "netcanvas weights"
VERSION = 1


def check_finite(network: Network) -> None:
    """Raise a ValueError unless every weight and bias is a finite number."""
    if not np.isfinite(network.parameters).all():
        raise ValueError("some weights are not finite; reset the network or go back before exporting")


def weights_json(network: Network, wording: Wording = PLAIN_WORDING) -> str:
    """Return the settings and parameters of a network as JSON.

    Parameters
    ----------
    network : Network
    wording : Wording, optional
        The names and units of what goes in and comes out.

    Returns
    -------
    str
        An object with

        - ``format``, ``version``: what this is;
        - ``class_names``: one for each class, null where the output is a number;
        - ``inputs``: for each number of a point its ``name``, which may be empty, ``middle`` and ``unit``:
          (number - middle) / unit is x1, x2 or x; empty: numbers go in as they are;
        - ``output``: likewise ``name``, ``middle`` and ``unit`` of what is predicted: middle + unit * output;
        - ``layer_sizes``: units of each layer, the input first;
        - ``features``: formulas of x1 and x2, or along a curve of x, that make the inputs, null where points go in as
          they are;
        - ``standardization``: a pair for each input, mean and spread: (input - mean) / spread goes in; empty: inputs
          go in as they are;
        - ``hidden_activations``, ``output_activation``: names as in :mod:`model.network.activations`;
        - ``bias``: "per_neuron", "none", or "shared": one number, added once for each edge that comes into a neuron;
        - ``muted``: pairs of layer, 0 for the input, and index of neurons whose output counts as zero;
        - ``pruned``, ``frozen``: positions, in ``Network.parameters``, of weights that are removed, and of those that
          training does not change;
        - ``initializer``, ``initializer_scale``, ``bias_start``, ``seed``: what the first weights were drawn with;
        - ``layers``: for each layer after the input ``weights``, a row for each unit below and a column for each unit,
          and ``biases``, one for each unit.

        Reading the numbers gives the same floats to the bit.

    Raises
    ------
    ValueError
        If a parameter is not finite, or the wording does not go with the network.
    """
    check_finite(network)
    settings = network.settings
    wording.check(settings.n_classes, settings.n_coordinates)
    head = {
        "format": FORMAT,
        "version": VERSION,
        "class_names": wording.class_names,
        "inputs": [asdict(axis) for axis in wording.inputs],
        "output": asdict(wording.output),
        "layer_sizes": settings.layer_sizes,
        "features": settings.features,
        "standardization": settings.standardization,
        "hidden_activations": settings.hidden_activations,
        "output_activation": settings.output_activation,
        "bias": settings.bias,
        "muted": sorted(settings.muted),
        "pruned": sorted(settings.pruned),
        "frozen": sorted(settings.frozen),
        "initializer": settings.initializer,
        "initializer_scale": settings.initializer_scale,
        "bias_start": settings.bias_start,
        "seed": settings.seed,
    }
    # Numbers of NumPy become Python's.
    lines = [
        f"  {json.dumps(name)}: {json.dumps(value, default=np.generic.item, ensure_ascii=False)},"
        for name, value in head.items()
    ]
    layers = []
    for weights, biases in zip(network.weights, network.biases, strict=True):
        rows = ",\n".join(f"        {json.dumps(row)}" for row in weights.tolist())
        layers.append(
            f'    {{\n      "weights": [\n{rows}\n      ],\n      "biases": {json.dumps(biases.tolist())}\n    }}'
        )
    return "\n".join(["{", *lines, '  "layers": [', ",\n".join(layers), "  ]", "}"]) + "\n"


def npz_bytes(network: Network, wording: Wording = PLAIN_WORDING) -> bytes:
    """Return the parameters of a network as an npz archive, which numpy.load reads without pickle.

    Notes
    -----
    ``weights_1``, of shape (n_in, n_out), and ``biases_1``, of shape (n_out,), are those of the first layer after the
    input, ``weights_2`` and ``biases_2`` of the second, and so on, float64, as in ``Network.weights`` and
    ``Network.biases``: a shared bias is in every entry and counts once for each edge that comes in. Where the wording
    has them there are ``class_names``; ``input_names``, ``input_middles`` and ``input_units``, (number - middle) / unit
    of which goes in; and ``output_name``, ``output_middle`` and ``output_unit``.
    """
    out = io.BytesIO()
    # numpy.savez takes allow_pickle only from NumPy 2 on; before, it would be one array more.
    with zipfile.ZipFile(out, "w") as archive:
        for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
            for name, values in ((f"weights_{layer}", weights), (f"biases_{layer}", biases)):
                _write_array(archive, name, np.array(values, dtype=np.float64))
        for name, said in _arrays_of(wording).items():
            _write_array(archive, name, np.array(said))
    return out.getvalue()


def _write_array(archive: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    with archive.open(f"{name}.npy", "w") as member:
        np.lib.format.write_array(member, array, allow_pickle=False)


def _arrays_of(wording: Wording) -> dict[str, object]:
    """Return names and units that are not plain, by the name of their array."""
    arrays: dict[str, object] = {} if wording.class_names is None else {"class_names": wording.class_names}
    if any(axis != Axis() for axis in wording.inputs):
        for what in ("name", "middle", "unit"):
            arrays[f"input_{what}s"] = [getattr(axis, what) for axis in wording.inputs]
    if wording.output != Axis():
        arrays |= {f"output_{what}": value for what, value in asdict(wording.output).items()}
    return arrays


def save_npz(network: Network, path: str | os.PathLike[str]) -> None:
    """Write the result of :func:`npz_bytes` to a file of exactly this name."""
    Path(path).write_bytes(npz_bytes(network))
