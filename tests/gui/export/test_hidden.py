"""The hidden space, and the lines where neurons switch, as still pictures."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from gui.export.page import encoded
from gui.export.stills import Stills, drawing, page_of
from gui.export.views import Scene
from gui.items.hidden.look import HiddenLook
from gui.items.hidden.view import HiddenView
from gui.items.switch_lines import switch_lines
from gui.theme import named
from model.data.generators import GeneratorSettings, generate
from model.run.record import record
from model.training.settings import first_setup

pytestmark = pytest.mark.usefixtures("qapp")


def scene_of(name, sizes=(3, 2), **looks):
    setup = first_setup(generate(GeneratorSettings(name=name, n_points=40)))
    network = setup.network
    layer_sizes = (network.layer_sizes[0], *sizes, network.layer_sizes[-1])
    shaped = replace(network, layer_sizes=layer_sizes, hidden_activations=("tanh",) * len(sizes))
    run = record(replace(setup, network=shaped), 30)
    return replace(Scene(run.moment, run.moment.dataset, run.curve), **looks)


def written(scene, view="hidden", kind="svg", theme="light"):
    page = page_of(view, scene, named(theme))
    return encoded(page, kind, drawing(view, scene, named(theme), page), named(theme).panel)


@pytest.mark.parametrize("name", ["spiral", "plane", "two_sigmoids"])
@pytest.mark.parametrize(
    ("hidden", "names"),
    [
        (("last", "auto"), (">h2.1<", ">h2.2<")),
        (("1", "3"), (">h1.1<", ">h1.3<")),
        (("1", "2"), (">PC 1 · ", ">PC 2 · ")),
    ],
)
def test_of_every_problem_it_is_drawn_and_its_axes_named(name, hidden, names):
    svg = written(scene_of(name, hidden=hidden)).decode()
    for text in names:
        assert text in svg
    assert "nan" not in svg
    assert (" of the variance" in svg) == ("PC" in names[0])


@pytest.mark.parametrize("kind", ["png", "pdf"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_every_kind_of_file(kind, theme):
    content = written(scene_of("spiral"), kind=kind, theme=theme)
    assert content.startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[kind])
    if kind == "png":
        image = QImage.fromData(content)
        assert len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 50


def test_between_two_layers_the_axes_have_no_names():
    scene = scene_of("spiral")
    between, sums = (written(replace(scene, look=HiddenLook(share))).decode() for share in (0.25, 0.5))
    assert ">h2.1<" not in between
    assert ">z of h2.1<" in sums


def test_without_a_hidden_layer_a_sentence_stands_there():
    svg = written(scene_of("spiral", sizes=())).decode()
    assert ">The network has no hidden layer.<" in svg


def test_a_window_s_is_drawn_as_it_is_looked_at(shared_window):
    window = shared_window
    document = window.document
    stills = Stills(window, document.run, document.view, document.pins, document.probe, document.landscape)
    QTest.keyClick(window, Qt.Key.Key_H)
    view = window.findChild(HiddenView)
    assert stills.focused() == "hidden"
    assert view.isVisible()
    view.show_share(0.25)
    QTest.keyClick(window, Qt.Key.Key_D)
    scene = stills.scene()
    assert scene.look == view.look
    assert scene.hidden == ("last", "3")
    image = stills.image("hidden")
    assert image.width() == 2 * (view.width() + 16)
    view.show_share(1.0)


@pytest.mark.parametrize("name", ["spiral", "two_sigmoids"])
def test_the_output_has_the_lines_where_neurons_switch_if_that_is_wanted(name):
    scene = scene_of(name)
    plain, lined = (written(replace(scene, switch_lines=lines), "output").decode() for lines in (False, True))
    numbers = [f">{number}</text>" for number in (1, 2, 3)]
    assert plain != lined
    assert sum(lined.count(number) > plain.count(number) for number in numbers) >= 2


def test_lines_switch_where_the_sum_is_0():
    scene = scene_of("spiral", sizes=(4, 3))
    network = scene.network()
    for layer, tolerance in ((1, 1e-9), (2, 0.05)):
        lines = switch_lines(network, layer, scene.output_plane)
        assert lines
        for unit, vertices in lines:
            sums = network.pre_activations(vertices)[layer - 1][:, unit]
            assert np.abs(sums).max() < tolerance
            if layer == 1:
                along = vertices[-1] - vertices[0]
                away = vertices - vertices[0]
                assert away[:, 0] * along[1] == pytest.approx(away[:, 1] * along[0], abs=1e-9), "straight"
