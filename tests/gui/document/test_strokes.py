"""What belongs to one stroke or one drag of a slider is one step of undo."""

import itertools

import numpy as np
import pytest

from model.data.dataset import PLANE_LIMIT

GESTURES = itertools.count(1)


class TestStrokes:
    def test_one_stroke_is_one_step_of_undo(self, document):
        before = document.dataset
        document.changes.begin_stroke("brush")
        for _ in range(20):
            document.points.spray((1.0, 1.0), 3)
        document.changes.end_stroke()

        assert len(document.dataset) == len(before) + 60
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert document.dataset == before
        document.changes.redo()
        assert len(document.dataset) == len(before) + 60

    def test_a_stroke_without_an_edit_leaves_nothing_to_undo(self, document):
        document.changes.begin_stroke("erase points")
        document.points.remove("erase points", np.array([], dtype=int))
        document.changes.end_stroke()

        assert not document.changes.undo_stack.canUndo()

    def test_there_is_no_limit(self, document):
        before = document.dataset
        for index in range(300):
            document.points.add("place point", [(index / 100, 0.0)])
        for _ in range(300):
            document.changes.undo()

        assert document.dataset == before
        assert not document.changes.undo_stack.canUndo()

    def test_undo_during_a_stroke_ends_it(self, document):
        before = document.dataset
        document.changes.begin_stroke("brush")
        document.points.spray((0.0, 0.0), 5)
        document.changes.undo()

        assert document.dataset == before
        document.changes.redo()
        assert len(document.dataset) == len(before) + 5

    def test_another_change_during_a_stroke_undoes_in_its_order(self, document, what_undo_restores):
        states = [what_undo_restores(document)]
        document.changes.begin_stroke("brush")
        document.points.spray((0.0, 0.0), 5)
        states.append(what_undo_restores(document))
        document.points.regenerate()
        states.append(what_undo_restores(document))
        document.points.spray((0.0, 0.0), 3)
        document.changes.end_stroke()
        while document.changes.undo_stack.canUndo():
            document.changes.undo()
            assert what_undo_restores(document) == states[document.changes.undo_stack.index()]

    def test_points_stay_on_the_plane(self, document):
        document.view.set(brush_radius=3.0)
        document.points.spray((PLANE_LIMIT, -PLANE_LIMIT), 200)
        document.points.move(np.arange(5), np.full((5, 2), 100.0))

        assert np.abs(document.dataset.points).max() == PLANE_LIMIT

    def test_the_brush_covers_its_disk_evenly(self, document):
        n_before = len(document.dataset)
        document.view.set(brush_radius=2.0)
        document.points.spray((1.0, 1.0), 4000)
        distances = np.hypot(*(document.dataset.points[n_before:] - 1.0).T)

        assert distances.max() <= 2.0
        assert np.mean(distances < 1.0) == pytest.approx(0.25, abs=0.04)

    @pytest.mark.parametrize(("new_points", "n_training"), [("train", 200), ("test", 0)])
    def test_new_points_are_for_what_the_view_says(self, document, new_points, n_training):
        document.points.clear()
        document.view.set(new_points=new_points)
        document.points.add("brush", np.zeros((200, 2)))
        assert document.dataset.n_training == n_training


class TestGestures:
    def test_a_drag_of_a_slider_is_one_step(self, document, what_undo_restores):
        before = what_undo_restores(document)
        gesture = next(GESTURES)
        for noise in (0.2, 0.3, 0.4):
            document.points.generate(gesture, noise=noise)

        after = what_undo_restores(document)
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert what_undo_restores(document) == before
        document.changes.redo()
        assert what_undo_restores(document) == after

    def test_two_drags_are_two_steps(self, document):
        for _ in range(2):
            gesture = next(GESTURES)
            for noise in (0.2, 0.3):
                document.points.generate(gesture, noise=noise)

        assert document.changes.undo_stack.count() == 2

    @pytest.mark.parametrize("counts", [(4, 5), (2, 4, 2), (4, 3, 2)])
    def test_a_drag_over_numbers_of_classes_gives_every_weight_back(
        self, document, answered, counts, what_undo_restores
    ):
        before, parameters = what_undo_restores(document), document.displayed.network.parameters
        gesture = next(GESTURES)
        for n_classes in counts:
            document.points.generate(gesture, n_classes=n_classes)
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        answered(document)

        assert what_undo_restores(document) == before
        np.testing.assert_array_equal(document.displayed.network.parameters, parameters)
        document.changes.redo()
        answered(document)
        assert document.displayed.network.settings.n_classes == counts[-1]

    def test_a_weight_turned_for_long_is_one_step(self, trained, answered):
        before = trained.displayed.network.parameters
        gesture = next(GESTURES)
        for value in (1.0, 2.0, 3.0):
            trained.network.set_parameter(4, value, gesture)
        answered(trained)
        assert trained.displayed.network.parameters[4] == 3.0
        trained.changes.undo()
        answered(trained)

        np.testing.assert_array_equal(trained.displayed.network.parameters, before)
