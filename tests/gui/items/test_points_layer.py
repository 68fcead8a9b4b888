import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QImage

from gui import theme
from gui.items.points_layer import MARKERS, PointsLayer, marker_path, value_colour
from model import Dataset
from model.data.dataset import MAX_CLASSES
from model.walk.pages import Lit

LIGHT = theme.named("light")


@pytest.fixture
def view(qapp, keep_plot):
    view = keep_plot(pg.PlotWidget())
    view.resize(240, 240)
    view.setBackground(LIGHT.panel)
    view.setRange(xRange=(-6, 6), yRange=(-6, 6), padding=0)
    for axis in ("left", "bottom"):
        view.hideAxis(axis)
    return view


@pytest.fixture
def layer(view):
    return PointsLayer(view)


def pixels(view):
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.width()).copy()


def places_of(view, colour):
    """Return the rows and columns of the pixels that have a colour."""
    return np.nonzero(pixels(view) == colour.rgb())


def eight_classes(is_test=None):
    x = np.linspace(-5, 5, 8)
    return Dataset(np.stack([x, x], axis=1), np.arange(8), is_test)


def test_each_class_has_a_marker_of_its_own():
    assert len(set(MARKERS)) == len(MARKERS) == MAX_CLASSES
    outlines = [marker_path(index) for index in range(MAX_CLASSES)]
    assert all(0.5 < outline.boundingRect().width() < 1.5 for outline in outlines)


@pytest.mark.parametrize("test_points", [False, True])
def test_each_point_is_drawn_at_its_place_in_its_colour(view, layer, test_points):
    dataset = eight_classes([test_points] * 8)
    layer.show(dataset, LIGHT)
    for class_index, (x, y) in enumerate(dataset.points):
        rows, columns = places_of(view, LIGHT.classes[class_index])
        assert len(rows) > 3
        assert columns.mean() == pytest.approx((x + 6) * 20, abs=2)
        assert rows.mean() == pytest.approx((6 - y) * 20, abs=3)


def test_test_points_are_rings_and_can_be_hidden(view, layer):
    dataset = Dataset([[-3, 0], [3, 0]], [0, 0], [False, True])
    layer.show(dataset, LIGHT)
    image = pixels(view)
    assert image[120, 60] == LIGHT.classes[0].rgb()
    assert image[120, 180] == LIGHT.panel.rgb(), "a ring is hollow"
    layer.show(dataset, LIGHT, test_points=False)
    image = pixels(view)
    assert image[120, 60] == LIGHT.classes[0].rgb()
    assert (image[100:140, 160:200] == LIGHT.panel.rgb()).all()


def test_selected_points_have_a_halo(view, layer):
    dataset = Dataset([[-3, 0], [3, 0]], [1, 1])
    layer.show(dataset, LIGHT)
    assert len(places_of(view, LIGHT.selected)[0]) == 0
    layer.show(dataset, LIGHT, selected=np.array([1]))
    rows, columns = places_of(view, LIGHT.selected)
    assert np.hypot(columns - 180, rows - 120).mean() == pytest.approx(8, abs=3)


def test_only_the_scatter_that_changed_is_drawn_anew(view, layer, monkeypatch):
    drawn = []
    layer.show(eight_classes(), LIGHT)
    original = pg.ScatterPlotItem.setData

    def set_data(item, *args, **options):
        drawn.append(options.get("symbol"))
        original(item, *args, **options)

    monkeypatch.setattr(pg.ScatterPlotItem, "setData", set_data)
    more = Dataset([*eight_classes().points, (0.0, 3.0)], [*range(8), 2])
    layer.show(more, LIGHT)
    assert drawn.count(MARKERS[2]) == 1
    assert not set(drawn) & {MARKERS[1], MARKERS[3]}


