"""The size of the interface: by keys, remembered, in texts, fields and the diagram."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QLineEdit, QSpinBox, QToolButton

from gui import measures, theme
from gui.items.confusion_view import ConfusionView
from gui.items.formula import FormulaView
from gui.items.hidden.view import HiddenView
from gui.items.landscape.views import LandscapeSpace, LandscapeView
from gui.items.plane_view import PlaneView
from gui.items.read_plot import ReadPlot
from gui.items.space.camera import Camera
from gui.items.space.output import SpaceOutput
from gui.items.space.view import SpaceView
from gui.measures import SCALES
from gui.panels.network.panel import NetworkView
from gui.panels.timeline.bar import TimelineBar
from model.network.parts import Unit
from model.run.history import Event

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
PLUS, MINUS, ZERO = Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0


@pytest.fixture
def window(shared_window):
    yield shared_window
    theme.manager().set_scale(1.0)
    QApplication.processEvents()


def press(window, key, times=1):
    for _ in range(times):
        QTest.keyClick(window, key, CTRL)
    QApplication.processEvents()


def test_keys_make_all_larger_and_smaller_and_as_it_was(window, named, qtbot):
    seed, play = named(window, "Data seed", QSpinBox), window.findChild(QToolButton, "play")
    title = window._panels["Data"].title
    before = [size for widget in (seed, play, title) for size in widget.size().toTuple()]
    press(window, PLUS, 3)
    assert theme.manager().scale == 1.5
    qtbot.waitUntil(lambda: title.height() > 0 and play.height() > 1.4 * before[3])
    assert seed.width() == pytest.approx(1.5 * before[0], abs=2)
    assert title.fontMetrics().height() > 1.3 * QFontMetricsF(theme.figure_font(11)).height() - 2
    press(window, MINUS)
    assert theme.manager().scale == 1.25
    press(window, ZERO)
    qtbot.waitUntil(lambda: [size for widget in (seed, play, title) for size in widget.size().toTuple()] == before)


def test_what_stands_in_a_field_grows_with_it(window):
    fields = [box.findChild(QLineEdit) for box in window.findChildren(QAbstractSpinBox)]
    before = [field.fontInfo().pixelSize() for field in fields]
    theme.manager().set_scale(2.0)
    assert [field.fontInfo().pixelSize() for field in fields] == [2 * size for size in before]


def test_it_goes_from_80_to_200_percent_and_the_actions_say_so(window):
    larger, smaller = window.findChild(QAction, "larger"), window.findChild(QAction, "smaller")
    press(window, PLUS, len(SCALES))
    assert theme.manager().scale == 2.0
    assert not larger.isEnabled()
    press(window, MINUS, 2 * len(SCALES))
    assert theme.manager().scale == 0.8
    assert not smaller.isEnabled()
    assert larger.isEnabled()


def test_it_is_remembered_for_the_next_start(window):
    press(window, PLUS)
    assert theme._remembered_scale() == 1.1
    for nonsense in ("7", "large", ""):
        QSettings().setValue("scale", nonsense)
        assert theme._remembered_scale() == 1.0


def test_a_size_that_is_not_offered_is_refused():
    with pytest.raises(ValueError, match=r"0\.8, 0\.9, 1, .* got 3"):
        theme.manager().set_scale(3.0)


def test_what_is_made_later_is_as_large(window):
    press(window, PLUS, 5)
    later = QToolButton()
    theme.measure(later, width=40, icon=10)
    assert (later.width(), later.iconSize().width()) == (80, 20)
    theme.manager().set_scale(1.0)
    assert (later.width(), later.iconSize().width()) == (40, 10)
    later.deleteLater()


def test_every_picture_needs_as_much_more_room(window, qtbot):
    views = [LandscapeView(), LandscapeSpace(), SpaceView("Surface")]
    for view in views:
        qtbot.addWidget(view)
    views += window.findChildren(ConfusionView) + window.findChildren(ReadPlot)

    def least():
        return [view.minimumSize().expandedTo(view.minimumSizeHint()).toTuple() for view in views]

    at_one = least()
    theme.manager().set_scale(2.0)
    assert least() == [(2 * width, 2 * height) for width, height in at_one]


@pytest.mark.parametrize("scale", [0.8, 1.5, 2.0])
def test_a_click_in_the_diagram_meets_what_is_seen_there(window, scale, qtbot):
    view, document = window.findChild(NetworkView), window.document
    theme.manager().set_scale(scale)
    QApplication.processEvents()
    view.grab()
    centre = view.diagram.layout.rect(Unit(2, 1)).center() * scale
    assert view.rect().contains(centre.toPoint())
    QTest.mouseClick(view, LEFT, pos=centre.toPoint())
    assert document.view.selection == Unit(2, 1)
    image = view.grab().toImage()
    frame = view.diagram.layout.rect(Unit(2, 1))
    ring = QPointF(frame.left() - 2, frame.center().y()) * scale * image.devicePixelRatio()
    colours = {image.pixelColor(round(ring.x()) + dx, round(ring.y())).name() for dx in range(-2, 3)}
    assert theme.current().selected.name() in colours


@pytest.mark.parametrize("scale", SCALES)
def test_corners_of_the_style_sheet_stay_round(scale):
    """Qt draws no round corner whose radius is more than half of what has it."""
    sheet = measures.scaled_sheet("min-height: 24px; border: 1px solid; border-radius: 13px", scale)
    height, border, radius = (int(part.split(": ")[1].split("px")[0]) for part in sheet.split("; "))
    assert border == 1
    assert radius <= (height + 2 * border) / 2


def test_the_whole_screen_and_back(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    QTest.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: not window.isFullScreen())


def test_a_card_is_enlarged_by_key(window, qtbot):
    window.findChild(NetworkView).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window, Qt.Key.Key_M, CTRL)
    assert window.cards.enlarged == "Network"
    assert window.findChild(QAction, "enlarge_card").isChecked()
    QTest.keyClick(window, Qt.Key.Key_M, CTRL)
    assert window.cards.enlarged == ""


def test_the_layout_is_reset_by_its_action(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_5, CTRL)
    QTest.keyClick(window, Qt.Key.Key_6, CTRL)
    window.splitters["across"].setSizes([500, 400, 400])
    window.findChild(QAction, "reset_layout").trigger()
    assert window.is_panel_shown("Loss")
    assert not window.is_panel_shown("Settings")
    qtbot.waitUntil(lambda: window._panels["Data"].width() < 400)
    assert [label.text() for label in window._panels["Loss"].findChildren(QLabel) if label.isVisible()]


def bring(window, name):
    next(column for column in window.cards.columns.values() if name in column).bring_to_front(name)


def hidden(window):
    bring(window, "Output")
    window.document.view.set(shows="hidden", in_space=False)
    return window.findChild(HiddenView)


def box(window):
    bring(window, "Output")
    window.document.view.set(shows="output", in_space=True)
    return window.findChild(SpaceOutput)


def matrix(window):
    bring(window, "Loss")
    window.document.view.set(loss_page="confusion")
    return window.findChild(ConfusionView)


def timeline(window):
    window.document.changes.mark(None, Event(0, "what begins here", is_note=True))
    return window.findChild(TimelineBar)


def picture(widget, size):
    """Return what a widget looks like in a size, as levels of grey of shape (height, width) at the scale 1."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    image = image.scaled(size, mode=Qt.TransformationMode.SmoothTransformation)
    return np.array(image.constBits(), dtype=np.uint8).reshape(image.height(), -1)[:, : image.width()].astype(float)


