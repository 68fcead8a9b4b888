import re
from dataclasses import replace

import numpy as np
import pytest
import resvg_py
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QFontInfo, QImage

from gui import theme
from gui.document.view import ViewSettings
from gui.export.page import PRINT_DPI, Page, encoded, image_of, limits
from gui.export.stills import LANDSCAPES, VIEWS, Stills, drawing, page_of, views_of
from gui.export.views import Scene, fitted
from gui.items.space.camera import Camera
from gui.items.space.view import SpaceView
from gui.theme import figure_font, named
from model import NetworkSettings
from model.data.generators import GeneratorSettings, generate
from model.data.naming import Axis, Naming
from model.run.record import record
from model.run.snapshot import Plane
from model.training.settings import first_setup

PT_PER_MM = 72 / 25.4
DRAWN = [name for name in VIEWS if name != "window"]

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support", extend=True), pytest.mark.usefixtures("qapp")]


def trained(name):
    run = record(first_setup(generate(GeneratorSettings(name=name))), 60)
    return Scene(run.moment, run.moment.dataset, run.curve)


@pytest.fixture(scope="module")
def classes():
    return trained("spiral")


@pytest.fixture(scope="module")
def values():
    return trained("sine")


@pytest.fixture(scope="module")
def curve():
    return trained("two_sigmoids")


@pytest.fixture
def stills(shared_window):
    document = shared_window.document
    return Stills(shared_window, document.run, document.view, document.pins, document.probe, document.landscape)


def with_names(scene, naming):
    dataset = scene.dataset.named(naming)
    return replace(scene, moment=scene.moment.with_dataset(dataset), dataset=dataset)


def grey(image):
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(np.float64)


def in_another_program(svg, size):
    """Return an SVG as resvg draws it, which knows nothing of Qt's."""
    family = QFontInfo(figure_font(12)).family()
    options = {"width": size.width(), "height": size.height(), "dpi": 96.0, "sans_serif_family": family}
    drawn = QImage.fromData(bytes(resvg_py.svg_to_bytes(svg_string=svg.decode(), **options)))
    return drawn.scaled(size)


def picture(name, scene, scheme="light", width=None, unit="px"):
    colours = named(scheme)
    page = page_of(name, scene, colours, width, unit)
    paint = drawing(name, scene, colours, page)
    return page, image_of(page, paint, colours.panel), encoded(page, "svg", paint, colours.panel)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "unit"), [(None, "px"), (85, "mm")])
def test_another_program_draws_an_svg_as_the_pixels_are(classes, name, scheme, width, unit):
    page, pixels, svg = picture(name, classes, scheme, width, unit)
    drawn = in_another_program(svg, pixels.size())
    # Lines that are as wide as the whole drawing is scaled made a difference of 13 to 28.
    assert np.abs(grey(drawn) - grey(pixels)).mean() < 2.5
    assert b"non-scaling-stroke" not in svg
    assert len(np.unique(grey(pixels))) > 20
    assert pixels.size() == page.pixels


@pytest.mark.parametrize("name", [name for name in DRAWN if name != "confusion"])
def test_so_it_is_with_values(values, name):
    _, pixels, svg = picture(name, values)
    assert np.abs(grey(in_another_program(svg, pixels.size())) - grey(pixels)).mean() < 2.5


