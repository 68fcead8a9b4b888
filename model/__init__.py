"""The mathematics of NetCanvas: data sets, networks and their training. NumPy and the standard library only."""

from model.dataset import Dataset
from model.network import Network, NetworkSettings
from model.trainer import Metrics, Trainer, TrainingSettings

__all__ = ["Dataset", "Metrics", "Network", "NetworkSettings", "Trainer", "TrainingSettings"]
