import sys
import threading

import pytest
from PySide6.QtWidgets import QWidget

from gui.items.ahead import Ahead
from gui.items.diagram_colours import map_images
from gui.items.surface_item import surface_image, surface_lines

KEPT = (surface_image, surface_lines, map_images)


class TestAhead:
    @pytest.fixture
    def done(self):
        return []

    @pytest.fixture
    def view(self, document, bare_window, done):
        view = QWidget(bare_window)
        view.setObjectName("view")
        ahead = Ahead(document.run, view)
        ahead.have_done(lambda snapshot: done.append((snapshot, threading.current_thread())))
        view.show()
        return view

    def test_the_thread_does_it_before_the_window_has_the_snapshot(self, view, document, done, qtbot):
        known = []
        document.run.displayed_changed.connect(lambda: known.append(any(document.displayed is s for s, _ in done)))
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        assert known[-1]
        assert threading.main_thread() not in {thread for _, thread in done}

    def test_nothing_is_done_for_what_is_hidden(self, view, document, done, answered):
        view.hide()
        answered(document)
        done.clear()
        document.run.step()
        answered(document)
        assert document.displayed.step == 1
        assert not done
        view.show()
        answered(document)
        assert done[-1][0] is document.displayed

    def test_other_work_takes_its_place(self, document, bare_window, done, answered):
        view = QWidget(bare_window)
        view.setObjectName("view")
        ahead, others = Ahead(document.run, view), []
        ahead.have_done(done.append)
        view.show()
        answered(document)
        ahead.have_done(others.append)
        answered(document)
        done.clear()
        document.run.step()
        answered(document)
        assert not done
        assert others[-1] is document.displayed


def test_what_a_window_shows_is_computed_in_its_training_thread(window, answered, monkeypatch):
    document = window.document
    answered(document)
    threads = []
    for name in ("gui.items.surface_item.class_margins", "gui.items.diagram_colours.class_shades"):
        module, _, function = name.rpartition(".")
        compute = getattr(sys.modules[module], function)
        monkeypatch.setattr(
            name, lambda *given, compute=compute: (threads.append(threading.current_thread()), compute(*given))[1]
        )
    document.run.step()
    answered(document)
    window.grab()
    assert document.displayed.step == 1
    assert len(threads) > 1
    assert threading.main_thread() not in threads


def test_what_a_window_hides_is_not_computed(window, answered):
    document = window.document
    for name in ("Output", "Network"):
        window.show_panel(name, False)
    answered(document)
    before = [kept.cache_info().misses for kept in KEPT]
    for _ in range(3):
        document.run.step()
    answered(document)
    assert document.displayed.step == 3
    assert [kept.cache_info().misses for kept in KEPT] == before
    window.show_panel("Output", True)
    answered(document)
    surface_lines(document.displayed.surface)
    assert surface_lines.cache_info().misses > before[1]
