"""Moments of networks before their first step, and a painter that notes its texts, for tests of views in space."""

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from model import Dataset, Network
from model.run.run import Run
from model.run.snapshot import Plane, Snapshot, SnapshotMaker
from model.training.settings import first_setup


def snapshot_of(
    network: Network, dataset: Dataset, probe: tuple[int, int] | None = None, reach: float = 6.0
) -> Snapshot:
    """Return the snapshot of a network with points, over the plane up to a reach."""
    moment = Run(replace(first_setup(dataset), network=network.settings)).moment()
    moment = replace(moment, checkpoint=replace(moment.checkpoint, parameters=network.parameters.copy()))
    return SnapshotMaker(40, 60).make(0, moment, Plane(-reach, reach, -reach, reach), probe)


class Noting(QPainter):
    """Notes the texts that are drawn, and in which box."""

    def __init__(self, device):
        super().__init__(device)
        self.texts = []

    def drawText(self, box, flags, text):
        self.texts.append((text, QRectF(box)))
        assert self.worldTransform().isIdentity() or self.worldTransform().isTranslating(), "upright"
        super().drawText(box, flags, text)