@pytest.mark.parametrize(("shown", "most"), [(hidden, 0.05), (matrix, 0.03), (timeline, 0.006)])
def test_painted_texts_grow_with_all_others(window, shown, most, qtbot):
    widget = shown(window)
    qtbot.waitUntil(widget.isVisible)
    size = widget.size()
    at_one = picture(widget, size)
    theme.manager().set_scale(2.0)
    widget.resize(2 * size)
    assert (np.abs(picture(widget, size) - at_one) > 40).mean() < most


def test_formulas_grow_with_all_others(qtbot):
    view = FormulaView("Formulas")
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show_lines([r"z = \sum_i w_i a_i + b", "a = 2"])
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: view.is_ready)
    at_one = view.sizeHint()
    theme.manager().set_scale(2.0)
    view.resize(600, 400)
    qtbot.waitUntil(lambda: view.is_ready)
    assert view.sizeHint().height() == pytest.approx(2 * at_one.height(), abs=2)
    theme.manager().set_scale(1.0)


@pytest.mark.parametrize("scale", [0.8, 2.0])
def test_a_click_in_the_matrix_meets_the_cell_that_is_seen_there(window, scale, qtbot):
    theme.manager().set_scale(scale)
    widget = matrix(window)
    qtbot.waitUntil(widget.isVisible)
    row, column = np.argwhere(widget._counts)[-1]
    QTest.mouseClick(widget, LEFT, pos=widget.cell_rect(row, column).center().toPoint())
    assert len(window.document.view.selected_points) == widget._counts[row, column]
    window.document.view.select_points(np.empty(0, dtype=np.intp))


