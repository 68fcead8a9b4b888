"""The icons of actions and tools: SVG files in one colour, drawn in the colour of the theme and sharp at every size."""

from functools import cache
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"

DISABLED_OPACITY = 0.35
"""Of an icon that is given no colour of its own for being disabled."""


@cache
def icon_names() -> frozenset[str]:
    """Tell which icons there are.

    Returns
    -------
    frozenset of str
        The names that `icon` takes.
    """
    return frozenset(path.stem for path in ICON_FOLDER.glob("*.svg"))


def icon(
    name: str,
    color: QColor,
    disabled: QColor | None = None,
    on: QColor | None = None,
    marked: QColor | None = None,
) -> QIcon:
    """Make an icon in the colours of the theme.

    Parameters
    ----------
    name : str
        The file in ``resources/icons`` without its ``.svg``.
    color : QColor
        What ``currentColor`` in the file stands for.
    disabled : QColor, optional
        The colour while the action is disabled; the same colour, fainter, when left out.
    on : QColor, optional
        The colour while a checkable action is checked; the same colour when left out.
    marked : QColor, optional
        The colour while it is the marked entry of a menu; the same colour when left out.

    Returns
    -------
    QIcon
        Drawn from the SVG whenever it is painted, at the size and pixel ratio asked for.

    Raises
    ------
    ValueError
        If there is no such icon.
    """
    if name not in icon_names():
        raise ValueError(f"There is no icon {name!r}; there are: {', '.join(sorted(icon_names()))}.")
    if disabled is None:
        disabled = QColor(color)
        disabled.setAlphaF(color.alphaF() * DISABLED_OPACITY)
    return QIcon(_SvgIconEngine(name, color, disabled, on or color, marked))


@cache
def _source(name: str) -> str:
    return (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


class _SvgIconEngine(QIconEngine):
    """Draws an SVG in the colour of the icon's mode and state.

    Qt draws SVG icons from files by itself, but only in the colours that the file names.
    """

    # PySide6 gives away an engine that is handed to QIcon, but keeps owning, and would delete, what `clone` returns.
    _clones: ClassVar[list[QIconEngine]] = []

    def __init__(self, name: str, color: QColor, disabled: QColor, on: QColor, marked: QColor | None) -> None:
        super().__init__()
        self._name = name
        self._color = QColor(color)
        self._disabled = QColor(disabled)
        self._on = QColor(on)
        self._marked = marked
        self._renderers: dict[str, QSvgRenderer] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        color = self._color_of(mode, state)
        painter.save()
        painter.setOpacity(painter.opacity() * color.alphaF())
        self._renderer(color).render(painter, QRectF(rect))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        copy = _SvgIconEngine(self._name, self._color, self._disabled, self._on, self._marked)
        self._clones.append(copy)
        return copy

    def iconName(self) -> str:
        return self._name

    def _color_of(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return self._disabled
        # A style gives no other thing of ours this mode: buttons would be "auto raise" or push buttons with the focus.
        if mode == QIcon.Mode.Active and self._marked is not None:
            return self._marked
        return self._on if state == QIcon.State.On else self._color

    def _renderer(self, color: QColor) -> QSvgRenderer:
        name = color.name()
        if name not in self._renderers:
            text = _source(self._name).replace("currentColor", name)
            renderer = QSvgRenderer(QByteArray(text.encode()))
            renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
            self._renderers[name] = renderer
        return self._renderers[name]
