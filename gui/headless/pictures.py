"""The command that writes a view of an experiment as a picture."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from gui.document.looks import COLOURINGS, HEIGHTS, REACHES, reach_for
from gui.document.view import ViewSettings, known_view
from gui.export.accuracy import moments_before
from gui.export.animation.settings import THEMES
from gui.export.errors import export_error
from gui.export.landscape import scene_at
from gui.export.page import KINDS, encoded
from gui.export.stills import LANDSCAPES, VIEWS, drawing, page_of, views_of
from gui.export.views import Scene
from gui.headless.experiments import opened
from gui.headless.interruption import Signals
from gui.headless.output import Output
from gui.headless.places import check_no_experiment, place_of
from gui.headless.screen import without_screen
from gui.items.hidden.look import HiddenLook
from gui.items.landscape.scene import LandscapeScene
from gui.items.space.camera import Camera
from gui.theme import named
from model.experiment import Experiment
from model.explain.hidden_choice import HIDDEN_AXES, HIDDEN_LAYERS
from model.landscape.landscape import SPANS, LandscapeSettings, usual_weights
from model.network.parts import Unit, exists
from model.run.history import KeyFrame
from model.types import check_choice, shown
from model.writing import write_whole

_WHY_NONE = {
    "confusion": "the points of the experiment have no classes",
    "space": "the network of the experiment says a curve, and its view output shows all of it",
}


def write_picture(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    """Write a view as the window would show it, looked at as the experiment says."""
    name, path = arguments.view, Path(arguments.out)
    check_choice("--view", name, [name for name, view in VIEWS.items() if view.paint is not None])
    check_choice("--theme", arguments.theme, THEMES)
    check_choice("--height", arguments.height or HEIGHTS[0], HEIGHTS)
    check_choice("--colors", arguments.colors or COLOURINGS[0], COLOURINGS)
    check_choice("--landscape", arguments.landscape or next(iter(SPANS)), SPANS)
    check_choice("--reach", f"{arguments.reach or REACHES[0]:g}", [f"{reach:g}" for reach in REACHES])
    check_choice("--hidden-layer", arguments.hidden_layer or HIDDEN_LAYERS[0], HIDDEN_LAYERS)
    check_choice("--hidden-axes", arguments.hidden_axes or HIDDEN_AXES[0], HIDDEN_AXES)
    kind = path.suffix.lower().removeprefix(".")
    check_no_experiment(path)
    if kind not in KINDS:
        raise ValueError(f"--out must end in {', '.join(f'.{kind}' for kind in KINDS)}; got {shown(path.name)}")
    experiment, moment = opened(arguments)
    if arguments.neuron is not None and not exists(moment.network, arguments.neuron):
        raise ValueError(f"--neuron must be one of the network's; got {_place(arguments.neuron)}")
    if name not in views_of(moment.dataset):
        raise ValueError(f"--view must not be {name}: {_WHY_NONE[name]}")
    place_of("--out", arguments.out, [arguments.file])
    application = without_screen()
    try:
        camera = Camera(arguments.azimuth, arguments.elevation)
        look = HiddenLook(arguments.share, camera)
    except ValueError as error:
        raise ValueError(f"--{error}") from error
    scene, theme = replace(_scene(arguments, experiment, moment), camera=camera, look=look), named(arguments.theme)
    if name in LANDSCAPES:
        scene = replace(scene, landscape=_landscape(arguments, experiment, moment), landscape_camera=camera)
    width, unit = arguments.width or (None, "px")
    try:
        page = page_of(name, scene, theme, width, unit)
    except ValueError as error:
        raise ValueError(f"--{error}") from error
    try:
        write_whole(path, encoded(page, kind, drawing(name, scene, theme, page), theme.panel))
    except OSError as error:
        raise export_error(path, error) from error
    size = f"{page.width:g} x {page.width * page.aspect:.4g} {page.unit}"
    output.line(f"{path}: {VIEWS[name].label.lower()} of step {moment.step:,}, {size}")
    output.result(
        command="picture",
        out=str(path),
        view=name,
        step=moment.step,
        width=page.width,
        height=page.width * page.aspect,
        unit=page.unit,
    )
    application.shutdown()
    return 0


def _scene(arguments: argparse.Namespace, experiment: Experiment, moment: KeyFrame) -> Scene:
    """Return what is shown: what the options do not say is as the experiment was looked at."""
    known = known_view(experiment.view)
    settings = ViewSettings(**known)

    slices = settings.slices if arguments.slices is None else arguments.slices

    def said(option: bool | None, otherwise: bool) -> bool:
        return otherwise if option is None else option

    return Scene(
        moment,
        moment.dataset,
        experiment.curve,
        height=arguments.height or settings.height,
        selected=arguments.neuron,
        colouring=arguments.colors or settings.colouring,
        slices=slices,
        sliced_surface=said(arguments.surface, settings.sliced_surface),
        reach=reach_for(slices, arguments.reach or settings.reach),
        hidden=(
            arguments.hidden_layer or settings.hidden_layer,
            arguments.hidden_axes or settings.hidden_axes,
        ),
        switch_lines=said(arguments.switch_lines, settings.switch_lines),
        regions=said(arguments.regions, settings.regions),
        test_points=said(arguments.test_points, settings.show_test_points),
        terms=said(arguments.terms, settings.terms),
        log_loss=known.get("log_loss") if arguments.log_loss is None else arguments.log_loss,
        penalty=settings.show_penalty and moment.training.regularization != "none",
        test_confusion=settings.test_confusion,
        is_past=moment is not experiment.history.frames[-1],
        before=moments_before(experiment.history.frames, moment),
    )


def _landscape(arguments: argparse.Namespace, experiment: Experiment, moment: KeyFrame) -> LandscapeScene:
    """Return the loss landscape round a moment of the experiment's run."""
    known = ViewSettings(**known_view(experiment.view))
    chosen, n_parameters = known.landscape_weights, moment.network.n_parameters
    weights = chosen if chosen is not None and max(chosen) < n_parameters else usual_weights(moment.network)
    seed = known.landscape_seed if arguments.landscape_seed is None else arguments.landscape_seed
    reach = known.landscape_reach if arguments.landscape_range is None else arguments.landscape_range
    try:
        settings = LandscapeSettings(arguments.landscape or known.landscape, weights, seed, reach)
    except ValueError as error:
        raise ValueError(f"--landscape-{str(error).replace('reach', 'range', 1)}") from error
    log = known.log_landscape if arguments.log_landscape is None else arguments.log_landscape
    with_penalty = known.show_penalty and moment.training.regularization != "none"
    return scene_at(experiment.history.frames, moment, settings, log=log, with_penalty=with_penalty)


def _place(unit: Unit) -> str:
    return f"{unit.layer}.{unit.index + 1}"
