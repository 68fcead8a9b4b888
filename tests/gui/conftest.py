"""What the window's tests share: a screen or none, guards, a document, a window, and a hand with a real mouse."""

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial, partialmethod
from types import SimpleNamespace

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.actions.actions import Actions
from gui.actions.series import PANELS
from gui.app import SWITCH_INTERVAL_SECONDS
from gui.document.document import Document
from gui.document.view import ViewSettings
from gui.items.plane_view import PlaneView
from gui.items.probed import Probed
from gui.main_window import MainWindow
from gui.program import startup
from model.experiment import Experiment
from model.network.parts import Unit
from model.run.snapshot import Plane
from tests.gui.guards import keep_settings_in, looks_as_at_first, nothing_left_running, own_settings  # noqa: F401  # fixtures
from tests.gui.mouse import move_mouse, wait_until_told

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
WHEEL_NOTCH = 120
PATIENCE_MS = 30_000


def choose_screen() -> str:
    """Choose where the windows of this process appear, before there is an application, and return a word on it.

    Windows of several processes on one screen would take each other's focus. So each worker of pytest-xdist gets a
    screen of NETCANVAS_TEST_DISPLAYS, such as ":91 :92", which .ci/run makes for it, or draws off screen.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    displays = os.environ.get("NETCANVAS_TEST_DISPLAYS", "").split()
    if worker and displays:
        os.environ["DISPLAY"] = displays[int(worker) % len(displays)]
    problem = "one of several processes" if worker and not displays else startup.find_problem()
    if problem is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    reason = f" ({problem})" if problem is not None else ""
    return f"screen: {os.environ.get('QT_QPA_PLATFORM') or 'the one that is there'}{reason}"


SCREEN = choose_screen()


def pytest_report_collectionfinish() -> str:
    return SCREEN


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("QT_QPA_PLATFORM", "").startswith("offscreen"):
        # It says so of every window with a least size, and each would be a failure by what follows.
        config.addinivalue_line("qt_log_ignore", "This plugin does not support (propagateSizeHints|raise|grabbing)")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Fail each test in which Qt warns. Said here and not in pyproject.toml, for the model's tests do without Qt.

    A window manager answers when it has time: on a busy machine a test of a window is tried once more.
    """
    item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
    item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Pause what a test lets train: pytest-qt then handles events until there are none, and drawing brings new ones."""
    # In a function of its own: a name here would hold the last widget while the guards look for what is left behind.
    pause_windows()
    return (yield)


def pause_windows() -> None:
    for widget in QApplication.topLevelWidgets() if QApplication.instance() is not None else ():
        if isinstance(widget, MainWindow):
            widget.document.run.set_playing(False)


class PatientBot(QtBot):
    """Waits long enough for a machine that has much else to do, where pytest-qt gives up after five seconds."""

    waitUntil = partialmethod(QtBot.waitUntil, timeout=PATIENCE_MS)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=PATIENCE_MS)
    waitExposed = partialmethod(QtBot.waitExposed, timeout=PATIENCE_MS)

    @contextmanager
    def waitActive(self, widget: QWidget) -> Iterator[None]:
        """Wait until a window itself has the keyboard. Qt calls a dialog active already when its parent window is."""
        yield
        self.waitUntil(lambda: QApplication.activeWindow() is widget)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True, scope="session")
def switch_interval() -> Iterator[None]:
    """Let the threads take turns as often as in the program."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    """A document alone, with its thread."""
    document = Document()
    document.view.set(speed=None)
    yield document
    document.close()
    document.deleteLater()


@pytest.fixture
def probed(document: Document) -> Probed:
    """What a window computes at the probe point of a document."""
    return Probed(document.run, document.view, document.probe, document)


class WindowStub:
    """What actions need of a window, about a document alone."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.hints = SimpleNamespace(are_shown=False)
        self.tables = SimpleNamespace(has_decimal_comma=False)

    enlarged_panel = ""

    def is_panel_shown(self, name: str) -> bool:
        return True

    def may_show(self, name: str) -> bool:
        return True

    def isFullScreen(self) -> bool:
        return False


