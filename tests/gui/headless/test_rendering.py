from dataclasses import replace

import pytest

import main
from gui.headless import rendering
from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment, save_experiment
from model.run.record import record
from model.training.settings import Setup


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([], ("Moons", "two of them")),
        (["--title", "Mine"], ("Mine", "two of them")),
        (["--title", "", "--caption", ""], ("", "")),
    ],
)
def test_an_experiment_s_own_title_and_caption_unless_others_are_given(given, shown, tmp_path, monkeypatch):
    generator = GeneratorSettings(name="moons", n_points=20)
    setup = Setup(generate(generator), NetworkSettings((2, 3, 2), ("tanh",)), TrainingSettings())
    run = record(setup, 5)
    experiment = Experiment(setup, generator, run.history, run.curve, name="Moons", notes="two of them\nand more")
    save_experiment(experiment, tmp_path / "run.netcanvas")
    seen = []

    def write(settings, *_):
        seen.append(settings)
        return 0

    monkeypatch.setattr(rendering, "_write", write)
    file, film = str(tmp_path / "run.netcanvas"), str(tmp_path / "run.mp4")
    assert main.main(["render", file, "--out", film, *given]) == 0
    assert seen == [replace(seen[0], title=shown[0], caption=shown[1])]
