"""Stills: the views of a run as pictures, in pixels or as curves and letters.

A view is drawn again, not copied from the screen: so it is sharp at any size, needs no window, and what the mouse does
at that moment is not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gui.document.landscape import LossLandscape
from gui.document.pins import Pins
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.export import views
from gui.export.accuracy import moments_before, paint_accuracy
from gui.export.figure import figure_height, paint_figure
from gui.export.hidden import paint_hidden_space
from gui.export.landscape import paint_landscape, paint_landscape_space
from gui.export.network_view import paint_network
from gui.export.page import RATIO, UNITS, Page, Paint, encoded, image_of, limits
from gui.export.views import Scene
from gui.items.hidden.look import HiddenLook
from gui.items.hidden.view import HiddenView
from gui.items.landscape.scene import scene_of
from gui.items.plane_view import PlaneView
from gui.items.space.camera import Camera
from gui.items.space.turning import TurnedView
from gui.theme import Theme, current
from model import Dataset
from model.data.dataset import ProblemKind
from model.network.parts import Unit
from model.run.snapshot import Plane

_MARGIN = 8.0
_NETWORK_ASPECT, _LOSS_ASPECT, _MATRIX_ASPECT, _SPACE_ASPECT, _HIDDEN_ASPECT = 0.6, 0.6, 0.8, 0.85, 1.0
_LANDSCAPE_ASPECT = 0.85


@dataclass(frozen=True, slots=True)
class Subject:
    """What there can be a picture of.

    Attributes
    ----------
    label, tip : str
    width : float
        In units of the drawing, where no window shows it and nobody says another.
    paint : callable or None
        Draws it into an area; None: the whole window, in its pixels.
    height : callable
        How high it is in a width.
    widget : str
        The object name of what shows it in a window; empty: nothing does.
    has_shape_of_widget : bool
        Whether a picture of a window has that widget's shape.
    """

    label: str
    tip: str
    width: float
    paint: Callable[[QPainter, QRectF, Scene, Theme], None] | None
    height: Callable[[float, Scene, Theme], float]
    widget: str = ""
    has_shape_of_widget: bool = False


def _in_shape(aspect: float) -> Callable[[float, Scene, Theme], float]:
    return lambda width, scene, theme: width * aspect


VIEWS: dict[str, Subject] = {
    "network": Subject(
        "Network",
        "The diagram with its weights and the neurons' maps.",
        720.0,
        paint_network,
        _in_shape(_NETWORK_ASPECT),
        "network_view",
        has_shape_of_widget=True,
    ),
    "output": Subject(
        "Output",
        "The network's answer over the plane, with the points.",
        440.0,
        views.paint_output,
        views.output_height,
        "output_view",
    ),
    "space": Subject(
        "Output in 3D",
        "The network's answer as a surface, with the points at their height.",
        480.0,
        views.paint_output_in_space,
        _in_shape(_SPACE_ASPECT),
        "output_space",
        has_shape_of_widget=True,
    ),
    "hidden": Subject(
        "Hidden space",
        "Where a hidden layer puts the plane and its points.",
        440.0,
        paint_hidden_space,
        _in_shape(_HIDDEN_ASPECT),
        "hidden_view",
        has_shape_of_widget=True,
    ),
    "loss": Subject(
        "Loss",
        "The loss curve.",
        480.0,
        views.paint_loss,
        _in_shape(_LOSS_ASPECT),
        "loss_view",
        has_shape_of_widget=True,
    ),
    "accuracy": Subject(
        "Accuracy",
        "How much is right over the steps: the accuracy, or of values R².",
        480.0,
        paint_accuracy,
        _in_shape(_LOSS_ASPECT),
        "accuracy_view",
        has_shape_of_widget=True,
    ),
    "confusion": Subject(
        "Confusion matrix",
        "How many points of each class the network takes for each class.",
        360.0,
        views.paint_matrix,
        _in_shape(_MATRIX_ASPECT),
        "confusion_view",
        has_shape_of_widget=True,
    ),
    "landscape": Subject(
        "Loss landscape",
        "The loss over a plane through the weights, with the path of the run.",
        440.0,
        paint_landscape,
        _in_shape(_LANDSCAPE_ASPECT),
        "landscape_view",
        has_shape_of_widget=True,
    ),
    "landscape_space": Subject(
        "Loss landscape in 3D",
        "The loss over a plane through the weights as a surface, with the path of the run on it.",
        480.0,
        paint_landscape_space,
        _in_shape(_SPACE_ASPECT),
        "landscape_space",
        has_shape_of_widget=True,
    ),
    "data": Subject("Data", "The points alone.", 440.0, views.paint_data, views.data_height, "data_canvas"),
    "figure": Subject(
        "Figure of all views",
        "Network, output and loss with one key, as in a paper.",
        640.0,
        paint_figure,
        figure_height,
    ),
    "window": Subject(
        "Whole window", "All of the window, in pixels also in SVG and PDF.", 1440.0, None, _in_shape(0.625)
    ),
}
"""Every view, by name."""


_MISSING: dict[ProblemKind, tuple[str, ...]] = {
    "classes": (),
    "values": ("confusion",),
    "curve": ("confusion", "space"),
}
"""What there is no picture of where the problem is of a kind: only classes can be confused, and a curve is flat."""


LANDSCAPES = ("landscape", "landscape_space")
"""Views for which something has to be computed that nothing else needs."""


def views_of(dataset: Dataset) -> list[str]:
    """Return the names of the views that there are of a kind of problem."""
    return [name for name in VIEWS if name not in _MISSING[dataset.kind]]


def page_of(name: str, scene: Scene, theme: Theme, width: float | None = None, unit: str = "px") -> Page:
    """Return the page of a view.

    Parameters
    ----------
    name : str
        A key of :data:`VIEWS`, other than the window.
    scene : Scene
    theme : Theme
    width : float, optional
        In `unit`; by default what suits the view.
    unit : str
        A key of :data:`gui.export.page.UNITS`.

    Raises
    ------
    ValueError
        If the width is none that can be drawn.
    """
    if width is None:
        width = VIEWS[name].width / UNITS[unit].units
    inner = Page(width, unit).size.width() - 2 * _MARGIN
    height = VIEWS[name].height(inner, scene, theme)
    return Page(width, unit, (height + 2 * _MARGIN) / (inner + 2 * _MARGIN))


def drawing(name: str, scene: Scene, theme: Theme, page: Page) -> Paint:
    """Return what draws a view on its page."""
    paint, size = VIEWS[name].paint, page.size
    area = QRectF(_MARGIN, _MARGIN, size.width() - 2 * _MARGIN, size.height() - 2 * _MARGIN)

    def draw(painter: QPainter) -> None:
        if paint is not None:
            paint(painter, area, scene, theme)

    return draw


class Stills:
    """Draws the views of a window as it shows them.

    Parameters
    ----------
    window : QMainWindow
        Where the views are looked for, by their object names.
    run : LiveRun
    view : View
    pins : Pins
    probe : Probe
    landscape : LossLandscape
        What they show, and how.
    """

    views = VIEWS

    def __init__(
        self, window: QMainWindow, run: LiveRun, view: View, pins: Pins, probe: Probe, landscape: LossLandscape
    ) -> None:
        self._window = window
        self._run, self._view, self._pins, self._probe = run, view, pins, probe
        self._landscape = landscape

    def offered(self) -> list[str]:
        """Return the names of the views that there are now: a landscape where somebody has looked at one."""
        has_landscape = self._landscape.landscape is not None
        return [name for name in views_of(self._run.shown_dataset) if has_landscape or name not in LANDSCAPES]

    def focused(self) -> str:
        """Return the name of the view with the focus, otherwise the output, or what is shown if that is hidden."""
        focus = QApplication.focusWidget()
        shown = [name for name in self.offered() if self._widget(name) is not None]
        for name in shown:
            widget = self._widget(name)
            if focus is not None and widget is not None and (widget is focus or widget.isAncestorOf(focus)):
                return name
        return next((name for name in ("output", "space", "hidden", *shown) if name in shown), "output")

    def _widget(self, name: str) -> QWidget | None:
        """Return what shows a view, if it is to be seen."""
        # There may be two, one of them in a window of its own.
        found = self._window.findChildren(QWidget, VIEWS[name].widget) if VIEWS[name].widget else []
        return next((widget for widget in found if widget.isVisible()), None)

    def scene(self) -> Scene:
        """Return what the window shows."""
        run, settings, selected = self._run, self._view.settings, self._view.selection
        moment = run.displayed.moment
        return Scene(
            moment,
            run.shown_dataset,
            run.curve,
            output_plane=self._plane("output"),
            data_plane=self._plane("data"),
            camera=self._camera("space"),
            height=settings.height,
            selected=selected if isinstance(selected, Unit) else None,
            colouring=settings.colouring,
            slices=settings.slices,
            sliced_surface=settings.sliced_surface,
            reach=settings.reach,
            probe=self._probe.pinned,
            hidden=(settings.hidden_layer, settings.hidden_axes),
            look=self._look(),
            switch_lines=settings.switch_lines,
            regions=settings.regions,
            test_points=settings.show_test_points,
            terms=settings.terms,
            log_loss=settings.log_loss,
            penalty=settings.show_penalty and moment.training.regularization != "none",
            test_confusion=settings.test_confusion,
            landscape=scene_of(self._landscape, run, self._view),
            landscape_camera=self._camera("landscape_space"),
            is_past=run.moment is not None,
            pinned=self._pins.runs,
            before=moments_before(run.history.frames, moment),
        )

    def _plane(self, name: str) -> Plane:
        widget = self._widget(name)
        return widget.plane if isinstance(widget, PlaneView) else Plane()

    def _camera(self, name: str) -> Camera:
        view = self._widget(name) or self._window.findChild(TurnedView, VIEWS[name].widget)
        return view.camera if isinstance(view, TurnedView) else Camera()

    def _look(self) -> HiddenLook:
        view = self._window.findChild(HiddenView, VIEWS["hidden"].widget)
        return HiddenLook() if view is None else view.look

    def width(self, name: str, unit: str = "px") -> float:
        """Return how wide the picture of a view is if nobody says another width: as the window shows it."""
        widget = self._window if name == "window" else self._widget(name)
        width = VIEWS[name].width if widget is None else widget.width() + 2 * _MARGIN * (name != "window")
        low, high = limits(unit)
        return min(max(float(round(width / UNITS[unit].units)), low), high)

    def page(self, name: str, width: float | None = None, unit: str = "px") -> Page:
        """Return the page of a view, see :func:`page_of`."""
        width = self.width(name, unit) if width is None else width
        widget = self._widget(name)
        if name == "window":
            return Page(width, unit, self._window.height() / self._window.width())
        if widget is None or not VIEWS[name].has_shape_of_widget:
            return page_of(name, self.scene(), current(), width, unit)
        margins = 2 * _MARGIN
        return Page(width, unit, (widget.height() + margins) / (widget.width() + margins))

    def image(self, name: str, width: float | None = None, unit: str = "px", *, room: QSize | None = None) -> QImage:
        """Return a view in pixels.

        Parameters
        ----------
        name : str
            One of :meth:`offered`.
        width, unit
            As for :func:`page_of`.
        room : QSize, optional
            How many pixels there are at most; by default as many as in a file.
        """
        page = self.page(name, width, unit)
        pixels = page.pixels if room is None else page.pixels.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return image_of(page, self._drawing(name, page), current().panel, pixels)

    def encoded(self, name: str, kind: str, width: float | None = None, unit: str = "px") -> bytes:
        """Return a view as the content of a file.

        Parameters
        ----------
        name : str
            One of :meth:`offered`.
        kind : str
            A key of :data:`gui.export.page.KINDS`.
        width, unit
            As for :func:`page_of`.
        """
        page = self.page(name, width, unit)
        return encoded(page, kind, self._drawing(name, page), current().panel)

    def _drawing(self, name: str, page: Page) -> Paint:
        if name != "window":
            return drawing(name, self.scene(), current(), page)
        area, image = QRectF(0, 0, page.size.width(), page.size.height()), _grabbed(self._window)
        return lambda painter: painter.drawImage(area, image)


def _grabbed(window: QWidget) -> QImage:
    """Return all of a window in pixels."""
    image = QImage((QSizeF(window.size()) * RATIO).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    window.render(image)
    image.setDevicePixelRatio(1.0)
    return image
