"""The mathematics of NetCanvas: data sets, networks and their training. It knows no window and no thread.

Its twelve rooms, each of which imports only from those that stand behind its arrow::

    lessons/     texts that point, do and check -> experiment, run, training, network, data
    experiment/  files of all that a person keeps   -> run, training, network, data
    notebook/    a run for Jupyter              -> run, training, scripts, network, data
    walk/        a step taken apart, page by page   -> run, training, explain, network, data
    run/         what happens over time             -> landscape, training, explain, network, data
    landscape/   the loss round the weights         -> training, network, data
    training/    how a network learns               -> network, data
    explain/     the formulas of one moment         -> network, data
    scripts/     networks for other programs        -> network, data
    table/       points of other programs           -> data
    network/     the function                       -> data
    data/        points, features, typed formulas
"""

from model.data.dataset import Dataset
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.training.metrics import Metrics
from model.training.settings import TrainingSettings
from model.training.trainer import Trainer

__all__ = ["Dataset", "Metrics", "Network", "NetworkSettings", "Trainer", "TrainingSettings"]
