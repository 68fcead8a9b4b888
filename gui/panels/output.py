"""The output panel: the network's answer over the plane, with the points on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.document import Document
from gui.guard import guarded
from gui.items.lines_item import LinesItem
from gui.items.network_diagram import map_colours, map_limit, paint_diverging_scale
from gui.items.plane_view import PlaneView
from gui.items.points_layer import PointsLayer, marker_path
from gui.items.surface_item import STRENGTH, SurfaceItem, faded, probability_image, surface_lines, value_image
from gui.selection import Unit, class_name, exists, unit_name
from gui.tools import ToolHand
from gui.widgets import Panel, Segments
from model.snapshot import Plane, Snapshot, Surface

_CLASSES_IN_ROW = 4
_LEGEND_ROW_PX, _LEGEND_COLUMN_PX = 20, 38


class OutputPanel(Panel):
    """The decision surface; while a neuron is hovered in the diagram, that neuron's map."""

    def __init__(self, document: Document) -> None:
        super().__init__("Output")
        self._document = document
        self._mode = Segments(
            "Surface",
            ("Probability", "Regions"),
            ("Class colours blended by the classes' probabilities.", "The colour of the likeliest class alone."),
        )
        self._mode.chosen.connect(self._on_mode_chosen)
        self.header.addStretch(1)
        self.header.addWidget(self._mode)
        self.view = PlaneView("Output", grid=False)
        self.view.setObjectName("output_view")
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._surface = SurfaceItem()
        self._surface.setZValue(-10)
        self.view.addItem(self._surface, ignoreBounds=True)
        self._boundary = LinesItem()
        self.view.addItem(self._boundary, ignoreBounds=True)
        self._points = PointsLayer(self.view)
        self._hand = ToolHand(document, self.view)
        self.body.addWidget(self.view, 1)
        foot = QHBoxLayout()
        self._legend = _Legend(document)
        self._test = QCheckBox("Test points ○")
        self._test.setToolTip("Show the points that are kept out of training, as rings.")
        self._test.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._test.toggled.connect(self._on_test_toggled)
        foot.addWidget(self._legend, 1)
        foot.addWidget(self._test)
        self.body.addLayout(foot)
        document.displayed_changed.connect(self._show_surface)
        document.hovered_changed.connect(self._show_surface)
        document.dataset_changed.connect(self._show_points)
        document.points_selected.connect(self._show_points)
        document.view_changed.connect(self._synchronize)
        self.view.plane_changed.connect(self._on_plane_changed)
        theme.manager().changed.connect(self._on_theme_changed)
        self._synchronize()
        self._on_theme_changed()

    @Slot()
    def _synchronize(self) -> None:
        view = self._document.view
        self._mode.show_choice(int(view.regions))
        self._test.setChecked(view.show_test_points)
        self._show_points()
        self._show_surface()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._boundary.set_pen(theme.current().text)
        self._show_points(recolour=True)
        self._show_surface()

    @Slot()
    def _show_points(self, *, recolour: bool = False) -> None:
        document = self._document
        self._points.show(
            document.dataset,
            test_points=document.view.show_test_points,
            selected=document.selected_points,
            recolour=recolour,
        )
        self._legend.update()

    @Slot()
    def _show_surface(self) -> None:
        snapshot = self._document.displayed
        surface, hovered = snapshot.surface, self._document.hovered
        shown = None
        if isinstance(hovered, Unit) and snapshot.probe == (hovered.layer, hovered.index):
            assert surface.unit_map is not None
            colours = faded(map_colours(snapshot, hovered, surface.unit_map))
            shown = hovered
        else:
            colours = _surface_image(surface, regions=self._document.view.regions)
        self._legend.explain(shown)
        self._surface.show_colours(colours, surface.plane)
        self._boundary.show_lines(surface_lines(surface))

    @Slot(Plane)
    def _on_plane_changed(self, plane: Plane) -> None:
        self._document.look_at(plane)

    @Slot(int)
    def _on_mode_chosen(self, index: int) -> None:
        self._document.set_view(regions=index == 1)

    @Slot(bool)
    def _on_test_toggled(self, shown: bool) -> None:
        self._document.set_view(show_test_points=shown)


def _surface_image(surface: Surface, *, regions: bool) -> NDArray[np.uint32]:
    """Return the colours of the network's answer."""
    if surface.probabilities is not None:
        return probability_image(surface.probabilities, regions=regions)
    assert surface.values is not None
    return value_image(surface.values, bands=regions)


class _Legend(QWidget):
    """Says which colour and marker is which class, and which points are for testing."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setMinimumWidth(120)
        self.setAccessibleName("Legend")
        self._unit: Unit | None = None
        document.dataset_changed.connect(self._synchronize)
        theme.manager().changed.connect(self.update)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        rows = -(-self._document.dataset.n_classes // _CLASSES_IN_ROW)
        self.setFixedHeight(rows * _LEGEND_ROW_PX)
        self.update()

    def explain(self, unit: Unit | None) -> None:
        """Explain the colours of a neuron's map; None: those of the classes."""
        if unit is not None or self._unit is not None:
            self._unit = unit
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scale of a neuron's map, or a swatch with the marker for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.figure_font(11))
        snapshot = self._document.displayed
        if self._unit is not None and exists(snapshot.network.settings, self._unit):
            self._paint_unit(painter, snapshot, self._unit)
        else:
            self._paint_classes(painter)
        painter.end()

    def _paint_unit(self, painter: QPainter, snapshot: Snapshot, unit: Unit) -> None:
        settings = snapshot.network.settings
        name = unit_name(settings, unit)
        if unit.layer == len(settings.layer_sizes) - 1:
            painter.setPen(theme.current().muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, f"output {name}: the fuller, the likelier")
        else:
            paint_diverging_scale(
                painter, QRectF(self.rect()), map_limit(snapshot, unit.layer), name, strength=STRENGTH
            )

    def _paint_classes(self, painter: QPainter) -> None:
        colours = theme.current()
        for index in range(self._document.dataset.n_classes):
            row, column = divmod(index, _CLASSES_IN_ROW)
            x, y = column * _LEGEND_COLUMN_PX, row * _LEGEND_ROW_PX
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.mixed(colours.panel, colours.classes[index], STRENGTH))
            painter.drawRoundedRect(x, y + 2, 18, 16, 4, 4)
            painter.save()
            painter.translate(x + 9, y + 10)
            painter.scale(8, 8)
            painter.setBrush(colours.classes[index])
            painter.setPen(QPen(colours.panel, 0.1))
            painter.drawPath(marker_path(index))
            painter.restore()
            painter.setPen(colours.muted)
            painter.drawText(x + 22, y + 15, class_name(index))
