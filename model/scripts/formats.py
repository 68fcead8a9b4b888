"""The formats in which a network goes to other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model.network.network import Network
from model.scripts import ONNX_SUFFIX
from model.scripts.onnx_writer import onnx_bytes
from model.scripts.scripts import npz_bytes, numpy_script, pytorch_script, weights_json
from model.scripts.wording import Wording


@dataclass(frozen=True, slots=True)
class NetworkFormat:
    """A way to write a network.

    Attributes
    ----------
    name : str
        The key in :data:`NETWORK_FORMATS`.
    label : str
    suffix : str
        The end of a file's name.
    content : callable
        Returns what is in the file, of the network and the names and units in which it is used. It raises a ValueError
        if a parameter is not finite, or the network has no form there.
    """

    name: str
    label: str
    suffix: str
    content: Callable[[Network, Wording], bytes]

    @property
    def filter(self) -> str:
        """The format as a file dialog names it."""
        return f"{self.label} (*{self.suffix})"


NETWORK_FORMATS: dict[str, NetworkFormat] = {
    entry.name: entry
    for entry in (
        NetworkFormat(
            "numpy", "Python script (NumPy)", ".py", lambda network, wording: numpy_script(network, wording).encode()
        ),
        NetworkFormat(
            "pytorch",
            "Python script (PyTorch)",
            ".py",
            lambda network, wording: pytorch_script(network, wording).encode(),
        ),
        NetworkFormat("json", "JSON", ".json", lambda network, wording: weights_json(network, wording).encode()),
        NetworkFormat("npz", "NumPy arrays", ".npz", npz_bytes),
        NetworkFormat("onnx", "ONNX", ONNX_SUFFIX, onnx_bytes),
    )
}
"""Every format, by name; the first of those with the same suffix is the usual one."""
