import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from gui.items.diagram_layout import DiagramLayout
from model.network.parts import Edge, Unit

AREA = QRectF(0, 50, 760, 420)
SMALL_AREA = QRectF(0, 50, 420, 230)
LARGEST = (2, *(64,) * 10, 8)

shapes = st.lists(st.integers(1, 64), min_size=0, max_size=10).map(lambda hidden: (2, *hidden, 3))
areas = st.sampled_from([AREA, SMALL_AREA, QRectF(0, 0, 1200, 700)])


def all_edges(layout):
    return np.arange(len(layout.edges))


@settings(max_examples=40)
@given(shapes, areas)
def test_every_network_fits_and_no_neuron_lies_on_another(sizes, area):
    layout = DiagramLayout(sizes, area)
    assert [len(rects) for rects in layout.rects] == list(sizes)
    outline = area.adjusted(-1, -1, 1, 1)
    for rects in layout.rects:
        assert all(outline.contains(rect) for rect in rects)
        for above, below in itertools.pairwise(rects):
            assert above.top() < below.top()
            assert above.bottom() <= below.top() + 1 or above.height() <= 4
    for left, right in itertools.pairwise(layout.rects):
        assert left[0].right() < right[0].left()


@pytest.mark.parametrize("sizes", [(2, 2), (2, 6, 5, 3), (2, 1, 1)])
def test_each_neuron_is_found_in_its_square_and_beside_it_none(sizes):
    layout = DiagramLayout(sizes, AREA)
    for layer, size in enumerate(sizes):
        for index in range(size):
            rect = layout.rect(Unit(layer, index))
            assert layout.unit_at(rect.center()) == Unit(layer, index)
            assert layout.unit_at(rect.center() + QPointF(rect.width(), 0)) is None


def test_each_neuron_of_the_largest_network_is_found():
    layout = DiagramLayout(LARGEST, AREA)
    for layer, index in ((0, 1), (1, 0), (5, 31), (10, 63), (11, 7)):
        assert layout.unit_at(layout.rect(Unit(layer, index)).center()) == Unit(layer, index)


@pytest.mark.parametrize("sizes", [(2, 2), (2, 4, 3), (2, 6, 5, 3)])
def test_each_weight_is_found_on_its_curve(sizes):
    layout = DiagramLayout(sizes, AREA)
    for number in range(len(layout.edges)):
        edge = Edge(*layout.edges[number].tolist())
        assert layout.number(edge) == number
        alone = np.array([number])
        for share in (0.05, 0.4, 0.8):
            assert layout.edge_at(layout.path(number).pointAtPercent(share), alone) == edge
        # Near its start a curve has no other within reach but those of the same neuron.
        found = layout.edge_at(layout.path(number).pointAtPercent(0.3), all_edges(layout))
        assert found is not None
        assert found.layer == edge.layer


def test_the_nearest_weight_is_found():
    layout = DiagramLayout((2, 2), AREA)
    upper, lower = layout.path(0).pointAtPercent(0.5), layout.path(3).pointAtPercent(0.5)
    assert layout.edge_at(upper + QPointF(0, 3), all_edges(layout)) == Edge(0, 0, 0)
    assert layout.edge_at(lower - QPointF(0, 3), all_edges(layout)) == Edge(0, 1, 1)


def test_far_from_all_or_without_any_there_is_none():
    layout = DiagramLayout((2, 2), AREA)
    assert layout.edge_at(QPointF(AREA.center().x(), AREA.top() + 5), all_edges(layout)) is None
    assert layout.edge_at(layout.path(0).pointAtPercent(0.5), np.array([], dtype=np.intp)) is None


def test_a_weight_that_is_not_drawn_is_not_found():
    layout = DiagramLayout((2, 2), AREA)
    assert layout.edge_at(layout.path(0).pointAtPercent(0.5), np.array([3])) is None


def test_the_first_and_the_last_layer_make_room_for_names():
    usual, first, last = (
        DiagramLayout([2, 3, 2], AREA, **margins).columns
        for margins in ({}, {"left_margin": 90.0}, {"right_margin": 90.0})
    )
    assert (first[0], first[-1]) == (AREA.left() + 90.0, usual[-1])
    assert (last[0], last[-1]) == (usual[0], AREA.right() - 90.0)


def test_dashes_lie_on_the_curve():
    layout = DiagramLayout([2, 3, 2], AREA)
    path, dashes = layout.path(2), layout.dashed_path(2, 6.0, 4.0)
    curve = np.array([path.pointAtPercent(share).toTuple() for share in np.linspace(0, 1, 800)])
    points = np.array([(dashes.elementAt(i).x, dashes.elementAt(i).y) for i in range(dashes.elementCount())])
    assert np.hypot(*(points[:, np.newaxis] - curve).transpose(2, 0, 1)).min(axis=1).max() < 0.7
    drawn = sum(np.hypot(*np.diff(dash, axis=0).T).sum() for dash in points.reshape(-1, 3, 2))
    assert drawn == pytest.approx(0.6 * path.length(), rel=0.06)
