"""The mathematics of NetCanvas: data sets, networks and their training. NumPy and the standard library only."""

from model.data.dataset import Dataset
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.training.metrics import Metrics
from model.training.settings import TrainingSettings
from model.training.trainer import Trainer

__all__ = ["Dataset", "Metrics", "Network", "NetworkSettings", "Trainer", "TrainingSettings"]