@pytest.mark.parametrize("order", [range(7), reversed(range(7))])
def test_a_later_class_lies_on_top_whichever_was_drawn_first(view, layer, order):
    for class_index in order:
        layer.show(Dataset([[0, 0]], [class_index]), LIGHT)
    layer.show(Dataset(np.zeros((7, 2)), np.arange(7)), LIGHT)
    assert pixels(view)[120, 120] == LIGHT.classes[6].rgb()


def test_larger_values_and_training_points_lie_on_top(view, layer):
    layer.show(Dataset(np.zeros((4, 2)), [0.5, -0.25, 1.0, -1.0], [False, False, True, True]), LIGHT)
    assert pixels(view)[120, 120] == value_colour(0.5, LIGHT).rgb()


def test_points_that_are_gone_are_not_drawn(view, layer):
    layer.show(eight_classes(), LIGHT)
    layer.show(Dataset([], []), LIGHT)
    assert (pixels(view) == LIGHT.panel.rgb()).all()


def test_the_other_theme_draws_other_edges(view, layer):
    dataset = Dataset([[0, 0]], [0])
    images = []
    for name in ("light", "dark"):
        layer.show(dataset, theme.named(name))
        images.append(pixels(view)[110:131, 110:131])
    assert (images[0] != images[1]).any()


def test_5000_points_are_drawn_smaller(view, layer):
    layer.show(Dataset([[0, 0]], [0]), LIGHT)
    alone = len(places_of(view, LIGHT.classes[0])[0])
    many = np.concatenate([np.zeros((1, 2)), np.full((4999, 2), 5.0)])
    layer.show(Dataset(many, np.zeros(5000)), LIGHT)
    in_the_middle = pixels(view)[100:140, 100:140] == LIGHT.classes[0].rgb()
    assert 3 < np.count_nonzero(in_the_middle) < 0.7 * alone


def test_another_theme_shows_the_same_points_in_its_colours(view, layer):
    dark, dataset = theme.named("dark"), Dataset([[0.0, 0.0], [3.0, 3.0]], [-1.0, 1.0], [True, True])
    layer.show(dataset, LIGHT)
    assert len(places_of(view, LIGHT.panel)[0]) > 0
    before = places_of(view, value_colour(-1.0, LIGHT))
    view.setBackground(dark.panel)
    layer.show(dataset, dark)
    after = places_of(view, value_colour(-1.0, dark))
    assert len(after[0]) > 3
    for axis in (0, 1):
        assert after[axis].mean() == pytest.approx(before[axis].mean(), abs=1)


def test_many_points_in_another_theme_are_as_many_pictures_as_there_are_looks(view, layer):
    generator = np.random.default_rng(0)
    dataset = Dataset(generator.uniform(-6, 6, (20_000, 2)), generator.integers(0, 3, 20_000))
    layer.show(dataset, LIGHT)
    looks = [scatter.fragmentAtlas for scatter in layer._scatters.values()]
    layer.show(dataset, theme.named("dark"))
    assert [len(atlas) for atlas in looks] == [2] * 3
    for scatter in layer._scatters.values():
        assert len(np.unique(scatter.data["sourceRect"])) == 1


def test_points_of_a_batch_have_a_ring(view, layer):
    dataset = eight_classes()
    layer.show(dataset, LIGHT)
    assert not len(places_of(view, LIGHT.text)[0])
    layer.show(dataset, LIGHT, lit=Lit(points=(1, 99)))
    rows, columns = places_of(view, LIGHT.text)
    x, y = dataset.points[1]

    assert columns.mean() == pytest.approx((x + 6) * 20, abs=2)
    assert rows.mean() == pytest.approx((6 - y) * 20, abs=3)
    layer.show(dataset, LIGHT)
    assert not len(places_of(view, LIGHT.text)[0])


def test_so_many_points_have_no_rings_that_nothing_else_would_be_seen(view, layer):
    places = np.random.default_rng(0).uniform(-5, 5, (500, 2))
    layer.show(Dataset(places, np.zeros(500, dtype=int), n_classes=2), LIGHT, lit=Lit(points=tuple(range(500))))
    assert not len(places_of(view, LIGHT.text)[0])
