"""The mathematics of NetCanvas: data sets, networks and their training. NumPy and the standard library only."""

from model.dataset import Dataset
from model.metrics import Metrics
from model.network import Network, NetworkSettings
from model.trainer import Trainer
from model.training_settings import TrainingSettings

__all__ = ["Dataset", "Metrics", "Network", "NetworkSettings", "Trainer", "TrainingSettings"]