@pytest.mark.parametrize("name", [name for name in DRAWN if name not in ("confusion", "space")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_so_it_is_with_a_curve(curve, name, scheme):
    _, pixels, svg = picture(name, curve, scheme)
    assert np.abs(grey(in_another_program(svg, pixels.size())) - grey(pixels)).mean() < 2.5
    assert len(np.unique(grey(pixels))) > 20


def test_a_curve_s_parts_are_drawn_and_named_or_left_out(curve):
    whole, alone = (picture("output", replace(curve, terms=terms))[2] for terms in (True, False))
    assert b">a\xc2\xb7w of each neuron<" in whole
    assert b">a\xc2\xb7w of each neuron<" not in alone
    assert b"stroke-dasharray" in whole
    assert b"stroke-dasharray" not in alone
    assert whole.count(b"<path") >= alone.count(b"<path") + curve.moment.network.layer_sizes[-2]


def test_beside_a_curve_stand_heights(curve):
    for name in ("output", "data"):
        svg = picture(name, curve)[2]
        assert b">1.5<" in svg
        assert b">6<" in svg
        assert b">5<" not in svg


@pytest.mark.parametrize(
    ("name", "missing"), [("spiral", set()), ("sine", {"confusion"}), ("two_sigmoids", {"confusion", "space"})]
)
def test_what_there_is_no_picture_of_is_not_offered(name, missing):
    assert set(VIEWS) - set(views_of(generate(GeneratorSettings(name=name)))) == missing


@pytest.mark.parametrize(("unit", "mm"), [("mm", 1.0), ("pt", 1 / PT_PER_MM), ("px", 25.4 / 96)])
@pytest.mark.parametrize("width", [85, 120.5, 251.3])
def test_a_page_is_exactly_as_wide_as_was_asked(classes, unit, mm, width):
    width = max(width, limits(unit)[0])
    colours = named("light")
    page = page_of("loss", classes, colours, width, unit)
    paint = drawing("loss", classes, colours, page)
    height = width * page.aspect
    pdf, svg = (encoded(page, kind, paint, colours.panel) for kind in ("pdf", "svg"))
    left, bottom, right, top = map(float, re.search(rb"/MediaBox \[(\S+) (\S+) (\S+) (\S+?) *\]", pdf).groups())
    assert (right - left, top - bottom) == pytest.approx((width * mm * PT_PER_MM, height * mm * PT_PER_MM), abs=2e-4)
    shown = re.search(rb'<svg width="(\S+)mm" height="(\S+)mm"', svg).groups()
    assert tuple(map(float, shown)) == pytest.approx((width * mm, height * mm), abs=0.006)


def test_the_parts_of_a_pdf_are_where_its_table_says(classes):
    colours = named("light")
    page = page_of("loss", classes, colours, 91.7, "mm")
    pdf = encoded(page, "pdf", drawing("loss", classes, colours, page), colours.panel)
    start = int(re.search(rb"startxref\s+(\d+)", pdf)[1])
    assert pdf[start : start + 4] == b"xref"
    for number, offset in enumerate(re.findall(rb"^(\d{10}) \d{5} n", pdf, re.MULTILINE), start=1):
        assert pdf[int(offset) :].startswith(b"%d 0 obj" % number)


def test_pixels_of_paper_know_how_many_there_are_to_the_inch(classes):
    _, pixels, _ = picture("loss", classes, width=85, unit="mm")
    assert pixels.width() == round(85 / 25.4 * PRINT_DPI)
    assert pixels.dotsPerMeterX() == pytest.approx(PRINT_DPI / 0.0254, abs=4)


@pytest.mark.parametrize(("width", "unit"), [(1, "mm"), (2000, "mm"), (float("nan"), "px")])
def test_a_width_that_cannot_be_drawn_is_refused(width, unit):
    with pytest.raises(ValueError, match=r"width must be .* to .*; got"):
        Page(width, unit)


def test_letters_are_as_high_on_paper_whatever_its_width(classes):
    def heights(width):
        svg = picture("loss", classes, width=width, unit="mm")[2]
        page, units = re.search(rb'width="(\S+)mm".*\n viewBox="0 0 (\S+) ', svg).groups()
        sizes = re.findall(rb'<text [^>]*font-size="(\S+)"', svg)
        return {round(float(size) * float(page) / float(units) * PT_PER_MM, 2) for size in sizes}

    assert heights(85) == heights(170)
    assert min(heights(85)) >= 7


def test_a_figure_has_all_panels_and_one_key(classes):
    for width in (85, 170):
        svg = picture("figure", classes, width=width, unit="mm")[2].decode()
        texts = re.findall(r"<text [^>]*>([^<]*)</text>", svg)
        for text in ("a", "b", "c", "test points", "training", "test"):
            assert texts.count(text) == 1, text
        assert {"input", "tanh", "softmax"} <= set(texts)
        assert texts.count("A") == 2, "once beside its output, once in the key"


def test_layers_that_stand_close_have_one_caption_for_all():
    dataset = generate(GeneratorSettings())
    activations = ("tanh",) * 6 + ("relu", "tanh")
    network = NetworkSettings((2, *(4,) * 8, 3), activations, "softmax")
    run = record(replace(first_setup(dataset), network=network), 1)
    svg = picture("network", Scene(run.moment, dataset, run.curve), width=85, unit="mm")[2].decode()
    assert ">input → 6 × tanh → ReLU → tanh → softmax</text>" in svg


def test_names_of_classes_stand_in_the_key(classes):
    svg = picture("output", with_names(classes, Naming(classes=("setosa", "a < b", "virginica"))))[2].decode()
    assert "setosa" in svg
    assert "a &lt; b" in svg


def test_test_points_can_be_left_out(classes):
    svg = picture("figure", replace(classes, test_points=False))[2].decode()
    assert ">test points<" not in svg
    assert ">test<" not in svg


def test_all_of_a_part_of_the_plane_is_seen_to_one_scale(classes):
    part = Plane(-1.0, 1.0, 0.0, 4.0)
    page = page_of("output", replace(classes, output_plane=part), named("light"))
    assert page.aspect > 1.5
    assert page_of("output", classes, named("light")).aspect == pytest.approx(1, abs=0.05)
    wide = fitted(part, QImage(200, 100, QImage.Format.Format_RGB32).rect().toRectF())
    assert (wide.y_min, wide.y_max) == (0.0, 4.0)
    assert (wide.x_max - wide.x_min) == pytest.approx(8.0)


def test_a_view_is_drawn_as_the_window_looks_at_it(shared_window, stills):
    view, canvas = shared_window.document.view, shared_window.findChild(QObject, "output_view")
    canvas.zoom(0.5)
    view.set(regions=True, show_test_points=False, log_loss=True)
    scene = stills.scene()
    assert (scene.regions, scene.test_points, scene.log_loss) == (True, False, True)
    assert scene.output_plane == canvas.plane
    canvas.fit()
    defaults = ViewSettings()
    view.set(regions=defaults.regions, show_test_points=defaults.show_test_points, log_loss=defaults.log_loss)


def test_the_output_in_3d_is_drawn_as_the_window_has_it_turned(shared_window, stills):
    view = shared_window.document.view
    view.set(in_space=True, height="B")
    space = shared_window.findChild(SpaceView, "output_space")
    assert stills.focused() == "space"
    space.look_from(Camera(20, 50, 1.5))
    scene = stills.scene()
    assert (scene.camera, scene.height) == (Camera(20, 50, 1.5), "B")
    assert stills.image("space").size() == QSize(2 * (space.width() + 16), 2 * (space.height() + 16))
    assert b">P(B)<" in stills.encoded("space", "svg")
    space.look_from(Camera())
    view.set(in_space=False, height="likeliest")


@pytest.mark.parametrize("name", ["output", "space"])
def test_the_probe_and_the_boundaries_of_pinned_runs_are_in_the_picture(stills, shared_window, name):
    document = shared_window.document
    plain = stills.encoded(name, "svg")
    document.probe.pin((1.0, -2.0))
    probed = stills.encoded(name, "svg")
    document.pins.pin()
    pinned = stills.encoded(name, "svg")
    document.pins.unpin(document.pins.runs[0])
    document.probe.release()
    assert len({plain, probed, pinned}) == 3
    assert stills.encoded(name, "svg") == plain


def test_colours_slices_and_reach_in_3d_are_as_in_the_window(stills, shared_window):
    view = shared_window.document.view
    looks = ({}, {"colouring": "height"}, {"slices": (0.0, 3.0)}, {"sliced_surface": False}, {"reach": 10.0})
    seen = []
    for look in looks:
        view.set(**look)
        seen.append(stills.encoded("space", "svg"))
    view.set(colouring="own", slices=(), sliced_surface=True, reach=6.0)
    assert len(set(seen)) == len(looks)
    assert stills.encoded("space", "svg") == seen[0]


def test_a_pinned_run_is_drawn_and_named(shared_window, stills):
    pins = shared_window.document.pins
    pins.pin()
    name = pins.runs[0].name.encode()
    shown = [name in stills.encoded(view, "svg") for view in ("output", "loss", "figure")]
    pins.unpin(pins.runs[0])
    assert shown == [True] * 3
    assert name not in stills.encoded("loss", "svg")


def test_pixels_are_two_for_each_of_the_window(shared_window, stills):
    widget = shared_window.findChild(QObject, "network_view")
    assert stills.image("network").size() == QSize(2 * (widget.width() + 16), 2 * (widget.height() + 16))
    assert stills.image("window").size() == shared_window.size() * 2


def test_every_view_is_there_in_every_kind(shared_window, stills, qtbot):
    assert set(VIEWS) - set(stills.offered()) <= set(LANDSCAPES), "of a landscape only where there is one"
    shared_window.document.view.set(loss_page="landscape")
    qtbot.waitUntil(lambda: stills.offered() == list(VIEWS))
    for view in stills.offered():
        assert QImage.fromData(stills.encoded(view, "png")).size() == stills.image(view).size()
        assert stills.encoded(view, "pdf").startswith(b"%PDF-")
        svg = stills.encoded(view, "svg")
        assert not in_another_program(svg, QSize(300, 200)).isNull()


def test_a_view_that_is_hidden_is_drawn_all_the_same(shared_window, stills):
    shared_window.show_panel("Output", False)
    assert stills.focused() == "network"
    assert stills.image("output").width() == round(2 * VIEWS["output"].width)


def test_curves_stay_curves_in_an_svg(classes):
    n_weights = classes.moment.network.n_parameters - sum(classes.moment.network.layer_sizes[1:])
    assert picture("network", classes)[2].count(b"<path") >= n_weights


def test_the_background_is_the_theme_s(shared_window, stills):
    for scheme in (theme.Scheme.DARK, theme.Scheme.LIGHT):
        theme.manager().set_scheme(scheme)
        assert stills.image("output").pixelColor(1, 1) == theme.current().panel
    theme.manager().set_scheme(theme.Scheme.SYSTEM)


@pytest.mark.parametrize("view", ["loss", "accuracy"])
def test_the_curves_of_pinned_runs_are_in_the_picture(stills, shared_window, view):
    pins = shared_window.document.pins
    pins.pin()
    name = pins.runs[0].name.encode()
    assert name in stills.encoded(view, "svg")
    pins.unpin(pins.runs[0])
    assert name not in stills.encoded(view, "svg")


def test_the_accuracy_of_every_moment_is_in_its_picture(stills, shared_window, answered):
    document = shared_window.document
    for _ in range(3):
        document.run.run_epoch()
        answered(document)
    scene = stills.scene()
    kept = [frame.metrics for frame in document.run.history.frames]
    assert [metrics.step for metrics in scene.before] == [metrics.step for metrics in kept[:-1]]
    before = stills.image("accuracy", 400.0)
    document.run.look_back(0)
    assert stills.scene().before == ()
    assert stills.image("accuracy", 400.0) != before


def test_axes_are_in_the_persons_units_and_names(classes):
    naming = Naming(Axis("petal length", 3.5, 0.5), Axis("petal <width>", 100.0, 20.0))
    svg = picture("output", with_names(classes, naming))[2].decode()
    assert {">petal length</text>", ">petal &lt;width&gt;</text>", ">200</text>", ">1</text>"} <= {
        f">{text}</text>" for text in re.findall(r">([^<>]*)</text>", svg)
    }
    plain = picture("output", classes)[2].decode()
    assert ">x₁</text>" in plain


def test_values_are_explained_in_the_persons_units(values):
    svg = picture("output", with_names(values, Naming(value=Axis("price", 300.0, 50.0))))[2].decode()
    assert ">250</text>" in svg
    assert ">350  price</text>" in svg
