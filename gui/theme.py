"""Theme: the visual tokens as a palette and a style sheet, light and dark, following the system or chosen by hand."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from gui.measures import SCALES, apply_measures, remember_measures, scaled_sheet

RESOURCES = Path(__file__).resolve().parent.parent / "resources"

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
"""The least contrast of a text, and of a mark, with what is behind it."""

_DIVERGING_STEPS = 255
_MIXING_STEPS = 20
_RUN_COLOURS = (3, 6, 5, 4, 7, 0, 1, 2)
"""Of which class the colour of each pinned run is: those of none of three classes first, and unlike ones beside each
other."""

_N_LANE_COLOURS = 3


class Scheme(Enum):
    """Which theme a person asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_QT_SCHEMES = {
    Scheme.SYSTEM: Qt.ColorScheme.Unknown,
    Scheme.LIGHT: Qt.ColorScheme.Light,
    Scheme.DARK: Qt.ColorScheme.Dark,
}


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """The colours of one theme, named as in resources/tokens.json.

    Attributes
    ----------
    diverging : ndarray of shape (255,)
        uint32 0xffRRGGBB from negative over neutral (index 127) to positive.
    classes : tuple of QColor
        One for each class a data set can have.
    """

    is_dark: bool
    window: QColor
    panel: QColor
    line: QColor
    grid: QColor
    text: QColor
    muted: QColor
    accent: QColor
    on_accent: QColor
    chip: QColor
    positive: QColor
    neutral: QColor
    negative: QColor
    focus: QColor
    selected: QColor
    classes: tuple[QColor, ...]
    diverging: NDArray[np.uint32]

    def run_colour(self, place: int) -> QColor:
        """Return the colour of the pinned run at a place, 0 to 7; the first five are those of none of three classes."""
        return self.classes[_RUN_COLOURS[place % len(_RUN_COLOURS)]]

    def lane_colour(self, place: int) -> QColor:
        """Return the colour of a lane of a race at a place, 0 to 3; none is that of one of the first three classes."""
        return self.text if place >= _N_LANE_COLOURS else self.run_colour(place)

    def diverging_image(self, values: NDArray[Any], limit: float | NDArray[Any]) -> NDArray[np.uint32]:
        """Return a colour 0xffRRGGBB for each value, -limit to limit; what lies beyond gets the end colours.

        The limit may be an array that goes with that of the values.
        """
        middle = _DIVERGING_STEPS // 2
        with np.errstate(all="ignore"):
            index = values * (middle / limit) + (middle + 0.5)
        # fmin and fmax, unlike clip, also bring NaN into the range.
        np.fmax(np.fmin(index, _DIVERGING_STEPS - 1, out=index), 0, out=index)
        colours: NDArray[np.uint32] = self.diverging[index.astype(np.intp)]
        return colours

    def diverging_colour(self, value: float, limit: float) -> QColor:
        """Return the colour of one value on the diverging scale."""
        return QColor.fromRgb(int(self.diverging_image(np.array([value]), limit)[0]))