@pytest.mark.parametrize("scale", [0.8, 2.0])
def test_a_click_in_the_hidden_space_meets_the_point_that_is_seen_there(window, scale, qtbot):
    theme.manager().set_scale(scale)
    widget = hidden(window)
    qtbot.waitUntil(widget.isVisible)
    widget.grab()
    place = widget._seen.points[widget._seen.rows[-1]] * scale
    QTest.mouseClick(widget, LEFT, pos=QPointF(*place).toPoint())
    assert len(window.document.view.selected_points) == 1
    window.document.view.select_points(np.empty(0, dtype=np.intp))


@pytest.mark.parametrize("scale", [0.8, 2.0])
def test_the_mouse_over_the_box_means_the_place_that_is_seen_there(window, scale, qtbot):
    theme.manager().set_scale(scale)
    widget = box(window)
    qtbot.waitUntil(widget.isVisible)
    window.document.view.set(height="likeliest")
    widget.look_from(Camera(-90.0, 90.0))
    widget.grab()
    middle = widget.plot.center() * scale
    met = widget.met(QPointF(middle.x(), middle.y()) / scale)
    beside = widget.met((middle + QPointF(40.0, 0.0)) / scale)
    assert beside[0] - met[0] == pytest.approx(40.0 * widget.units_per_pixel, rel=0.1)


def test_the_ticks_of_the_plane_stand_as_far_apart_as_their_texts_are_large(qtbot):
    view = PlaneView("Plane", grid=True)
    qtbot.addWidget(view)
    view.resize(300, 300)
    with qtbot.waitExposed(view):
        view.show()
    pitches = []
    for scale in (1.0, 2.0):
        theme.manager().set_scale(scale)
        ((pitch, _),) = view.getAxis("bottom").tickValues(-6.0, 6.0, 300.0)
        pitches.append(pitch)
    theme.manager().set_scale(1.0)
    assert pitches[1] >= 2 * pitches[0]


def test_plots_have_room_that_grows_as_their_letters_do(window):
    plots = [window.findChild(ReadPlot, name) for name in ("loss_view", "accuracy_view")]
    heights = []
    for scale in (1.0, 2.0, 1.0):
        theme.manager().set_scale(scale)
        curve, accuracy = (plot.minimumHeight() for plot in plots)
        assert curve == accuracy >= 96 * scale
        heights.append(curve)
    assert heights[2] == heights[0]
