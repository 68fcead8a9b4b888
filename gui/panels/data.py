"""The data panel: gallery, tools, classes, the canvas, and the generator's controls."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.actions import Actions
from gui.document import Document
from gui.items.plane_view import PlaneView
from gui.items.points_layer import PointsLayer, marker_path, value_colour
from gui.selection import class_name
from gui.tools import ToolHand
from gui.widgets import IntegerBox, Panel, Slider, label, tool_button
from model import Dataset
from model.dataset import PLANE_LIMIT
from model.generators import GENERATORS, GeneratorSettings, generate

_MIN_WIDTH = 304
_CHIPS_IN_ROW = 3
_THUMBNAIL_PX = 34
_THUMBNAIL_POINTS = 90
_MAX_SEED = 999_999
_POINT_COUNTS = (10, 20, 50, 100, 150, 200, 240, 300, 400, 500, 700, 1000, 1500, 2000, 3000, 4000, 5000)


class DataPanel(Panel):
    """Where a data set is chosen, drawn and changed."""

    def __init__(self, document: Document, actions: Actions) -> None:
        super().__init__("Data")
        self._document = document
        self._actions = actions
        self.setMinimumWidth(_MIN_WIDTH)
        self._summary = label(role="muted")
        self.header.addStretch(1)
        self.header.addWidget(self._summary)
        self.body.addLayout(self._gallery())
        self.body.addLayout(self._tool_row())
        self._chips_host = QWidget()
        self._chips_host.setLayout(QGridLayout())
        self._chips: list[QToolButton] = []
        self._build_chips()
        self.body.addWidget(self._chips_host)
        self.canvas = _SquareView("Data canvas", grid=True)
        self.canvas.setObjectName("data_canvas")
        self._points = PointsLayer(self.canvas, 0.85)
        self._hand = ToolHand(document, self.canvas)
        self.body.addWidget(self.canvas)
        self.body.addLayout(self._controls())
        self.body.addLayout(self._foot())
        self.body.addStretch(1)
        document.dataset_changed.connect(self._show_points)
        document.points_selected.connect(self._show_points)
        for signal in (document.dataset_changed, document.generator_changed, document.view_changed):
            signal.connect(self._synchronize)
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._synchronize()

    # Building

    def _gallery(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(5)
        self._gallery_buttons: dict[str, QToolButton] = {}
        for name, entry in GENERATORS.items():
            button = QToolButton()
            button.setProperty("role", "gallery")
            button.setCheckable(True)
            button.setToolTip(f"{entry.label}: {entry.tip}")
            button.setAccessibleName(f"Data set {entry.label}")
            button.setIconSize(QSize(_THUMBNAIL_PX, _THUMBNAIL_PX))
            button.setMinimumHeight(_THUMBNAIL_PX + 6)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self._on_gallery_clicked, name))
            self._gallery_buttons[name] = button
            row.addWidget(button)
        return row

    def _tool_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(5)
        for action in self._actions.tools:
            row.addWidget(tool_button(action))
        row.addStretch(1)
        row.addWidget(tool_button(self._actions["undo"]))
        row.addWidget(tool_button(self._actions["redo"]))
        return row

    def _build_chips(self) -> None:
        grid = self._chips_host.layout()
        assert isinstance(grid, QGridLayout)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(5)
        for index, action in enumerate(self._actions.classes):
            chip = tool_button(action, text=True, role="pill")
            chip.setIconSize(QSize(12, 12))
            self._chips.append(chip)
            grid.addWidget(chip, index // _CHIPS_IN_ROW, index % _CHIPS_IN_ROW)
        for column, name in enumerate(("remove_class", "add_class"), start=_CHIPS_IN_ROW):
            grid.addWidget(tool_button(self._actions[name], role="round"), 0, column)
        grid.setColumnStretch(_CHIPS_IN_ROW + 2, 1)

    def _controls(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        self._values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        self._sliders: dict[str, Slider] = {}
        for row, (name, tip, low, high) in enumerate(
            (
                ("Brush radius", "How far from the mouse the brush sprays.", 2, 30),
                ("Brush density", "Points that the brush sprays in a second.", 5, 400),
                ("Points", "How many points are drawn.", 0, len(_POINT_COUNTS) - 1),
                ("Classes", "How many classes, or spiral arms.", 2, 5),
                ("Noise", "Standard deviation of the noise on each coordinate.", 0, 100),
                ("Training share", "The share of the points that is for training; the rest is for testing.", 10, 100),
            )
        ):
            slider = Slider(name, tip, low, high)
            slider.valueChanged.connect(partial(self._on_slider_moved, name))
            slider.sliderPressed.connect(self._on_slider_pressed)
            slider.sliderReleased.connect(self._on_slider_released)
            value = label()
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setFixedWidth(44)
            caption = label(name, "muted")
            grid.addWidget(caption, row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(value, row, 2)
            self._names[name], self._sliders[name], self._values[name] = caption, slider, value
        self._gesture = -1
        return grid

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("Seed", "muted"))
        self._seed = IntegerBox("Data seed", "Of all that is random in the data set.", 0, _MAX_SEED)
        self._seed.setFixedWidth(70)
        self._seed.valueChanged.connect(self._on_seed_changed)
        row.addWidget(self._seed)
        row.addStretch(1)
        row.addWidget(tool_button(self._actions["regenerate"], text=True))
        return row

    # Showing

    @Slot()
    def _on_theme_changed(self) -> None:
        for name, button in self._gallery_buttons.items():
            button.setIcon(QIcon(_thumbnail(name, self.devicePixelRatioF())))
        for index, action in enumerate(self._actions.classes):
            action.setIcon(QIcon(_class_icon(index, self.devicePixelRatioF())))
        self._show_points(recolour=True)

    @Slot()
    def _show_points(self, *, recolour: bool = False) -> None:
        document = self._document
        self._points.show(document.dataset, selected=document.selected_points, recolour=recolour)

    @Slot()
    def _synchronize(self) -> None:
        """Show the document's data, generator and tool as they are."""
        document = self._document
        dataset, generator, view = document.dataset, document.generator_settings, document.view
        self._summary.setText(_summary(dataset))
        for name, button in self._gallery_buttons.items():
            button.setChecked(name == generator.name)
        counts = dataset.class_counts
        for index, chip in enumerate(self._chips):
            chip.setVisible(index < dataset.n_classes)
            if index < dataset.n_classes:
                chip.setAccessibleName(f"Class {class_name(index)}, {counts[index]} points")
        brush = view.tool in ("brush", "erase")
        smallest, largest = GENERATORS[generator.name].class_range
        self._show_row("Brush radius", round(view.brush_radius * 10), f"{view.brush_radius:.1f}", brush)
        self._show_row("Brush density", round(view.brush_density), f"{view.brush_density:g}/s", view.tool == "brush")
        self._show_row("Points", _nearest_count(generator.n_points), f"{generator.n_points:,}", True)
        self._show_row("Classes", generator.n_classes, f"{generator.n_classes}", smallest < largest)
        self._names["Classes"].setText("Arms" if generator.name == "spiral" else "Classes")
        self._show_row("Noise", round(generator.noise * 100), f"{generator.noise:.2f}", True)
        share = round(generator.training_share * 100)
        self._show_row("Training share", share, f"{share} %", True)
        self._seed.follow(generator.seed)

    def _show_row(self, name: str, position: int, text: str, visible: bool) -> None:
        slider = self._sliders[name]
        with QSignalBlocker(slider):
            slider.setValue(position)
        self._values[name].setText(text)
        for widget in (self._names[name], slider, self._values[name]):
            widget.setVisible(visible)

    # What a person does

    @Slot()
    def _on_gallery_clicked(self, name: str) -> None:
        self._document.generate(name=name)
        self._synchronize()

    @Slot()
    def _on_slider_pressed(self) -> None:
        self._gesture = self._document.new_gesture()

    @Slot()
    def _on_slider_released(self) -> None:
        self._gesture = -1

    @Slot(int)
    def _on_slider_moved(self, name: str, position: int) -> None:
        document = self._document
        if name == "Brush radius":
            document.set_view(brush_radius=position / 10)
        elif name == "Brush density":
            document.set_view(brush_density=float(position))
        elif name == "Points":
            document.generate(self._gesture, n_points=_POINT_COUNTS[position])
        elif name == "Classes":
            document.generate(self._gesture, n_classes=position)
        elif name == "Noise":
            document.generate(self._gesture, noise=position / 100)
        else:
            document.set_training_share(position / 100, self._gesture)

    @Slot(int)
    def _on_seed_changed(self, seed: int) -> None:
        self._document.generate(seed=seed)