def rgb_array(colour: QColor) -> NDArray[np.float32]:
    """Return red, green and blue, 0 to 255, an ndarray of shape (3,)."""
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float32)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Return an opaque colour, `share` of `second` and the rest of `first`."""
    r, g, b = rgb_array(first) * (1.0 - share) + rgb_array(second) * share
    return QColor(round(float(r)), round(float(g)), round(float(b)))


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast of two colours, 1 to 21.

    Notes
    -----
    The contrast ratio of WCAG 2.1 (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio).
    """
    low, high = sorted(map(_luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    channels = rgb_array(colour).astype(np.float64) / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def legible(colour: QColor, theme: Theme, least: float = TEXT_CONTRAST) -> QColor:
    """Return a colour that is read on the panel: itself, or with as much of the text's colour as it needs."""
    return _legible(colour.rgb(), theme, least)


@lru_cache(maxsize=256)
def _legible(rgb: int, theme: Theme, least: float) -> QColor:
    colour = QColor.fromRgb(rgb)
    shares = (step / _MIXING_STEPS for step in range(_MIXING_STEPS + 1))
    mixtures = (mixed(colour, theme.text, share) for share in shares)
    return next((mixture for mixture in mixtures if contrast(mixture, theme.panel) >= least), theme.text)


def _diverging_table(negative: QColor, neutral: QColor, positive: QColor) -> NDArray[np.uint32]:
    stops = np.stack([rgb_array(colour) for colour in (negative, neutral, positive)])
    position = np.linspace(0.0, 2.0, _DIVERGING_STEPS)
    r, g, b = (np.interp(position, [0.0, 1.0, 2.0], channel).round().astype(np.uint32) for channel in stops.T)
    table: NDArray[np.uint32] = (np.uint32(0xFF000000) | (r << 16) | (g << 8) | b).astype(np.uint32)
    return table


@cache
def tokens() -> dict[str, Any]:
    """Return what resources/tokens.json holds."""
    content: dict[str, Any] = json.loads((RESOURCES / "tokens.json").read_text(encoding="utf-8"))
    return content


@cache
def named(name: str) -> Theme:
    """Return the theme "light" or "dark", whichever the window shows."""
    colours = {key: QColor(value) for key, value in tokens()[name].items()}
    return Theme(
        is_dark=name == "dark",
        classes=tuple(QColor(value) for value in tokens()["classes"]),
        diverging=_diverging_table(colours["negative"], colours["neutral"], colours["positive"]),
        **colours,
    )


class ThemeManager(QObject):
    """Holds the present theme, applies it to the application, and says when it changes.

    Attributes
    ----------
    font : QFont
        Of the interface, at its present scale.
    """

    changed = Signal()
    scale_changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        application.setStyle("Fusion")
        # Where no widget has a style sheet for a while, Qt (6.11) forgets what it knows of each, and of those that have
        # not been shown yet it does not hear later that they are gone: the next sheet is then given to what is no more.
        self._always_dressed = QWidget()
        self._always_dressed.setObjectName("always_dressed")
        self._always_dressed.setStyleSheet("QWidget {}")
        self._scheme = _remembered_scheme()
        hints = application.styleHints()
        hints.setColorScheme(_QT_SCHEMES[self._scheme])
        hints.colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._scale = _remembered_scale()
        self.font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._apply()

    @property
    def theme(self) -> Theme:
        """The theme that is shown now."""
        return self._theme

    @property
    def scheme(self) -> Scheme:
        """What the person asked for."""
        return self._scheme

    def set_scheme(self, scheme: Scheme) -> None:
        """Show the light theme, the dark one, or the system's; remembered for the next start."""
        self._scheme = scheme
        QSettings().setValue("theme", scheme.value)
        self._application.styleHints().setColorScheme(_QT_SCHEMES[scheme])
        self._apply()

    @property
    def scale(self) -> float:
        """How large the interface is, one of SCALES."""
        return self._scale

    def set_scale(self, scale: float) -> None:
        """Make the interface larger or smaller; remembered for the next start.

        Raises
        ------
        ValueError
            If it is none of SCALES.
        """
        if scale not in SCALES:
            raise ValueError(f"scale must be one of {', '.join(f'{one:g}' for one in SCALES)}; got {scale:g}")
        if scale != self._scale:
            self._scale = scale
            QSettings().setValue("scale", scale)
            self._apply()
            for widget in self._application.allWidgets():
                apply_measures(widget, scale, figure_font)
            self.scale_changed.emit()

    def change_scale(self, steps: int) -> None:
        """Make the interface larger by so many steps, or smaller, as far as it goes."""
        index = min(max(SCALES.index(self._scale) + steps, 0), len(SCALES) - 1)
        self.set_scale(SCALES[index])

    @contextmanager
    def dressing_last(self) -> Iterator[None]:
        """Let widgets be built without the style sheet, and dress all of them at the end.

        Where there is a sheet, Qt sends a change of style through all that is in a widget whenever that is put into
        another one. A window whose parts are put together from the inside out takes three times as long for it.
        """
        sheet = self._application.styleSheet()
        with _without_collecting():
            self._application.setStyleSheet("")
        try:
            yield
        finally:
            with _without_collecting():
                self._application.setStyleSheet(sheet)

    @Slot()
    def _on_system_scheme_changed(self) -> None:
        self._apply()

    def _apply(self) -> None:
        shown = _QT_SCHEMES[self._scheme]
        if shown == Qt.ColorScheme.Unknown:
            shown = self._application.styleHints().colorScheme()
        self._theme = named("dark" if shown == Qt.ColorScheme.Dark else "light")
        self.font.setPixelSize(round(tokens()["font"]["body_px"] * self._scale))
        self._application.setFont(self.font)
        self._application.setPalette(_palette(self._theme))
        _dress(self._application, scaled_sheet(_style_sheet(self._theme), self._scale))
        self.changed.emit()


def _remembered_scheme() -> Scheme:
    """Return what a person asked for last; the system's theme where that is not known."""
    name = QSettings().value("theme")
    return next((scheme for scheme in Scheme if scheme.value == name), Scheme.SYSTEM)


def _remembered_scale() -> float:
    """Return how large a person had the interface last."""
    remembered = str(QSettings().value("scale"))
    return next((scale for scale in SCALES if str(scale) == remembered), 1.0)


def px(measure: float) -> int:
    """Return a measure in pixels at the present scale of the interface."""
    return round(measure * manager().scale)


def measure(widget: QWidget, **measures: int) -> None:
    """Give a widget a size in pixels that grows with the interface, now and whenever its scale changes.

    Parameters
    ----------
    widget : QWidget
    **measures : int
        At the scale 1: a fixed `width` or `height`, a `least_width` or `least_height`, the side of a button's `icon`,
        the size of the `font` of live figures.
    """
    remember_measures(widget, measures)
    apply_measures(widget, manager().scale, figure_font)


def manager() -> ThemeManager:
    """Return the application's theme manager, made at the first call.

    Raises
    ------
    RuntimeError
        If there is no QApplication.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("a theme needs a QApplication")
    return _manager_of(application)


@lru_cache(maxsize=1)
def _manager_of(application: QApplication) -> ThemeManager:
    return ThemeManager(application)


def current() -> Theme:
    """Return the theme that is shown now.

    For a widget that is about to draw itself; what it draws with is given the theme.
    """
    return manager().theme


def figure_font(pixel_size: int, *, bold: bool = False) -> QFont:
    """Return the interface font at a size, its digits all equally wide so that a live number does not dance."""
    font = QFont(manager().font)
    font.setPixelSize(pixel_size)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.WindowText, theme.text),
        (roles.Base, theme.panel),
        (roles.AlternateBase, theme.chip),
        (roles.Text, theme.text),
        (roles.PlaceholderText, theme.muted),
        (roles.Button, theme.chip),
        (roles.ButtonText, theme.text),
        (roles.ToolTipBase, theme.panel),
        (roles.ToolTipText, theme.text),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
        (roles.Accent, theme.accent),
        (roles.Light, theme.panel),
        (roles.Midlight, theme.line),
        (roles.Mid, theme.line),
        (roles.Dark, theme.muted),
        (roles.Shadow, theme.line),
    ):
        palette.setColor(role, colour)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, mixed(theme.muted, theme.panel, 0.4))
    return palette


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let no widget go by Python's collector while Qt goes through all that there are, of which some call Python."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _dress(application: QApplication, sheet: str) -> None:
    """Give all widgets another style sheet, and leave each where it is."""
    splitters = [widget for widget in application.allWidgets() if isinstance(widget, QSplitter)]
    sizes = [splitter.sizes() for splitter in splitters]
    # Where one sheet takes the place of another, Qt polishes each widget once for itself and once for every widget that
    # it is in (QStyleSheetStyle::repolish); where the first one comes, once.
    with _without_collecting():
        application.setStyleSheet("")
        application.setStyleSheet(sheet)
    for splitter, before in zip(splitters, sizes, strict=True):
        splitter.setSizes(before)


def _style_sheet(theme: Theme) -> str:
    measures = tokens()["space_px"]
    values = {name: getattr(theme, name).name() for name in tokens()["light"]}
    values.update(
        panel_radius=f"{measures['panel_radius']}px",
        control_radius=f"{measures['control_radius']}px",
        control_height=f"{measures['control_height']}px",
        inner_height=f"{measures['control_height'] - 2}px",
        pill_radius=f"{measures['control_height'] // 2}px",
        hover=mixed(theme.chip, theme.text, 0.07).name(),
        pressed=mixed(theme.chip, theme.text, 0.14).name(),
        accent_hover=mixed(theme.accent, theme.text, 0.12).name(),
        disabled=mixed(theme.muted, theme.panel, 0.4).name(),
        error=legible(theme.negative, theme).name(),
        small=f"{tokens()['font']['small_px']}px",
        icons=(RESOURCES / "icons").as_posix(),
    )
    sheet = (RESOURCES / "style.qss").read_text(encoding="utf-8")
    # Longest names first, so that @accent does not eat the start of @accent_hover.
    for name in sorted(values, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", values[name])
    return sheet
