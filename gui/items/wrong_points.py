"""WrongPoints: rings round the points that the network gets wrong, the wider the larger their loss.

On a curve a line leads from each of them to where the network says it is.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot

from gui import theme
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.derived import Derived
from gui.items.lines_item import LinesItem
from gui.items.plane_view import PlaneView
from model.data.dataset import CURVE_UNIT
from model.explain.wrong import point_errors
from model.types import FloatArray

_NARROWEST_PX, _WIDEST_PX, _PX_STEP = 11.0, 22.0, 0.5
_ABOVE_POINTS = 9.5


class WrongPoints(Derived):
    """Rings the points of the displayed moment that its network gets wrong, while a person wants that and sees it.

    Parameters
    ----------
    run : LiveRun
    view : View
    canvas : PlaneView
        Where they are drawn; also the parent.
    """

    def __init__(self, run: LiveRun, view: View, canvas: PlaneView) -> None:
        super().__init__(run, view, canvas, canvas)
        self._rings = pg.ScatterPlotItem(pxMode=True, antialias=True)
        self._residuals = LinesItem(thin=True)
        self._rings.setZValue(_ABOVE_POINTS)
        for item in (self._rings, self._residuals):
            canvas.addItem(item, ignoreBounds=True)
        self._of = view.settings
        view.settings_changed.connect(self._on_settings_changed)
        theme.manager().changed.connect(self._pace.work)

    @property
    def is_wanted(self) -> bool:
        """Whether the points are to be ringed."""
        return self._view.settings.mark_wrong

    def compute(self) -> None:
        """Ring the points, or none."""
        places, losses = self._found() if self.is_seen and self.is_wanted else (np.empty((0, 2)), np.empty(0))
        largest = losses.max(initial=0.0)
        shares = losses / largest if largest > 0 else np.zeros(len(losses))
        # In steps that nobody sees, for each size of a symbol is drawn as a picture of its own.
        widths = _NARROWEST_PX + np.round((_WIDEST_PX - _NARROWEST_PX) * shares / _PX_STEP) * _PX_STEP
        self._rings.setData(
            places[:, 0],
            places[:, 1],
            symbol="o",
            size=widths,
            pen=pg.mkPen(theme.current().text, width=1.2),
            brush=None,
        )
        self._residuals.set_pen(theme.current().text)
        self._residuals.show_lines(self._ways(places))

    def _ways(self, places: FloatArray) -> list[FloatArray]:
        """Return a line from each of the points of a curve to the curve, each of shape (2, 2)."""
        if not len(places) or not self._run.displayed.moment.dataset.is_curve:
            return []
        ends = places.copy()
        ends[:, 1] = self._run.displayed.network.predict(places)[:, 0] * CURVE_UNIT
        return list(np.stack([places, ends], axis=1))

    def _found(self) -> tuple[FloatArray, FloatArray]:
        """Return place and loss of each point that is shown and wrong; none where a loss is not finite."""
        moment, network = self._run.displayed.moment, self._run.displayed.network
        errors, dataset = point_errors(network, moment.dataset, moment.training.loss), moment.dataset
        chosen = errors.is_wrong & np.isfinite(errors.losses)
        if not self._view.settings.show_test_points:
            chosen &= ~dataset.is_test
        return dataset.points[chosen], errors.losses[chosen]

    @Slot()
    def _on_settings_changed(self) -> None:
        before, self._of = self._of, self._view.settings
        changed = self._of.mark_wrong != before.mark_wrong or self._of.show_test_points != before.show_test_points
        if changed:
            self._pace.work()
