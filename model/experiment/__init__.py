"""Experiment files: all that a person can keep of the window, see resources/file-format.md."""

from model.experiment.experiment import (
    SUFFIX,
    VERSION,
    Experiment,
    ExperimentError,
    load_experiment,
    read_experiment,
    recovery_paths,
    save_experiment,
)

__all__ = [
    "SUFFIX",
    "VERSION",
    "Experiment",
    "ExperimentError",
    "load_experiment",
    "read_experiment",
    "recovery_paths",
    "save_experiment",
]
