"""Fields of how the network learns, which the toolbar and the settings share."""

from __future__ import annotations

from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import NumberBox
from model.network.losses import LOSSES

LARGEST_RATE = 10.0
"""Of a penalty, beside the loss."""


class LossBox(ChoiceBox):
    """The losses, of which those are offered that go with the output."""

    def __init__(self) -> None:
        super().__init__(
            "Loss",
            {name: (entry.short, f"{entry.label.capitalize()}.") for name, entry in LOSSES.items()},
        )

    def follow(self, loss: str, output: str, *, regression: bool) -> None:
        """Show the loss, without a signal, and offer those for this activation of the output."""
        self.show_choice(loss, "It can change during a run.")
        offered = [name for name, entry in LOSSES.items() if output in entry.outputs]
        self.offer(["squared_error"] if regression else offered)


def regularization_rate_box() -> NumberBox:
    """Return a field for how much the penalty weighs."""
    return NumberBox("Regularization rate", "How much the penalty weighs beside the loss.", 0.0, LARGEST_RATE, 0.001)