class _SquareView(PlaneView):
    """As high as it is wide, because the plane is."""

    def __init__(self, name: str, *, grid: bool) -> None:
        super().__init__(name, grid=grid)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Return that it has."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that makes the plane fill the view, beside and above its axes."""
        return width - 16


def _summary(dataset: Dataset) -> str:
    points = "1 point" if len(dataset) == 1 else f"{len(dataset):,} points"
    return f"{points} · values" if dataset.is_regression else f"{points} · {dataset.n_classes} classes"


def _nearest_count(n_points: int) -> int:
    return int(np.argmin(np.abs(np.array(_POINT_COUNTS) - n_points)))


def _thumbnail(name: str, ratio: float) -> QPixmap:
    """Return a small picture of what a generator draws."""
    n_classes = 2 if name == "gaussians" else 3
    dataset = generate(GeneratorSettings(name=name, n_points=_THUMBNAIL_POINTS, noise=0.1, n_classes=n_classes))
    pixmap = QPixmap(round(_THUMBNAIL_PX * ratio), round(_THUMBNAIL_PX * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    scale = _THUMBNAIL_PX / (2 * PLANE_LIMIT)
    for (x, y), kind in zip(dataset.points.tolist(), dataset.labels.tolist(), strict=True):
        painter.setBrush(value_colour(kind) if dataset.is_regression else theme.current().classes[kind])
        painter.drawEllipse(QPointF((x + PLANE_LIMIT) * scale, (PLANE_LIMIT - y) * scale), 1.2, 1.2)
    painter.end()
    return pixmap


def _class_icon(class_index: int, ratio: float) -> QPixmap:
    """Return a class's marker in its colour."""
    side = 12.0
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().classes[class_index])
    painter.translate(QRectF(0, 0, side, side).center())
    painter.scale(side - 1, side - 1)
    painter.drawPath(marker_path(class_index))
    painter.end()
    return pixmap
