"""The step that training takes next from a moment, taken apart without taking it."""

from __future__ import annotations

from model.run.history import KeyFrame
from model.run.run import trainer_at
from model.training.step import Step, take_apart


def next_step(moment: KeyFrame) -> Step | None:
    """Return what the next step from a moment is made of; the run that is there stays where it is.

    Where training has ended by itself it goes on, as it does when a person asks for a step.

    Parameters
    ----------
    moment : KeyFrame
        A whole one, as a run gives it.

    Returns
    -------
    Descent or Try or None
        Its `after` are the parameters to which the step leads, to the bit; None where none can be taken.

    Raises
    ------
    ValueError
        If the moment is not whole.
    """
    trainer = trainer_at(moment)
    trainer.resume()
    return take_apart(trainer)
