"""Activations as source for the scripts: what a layer calls, and the function where the library has none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActivationSource:
    """One activation in a script.

    Attributes
    ----------
    call : str
        What is called with the pre-activations, arrays of shape (n_points, n_units); empty: nothing is.
    definition : str
        The function that the script needs for it, or nothing.
    needs : tuple of str
        Activations whose functions it calls.
    """

    call: str
    definition: str = ""
    needs: tuple[str, ...] = ()


def _function(name: str, sentence: str, *body: str) -> str:
    return "\n    ".join([f"def {name}(z):", f'"""Return {sentence}"""', *body])


NUMPY_ACTIVATIONS: dict[str, ActivationSource] = {
    "relu": ActivationSource("relu", _function("relu", "the larger of 0 and z.", "return np.maximum(z, 0.0)")),
    "tanh": ActivationSource("np.tanh"),
    "sigmoid": ActivationSource(
        "sigmoid",
        _function(
            "sigmoid",
            "1 / (1 + exp(-z)), in a form that cannot overflow.",
            "return 0.5 * (1.0 + np.tanh(0.5 * z))",
        ),
    ),
    "linear": ActivationSource(""),
    "leaky_relu": ActivationSource(
        "leaky_relu", _function("leaky_relu", "the larger of 0.01 z and z.", "return np.maximum(0.01 * z, z)")
    ),
    "elu": ActivationSource(
        "elu",
        _function(
            "elu",
            "z above 0 and exp(z) - 1 below.",
            "return np.maximum(z, 0.0) + np.expm1(np.minimum(z, 0.0))",
        ),
    ),
    "selu": ActivationSource(
        "selu",
        _function(
            "selu",
            "a scaled elu, which keeps mean 0 and variance 1 (Klambauer 2017).",
            "scale, alpha = 1.0507009873554805, 1.6732632423543772",
            "return scale * (np.maximum(z, 0.0) + alpha * np.expm1(np.minimum(z, 0.0)))",
        ),
    ),
    "softplus": ActivationSource(
        "softplus",
        _function("softplus", "log(1 + exp(z)), in a form that cannot overflow.", "return np.logaddexp(z, 0.0)"),
    ),
    "gelu": ActivationSource(
        "gelu",
        _function(
            "gelu",
            "z times the normal distribution's share below z.",
            "erf = np.vectorize(math.erf, otypes=[float])",
            "return 0.5 * z * (1.0 + erf(z / math.sqrt(2.0)))",
        ),
    ),
    "silu": ActivationSource("silu", _function("silu", "z times its sigmoid.", "return z * sigmoid(z)"), ("sigmoid",)),
    "sin": ActivationSource("np.sin"),
    "softsign": ActivationSource("softsign", _function("softsign", "z / (1 + |z|).", "return z / (1.0 + np.abs(z))")),
    "heaviside": ActivationSource(
        "heaviside", _function("heaviside", "1 from z = 0 on, and 0 below.", "return np.where(z >= 0.0, 1.0, 0.0)")
    ),
    "softmax": ActivationSource(
        "softmax",
        _function(
            "softmax",
            "exp(z) divided by its sum over the units of each point.",
            "# With the largest taken off first, exp cannot overflow.",
            "shares = np.exp(z - z.max(axis=1, keepdims=True))",
            "return shares / shares.sum(axis=1, keepdims=True)",
        ),
    ),
}
"""Every activation of :mod:`model.network.activations` and :mod:`model.network.losses`, in NumPy."""

PYTORCH_ACTIVATIONS: dict[str, ActivationSource] = {
    "relu": ActivationSource("torch.relu"),
    "tanh": ActivationSource("torch.tanh"),
    "sigmoid": ActivationSource("torch.sigmoid"),
    "linear": ActivationSource(""),
    # Its slope below 0 is 0.01, if nothing else is said.
    "leaky_relu": ActivationSource("functional.leaky_relu"),
    "elu": ActivationSource("functional.elu"),
    "selu": ActivationSource("functional.selu"),
    "softplus": ActivationSource(
        "softplus",
        _function(
            "softplus",
            "log(1 + exp(z)); PyTorch's own is rounded to z above 20.",
            "return torch.logaddexp(z, torch.zeros_like(z))",
        ),
    ),
    "gelu": ActivationSource("functional.gelu"),
    "silu": ActivationSource("functional.silu"),
    "sin": ActivationSource("torch.sin"),
    "softsign": ActivationSource("functional.softsign"),
    "heaviside": ActivationSource(
        "heaviside", _function("heaviside", "1 from z = 0 on, and 0 below.", "return (z >= 0.0).to(z.dtype)")
    ),
    "softmax": ActivationSource(
        "softmax",
        _function(
            "softmax",
            "exp(z) divided by its sum over the units of each point.",
            "return torch.softmax(z, dim=1)",
        ),
    ),
}
"""The same in PyTorch."""