@pytest.fixture
def actions(document: Document) -> Iterator[Actions]:
    """The actions, of which those that need no window can be triggered."""
    owner = QObject()
    yield Actions(WindowStub(document), owner)
    owner.deleteLater()


@pytest.fixture
def bare_window(qtbot: QtBot) -> Iterator[QMainWindow]:
    """A window without any panel."""
    theme.manager()
    window = QMainWindow()
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def answered(qtbot: QtBot) -> Callable[[Document], None]:
    """Wait until the thread has answered everything that a document has sent so far."""
    counter = itertools.count(1)

    def wait(document: Document) -> None:
        # Messages are taken in their order, so a snapshot of this odd plane comes after all that was sent before.
        plane = Plane(x_max=6.0 + next(counter) * 1e-9)

        def has_answered() -> bool:
            document.view.look_at(plane)  # Again, because a view that gets another size asks for its own plane.
            return document.displayed.surface.plane == plane

        qtbot.waitUntil(has_answered)

    return wait


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Build a window and show it, active, the mouse at its lower right corner; all are closed at the end."""
    windows: list[MainWindow] = []

    def make(width: int | None = 1280, height: int = 800) -> MainWindow:
        window = MainWindow()
        window.document.view.set(speed=None)
        windows.append(window)
        if width is not None:
            window.resize(width, height)
        with qtbot.waitExposed(window):
            window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        put_mouse_aside(window)
        return window

    yield make
    for window in windows:
        end(window)


def end(window: MainWindow) -> None:
    window.files.forget_changes()
    window.close()
    window.deleteLater()
    for view in window.findChildren(pg.PlotWidget):
        delete_menu(view)


def put_mouse_aside(window: QWidget) -> None:
    """Move the screen's own mouse to the lower right corner, where its events disturb nothing."""
    shown = window.screen().availableGeometry().intersected(window.frameGeometry())
    corner = window.mapToGlobal(window.rect().bottomRight() - QPoint(1, 1))
    corner = QPoint(min(corner.x(), shown.right()), min(corner.y(), shown.bottom()))
    wait_until_told(corner, partial(QCursor.setPos, corner))


QTest.mouseMove = move_mouse


@pytest.fixture
def mouse_aside() -> Callable[[QWidget], None]:
    return put_mouse_aside


def delete_menu(view: pg.PlotWidget) -> None:
    """Delete the menu of one of pyqtgraph's plots, which has no parent."""
    view.getPlotItem().ctrlMenu.deleteLater()


@pytest.fixture
def keep_plot() -> Iterator[Callable[[pg.PlotWidget], pg.PlotWidget]]:
    """Give a plot back, and close it at the end."""
    plots: list[pg.PlotWidget] = []

    def keep(plot: pg.PlotWidget) -> pg.PlotWidget:
        plots.append(plot)
        return plot

    yield keep
    for plot in plots:
        delete_menu(plot)
        plot.close()
        plot.deleteLater()


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    """The window, shown and active."""
    return make_window()


@pytest.fixture(scope="module")
def module_window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window for all tests of a module; each gets it by `shared_window`."""
    folder = tmp_path_factory.mktemp("module_window")
    with pytest.MonkeyPatch.context() as patches:
        patches.setenv("XDG_STATE_HOME", str(folder))
        keep_settings_in(folder)
        window = MainWindow()
    window.document.view.set(speed=None)
    window.resize(1280, 800)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    yield window
    end(window)


@pytest.fixture(scope="module")
def first_experiment(module_window: MainWindow) -> Experiment:
    """What the window begins with."""
    return module_window.document.experiment()


@pytest.fixture
def shared_window(
    module_window: MainWindow, first_experiment: Experiment, answered: Callable[[Document], None], qtbot: QtBot
) -> MainWindow:
    """The module's window as a new one would be: for tests that do not close it."""
    window, document = module_window, module_window.document
    for dialog in window.findChildren(QDialog):
        dialog.close()
    for run in document.pins.runs:
        document.pins.unpin(run)
    document.open_experiment(first_experiment)
    document.view.set(**asdict(ViewSettings(speed=None)))
    document.view.set_cursor(None)
    document.view.hover(None)
    document.view.select(Unit(1, 0))
    for name in PANELS:
        window.show_panel(name, name != "Settings")
    window.files.forget_changes()
    window.statusBar().clearMessage()
    with qtbot.waitActive(window):
        window.activateWindow()
    window.setFocus()
    put_mouse_aside(window)
    answered(document)
    return window


