"""The gallery: a small picture of each data set that a generator draws, to choose from."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.items.pixmaps import drawn_pixmap
from gui.items.points_layer import curve_colour, value_colour
from gui.program.guard import guarded
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip
from model.data.dataset import PLANE_LIMIT, PROBLEM_KINDS, Dataset, ProblemKind
from model.data.generators import GENERATORS, GeneratorSettings, generate

_COLUMNS = 6
_SPACING_PX = 4
_TILE_PX, _LARGEST_TILE_PX = 32, 64
_TILE_RATIO = 0.6
"""How high a tile is beside its width, between the two."""
_FRAME_PX = 4
_THUMBNAIL_POINTS = 90
_N_CLASSES = {"gaussians": 2}


class Gallery(QWidget):
    """The generators of the present problem: two rows of tiles for classes, fewer and larger tiles for values.

    Both take the same room, so that nothing below moves when the problem changes.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._group.idClicked.connect(self._on_clicked)
        self._buttons: dict[str, QToolButton] = {}
        self._side = _TILE_PX
        self._pages = {kind: self._page(kind) for kind in PROBLEM_KINDS}
        for page in self._pages.values():
            column.addWidget(page)
        self._shown_kind: ProblemKind = PROBLEM_KINDS[0]
        self._drawn: dict[str, tuple[int, theme.Theme]] = {}
        theme.manager().changed.connect(self._draw)
        self.show_choice(None, PROBLEM_KINDS[0])

    def _page(self, kind: ProblemKind) -> QWidget:
        """Return the tiles of one problem: in two rows, or one row of the same height."""
        names = _names_of(kind)
        n_rows = _n_rows_of(kind)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_SPACING_PX)
        n_columns = -(-len(names) // n_rows)
        for index, name in enumerate(names):
            self._buttons[name] = self._tile(name)
            grid.addWidget(self._buttons[name], *divmod(index, n_columns))
        for column in range(n_columns):
            grid.setColumnStretch(column, 1)
        return page

    def _tile(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "gallery")
        button.setCheckable(True)
        entry = GENERATORS[name]
        button.setToolTip(as_tip(f"{entry.label}: {entry.tip}"))
        button.setAccessibleName(f"Data set {entry.label}")
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.pressed.connect(leave_field)
        self._group.addButton(button, len(self._buttons))
        return button

    def show_choice(self, name: str | None, kind: ProblemKind) -> None:
        """Show the generators of one problem, and which of them is chosen, if any."""
        for of_kind, page in self._pages.items():
            page.setVisible(of_kind == kind)
        for key, button in self._buttons.items():
            button.setChecked(key == name)
        self._shown_kind = kind
        self._draw()

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        self.chosen.emit(list(self._buttons)[index])

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the tiles be larger where they are wide."""
        super().resizeEvent(event)
        side = round(_TILE_RATIO * (self.width() + _SPACING_PX) / _COLUMNS) - _SPACING_PX
        side = min(max(side, theme.px(_TILE_PX)), theme.px(_LARGEST_TILE_PX))
        if side != self._side:
            self._side = side
            self._draw()

    @Slot()
    def _draw(self) -> None:
        """Draw the pictures that are seen, where they are not there in this size and these colours."""
        colours, ratio = theme.current(), self.devicePixelRatioF()
        for name, button in self._buttons.items():
            kind = GENERATORS[name].kind
            side = self._side if _n_rows_of(kind) == 2 else 2 * self._side + _SPACING_PX
            button.setFixedHeight(side)
            button.setIconSize(QSize(side - _FRAME_PX, side - _FRAME_PX))
            if kind == self._shown_kind and self._drawn.get(name) != (side, colours):
                self._drawn[name] = side, colours
                button.setIcon(QIcon(_thumbnail(name, button.iconSize().width(), ratio, colours)))


def _names_of(kind: ProblemKind) -> list[str]:
    return [name for name, entry in GENERATORS.items() if entry.kind == kind]


def _n_rows_of(kind: ProblemKind) -> int:
    """Return into how many rows the tiles of a problem go: one where they are few."""
    return 1 if len(_names_of(kind)) < _COLUMNS else 2


@cache
def _sample(name: str) -> Dataset:
    """Return the points of a small picture."""
    n_classes = _N_CLASSES.get(name, 3)
    return generate(GeneratorSettings(name=name, n_points=_THUMBNAIL_POINTS, noise=0.1, n_classes=n_classes))


def _thumbnail(name: str, side: int, ratio: float, colours: theme.Theme) -> QPixmap:
    """Return a small picture of what a generator draws."""
    dataset = _sample(name)
    scale, radius = side / (2 * PLANE_LIMIT), 0.9 + side / 60

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        labels = dataset.labels.tolist()
        brushes = {label: _colour(dataset, label, colours) for label in set(labels)}
        for (x, y), label in zip(dataset.points.tolist(), labels, strict=True):
            painter.setBrush(brushes[label])
            painter.drawEllipse(QPointF((x + PLANE_LIMIT) * scale, (PLANE_LIMIT - y) * scale), radius, radius)

    return drawn_pixmap(QSizeF(side, side), ratio, draw)


def _colour(dataset: Dataset, label: float, colours: theme.Theme) -> QColor:
    if dataset.is_curve:
        return curve_colour(colours)
    return value_colour(label, colours) if dataset.is_regression else colours.classes[int(label)]
