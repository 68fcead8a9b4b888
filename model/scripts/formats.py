"""The formats in which a network goes to other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model.network.network import Network
from model.scripts.scripts import npz_bytes, numpy_script, pytorch_script, weights_json


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
        Returns what is in the file, of the network and the names of its classes. It raises a ValueError if a parameter
        is not finite.
    """

    name: str
    label: str
    suffix: str
    content: Callable[[Network, Sequence[str] | None], bytes]

    @property
    def filter(self) -> str:
        """The format as a file dialog names it."""
        return f"{self.label} (*{self.suffix})"


NETWORK_FORMATS: dict[str, NetworkFormat] = {
    entry.name: entry
    for entry in (
        NetworkFormat(
            "numpy", "Python script (NumPy)", ".py", lambda network, names: numpy_script(network, names).encode()
        ),
        NetworkFormat(
            "pytorch", "Python script (PyTorch)", ".py", lambda network, names: pytorch_script(network, names).encode()
        ),
        NetworkFormat("json", "JSON", ".json", lambda network, names: weights_json(network).encode()),
        NetworkFormat("npz", "NumPy arrays", ".npz", lambda network, names: npz_bytes(network)),
    )
}
"""Every format, by name; the first of those with the same suffix is the usual one."""