class PlaneHand:
    """Uses the mouse on a view of the plane; places are in data units."""

    def __init__(self, view: PlaneView) -> None:
        self.view = view

    def at(self, x: float, y: float) -> QPoint:
        """Return the pixel nearest to a place."""
        return self.view.from_plane(QPointF(x, y)).toPoint()

    def click(self, x: float, y: float, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> QPoint:
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, self.at(x, y))
        return self.at(x, y)

    def double_click(self, x: float, y: float) -> None:
        """Send all four events of a double click: QTest sends the third alone."""
        viewport, pixel = self.view.viewport(), self.at(x, y)
        QTest.mouseClick(viewport, LEFT, NO_MODIFIER, pixel)
        QTest.mouseDClick(viewport, LEFT, NO_MODIFIER, pixel)
        QTest.mouseRelease(viewport, LEFT, NO_MODIFIER, pixel)

    def press(self, x: float, y: float, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        QTest.mousePress(self.view.viewport(), LEFT, modifiers, self.at(x, y))

    def move(self, x: float, y: float) -> None:
        QTest.mouseMove(self.view.viewport(), self.at(x, y))

    def release(self, x: float, y: float) -> None:
        QTest.mouseRelease(self.view.viewport(), LEFT, NO_MODIFIER, self.at(x, y))

    def drag(self, *places: tuple[float, float], modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """Press at the first place, move over all, release at the last."""
        self.press(*places[0], modifiers)
        for place in places[1:]:
            self.move(*place)
        self.release(*places[-1])

    def pan(self, start: QPoint, end: QPoint) -> None:
        """Drag with the middle button, from pixel to pixel."""
        viewport = self.view.viewport()
        QTest.mousePress(viewport, MIDDLE, NO_MODIFIER, start)
        QTest.mouseMove(viewport, (start + end) / 2)
        QTest.mouseMove(viewport, end)
        QTest.mouseRelease(viewport, MIDDLE, NO_MODIFIER, end)

    def wheel(self, pixel: QPoint, notches: int) -> None:
        """Turn the wheel; away from the person is positive."""
        turn_wheel(self.view.viewport(), pixel, notches)


def turn_wheel(widget: QWidget, pixel: QPoint, notches: int) -> None:
    """QTest has no wheel for widgets."""
    event = QWheelEvent(
        QPointF(pixel),
        QPointF(widget.mapToGlobal(pixel)),
        QPoint(),
        QPoint(0, WHEEL_NOTCH * notches),
        Qt.MouseButton.NoButton,
        NO_MODIFIER,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.fixture
def wheel() -> Callable[[QWidget, QPoint, int], None]:
    """Turn the mouse wheel over a widget."""
    return turn_wheel


@pytest.fixture
def hand_on() -> type[PlaneHand]:
    """Use the mouse on a view of the plane."""
    return PlaneHand


@pytest.fixture
def canvas(window: MainWindow) -> PlaneHand:
    """The mouse on the data canvas of a window."""
    view = window.findChild(PlaneView, "data_canvas")
    assert view is not None
    return PlaneHand(view)


@pytest.fixture
def answer_box() -> Callable[[QWidget, QMessageBox.StandardButton | str], str]:
    """Press a button of the one message box that is open in front of a window; return what the box says."""

    def press(window: QWidget, wanted: QMessageBox.StandardButton | str) -> str:
        (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
        sentence = f"{box.text()} {box.informativeText()}".strip()
        (button,) = [button for button in box.buttons() if wanted in (button.text(), box.standardButton(button))]
        QTest.mouseClick(button, LEFT)
        return sentence

    return press


@pytest.fixture
def named() -> Callable[..., QWidget]:
    """Find the one widget of a window that has an accessible name."""

    def find(window: QWidget, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        found = [widget for widget in window.findChildren(kind) if widget.accessibleName() == name]
        assert len(found) == 1, f"{len(found)} widgets are called {name!r}"
        return found[0]

    return find
