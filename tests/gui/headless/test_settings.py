import re

import numpy as np
import pytest

from gui.export.animation.settings import AnimationSettings
from gui.headless.arguments import COMMANDS, make_parser
from gui.headless.settings import animation_of, generator_of, plan_of
from model.data.generators import GENERATORS
from model.network.activations import ACTIVATIONS
from model.network.initializers import INITIALIZERS
from model.training.optimizers import OPTIMIZERS
from model.training.stopping import Stop


def parsed(*arguments):
    return make_parser().parse_args([str(argument) for argument in arguments])


def setup_for(*arguments):
    return plan_of(parsed("train", *arguments)).setup


def test_without_options_the_command_line_trains_what_the_window_does(document):
    arguments = parsed("train")
    generator, setup = generator_of(arguments), plan_of(arguments).setup
    assert generator == document.changes.generator_settings
    assert (setup.network, setup.training) == (document.network_settings, document.training_settings)
    assert np.array_equal(setup.dataset.points, document.dataset.points)
    assert np.array_equal(setup.dataset.labels, document.dataset.labels)
    assert np.array_equal(setup.dataset.is_test, document.dataset.is_test)


@pytest.mark.parametrize("name", ["moons", "sine"])
def test_other_data_have_the_network_and_the_training_that_the_window_gives_them(name, document):
    setup = setup_for("--dataset", name)
    document.points.generate(name=name)
    assert (setup.network, setup.training) == (document.network_settings, document.training_settings)
    assert np.array_equal(setup.dataset.points, document.dataset.points)


def test_an_output_whose_loss_does_not_go_with_it_gets_the_squared_error_as_in_the_window(document):
    setup = setup_for("--output", "tanh")
    document.network.set_output("tanh", single_unit=False)
    assert (setup.network, setup.training) == (document.network_settings, document.training_settings)


def test_every_option_of_a_run_reaches_its_settings():
    arguments = parsed(
        *("train", "--dataset", "rings", "--points", 50, "--noise", 0.1, "--classes", 4, "--training-share", 0.5),
        *("--label-noise", 0.1, "--hidden", "5,3", "--activation", "relu,tanh", "--output", "sigmoid"),
        *("--features", "x1,x2,x1**2", "--initializer", "uniform", "--initializer-scale", 0.3, "--bias", "shared"),
        *("--bias-start", -0.5, "--loss", "squared_error", "--optimizer", "adam"),
        *("--optimizer-options", "betas=0.8/0.9,eps=0.001", "--learning-rate", 0.2, "--batch-size", "all"),
        *("--batch-order", "sequential", "--reduction", "sum", "--regularization", "l2"),
        *("--regularization-rate", 0.01, "--clip-norm", 3, "--schedule", "cosine", "--schedule-period", 70),
        *("--schedule-factor", 0.1, "--schedule-warm-up", 5, "--dropout", "0.1,0.2", "--patience", 4),
        *("--stop-steps", 900, "--stop-epochs", 80, "--stop-loss", 0.01, "--stop-accuracy", 0.9),
        *("--stop-plateau", 30, "--stop-improvement", 0.05, "--stop-watched", "test"),
        *("--steps", 70, "--seed", 9),
    )
    plan = plan_of(arguments)
    generator, setup = plan.points.generator, plan.setup
    network, training = setup.network, setup.training
    assert (generator.name, generator.n_points, generator.noise, generator.n_classes) == ("rings", 50, 0.1, 4)
    assert (generator.training_share, generator.label_noise, generator.seed) == (0.5, 0.1, 9)
    assert network.layer_sizes == (3, 5, 3, 4)
    assert network.hidden_activations == ("relu", "tanh")
    assert (network.output_activation, network.features) == ("sigmoid", ("x1", "x2", "x1**2"))
    assert (network.initializer, network.initializer_scale) == ("uniform", 0.3)
    assert (network.bias, network.bias_start, network.seed) == ("shared", -0.5, 9)
    assert (training.loss, training.optimizer) == ("squared_error", "adam")
    assert training.optimizer_options == {"betas": (0.8, 0.9), "eps": 0.001}
    assert (training.learning_rate, training.batch_size, training.batch_order) == (0.2, None, "sequential")
    assert (training.reduction, training.regularization, training.regularization_rate) == ("sum", "l2", 0.01)
    assert (training.clip_norm, training.dropout, training.patience) == (3, (0.1, 0.2), 4)
    schedule = training.schedule
    assert (schedule.name, schedule.period, schedule.factor, schedule.warm_up) == ("cosine", 70, 0.1, 5)
    assert training.stop == Stop(900, 80, 0.01, 0.9, 30, 0.05, "test")
    assert (training.seed, plan.n_steps) == (9, 70)
    left_out = {"GeneratorSettings.rule", "GeneratorSettings.curve_rule", "data"}
    assert arguments.run_options.keys() - vars(arguments).keys() == left_out, "every other option is tried here"
    assert plan_of(parsed("train", "--dataset", "rule", "--rule", "x1")).points.generator.rule == "x1"
    curve = plan_of(parsed("train", "--dataset", "curve_rule", "--curve-rule", "sin(x)")).points
    assert (curve.generator.curve_rule, curve.dataset.kind) == ("sin(x)", "curve")


@pytest.mark.parametrize(
    ("options", "n_steps"),
    [
        ((), 3000),
        (("--stop-loss", 0.1), 1_000_000),
        (("--patience", 3), 1_000_000),
        (("--stop-epochs", 9, "--steps", 5), 5),
    ],
)
def test_a_run_that_is_to_end_by_itself_has_time_for_it(options, n_steps):
    assert plan_of(parsed("train", *options)).n_steps == n_steps


def test_a_curve_is_learned_from_x_alone():
    arguments = ("train", "--dataset", "sine_wave", "--hidden", "8", "--noise", 0)
    setup = plan_of(parsed(*arguments)).setup
    assert (setup.dataset.kind, setup.network.layer_sizes, setup.network.features) == ("curve", (1, 8, 1), ("x",))
    assert (setup.network.output_activation, setup.training.loss) == ("linear", "squared_error")
    assert plan_of(parsed(*arguments, "--features", "x,x**2")).setup.network.layer_sizes == (2, 8, 1)


def test_one_activation_is_for_all_hidden_layers_and_there_may_be_none():
    assert setup_for("--hidden", "3,4,5", "--activation", "relu").network.hidden_activations == ("relu",) * 3
    none = setup_for("--dataset", "sine", "--hidden", "none")
    assert (none.network.layer_sizes, none.network.hidden_activations) == ((2, 1), ())


def test_every_option_of_an_animation_reaches_its_settings():
    arguments = parsed(
        *("render", "--out", "odd.name", "--format", "gif", "--size", "640x480", "--fps", 20, "--seconds", 3),
        *("--hold", 2, "--layout", "tall", "--pacing", "early", "--panels", "data,loss", "--theme", "dark"),
        *("--title", "One", "--caption", "Two", "--first-step", 3, "--last-step", 70),
        *("--regions", "--no-test-points", "--no-counters", "--no-loop", "--future", "--no-marks"),
        *(
            "--give",
            "output=2,data=0.5",
            "--give",
            "data=3",
            "--text-size",
            "large",
            "--scale",
            "growing",
            "--turn",
            90,
        ),
    )
    assert animation_of(arguments) == AnimationSettings(
        format="gif",
        size=(640, 480),
        fps=20.0,
        seconds=3.0,
        hold_seconds=2.0,
        loop=False,
        layout="tall",
        pacing="early",
        panels=("data", "loss"),
        theme="dark",
        regions=True,
        turn=90.0,
        test_points=False,
        counters=False,
        future=True,
        marks=False,
        give={"surface": 2.0, "data": 3.0},
        text_size="large",
        scale="growing",
        title="One",
        caption="Two",
        first_step=3,
        last_step=70,
    )


def test_the_surface_may_be_called_what_its_panel_is_called():
    arguments = parsed("render", "--out", "a.mp4", "--panels", "Output,network")
    assert animation_of(arguments).panels == ("surface", "network")
    with pytest.raises(ValueError, match=r"give must be 0.2 to 5 for a panel; got 9"):
        animation_of(parsed("render", "--out", "a.mp4", "--give", "output=9"))


def test_what_is_not_said_of_an_animation_follows_from_its_file_and_size():
    assert animation_of(parsed("render", "--out", "a.mp4")) == AnimationSettings()
    assert animation_of(parsed("render", "--out", "a.webm", "--size", "1080x1920")).placing == "tall"
    assert animation_of(parsed("render", "--out", "a", "--size", "500x500")).placing == "square"
    assert animation_of(parsed("render", "--out", "a")).format == "png"
    assert animation_of(parsed("render", "--out", "a.png")).format == "apng"
    assert animation_of(parsed("render", "--out", "a.apng")).format == "apng"


def test_the_help_has_what_the_settings_classes_say(capsys):
    with pytest.raises(SystemExit):
        parsed("render", "--help")
    text = " ".join(capsys.readouterr().out.split())
    assert f"--dataset NAME one of {', '.join(GENERATORS)} (spiral)" in text
    assert f"--optimizer NAME one of {', '.join(OPTIMIZERS)} (sgd)" in text
    assert "--points N how many points, 10 to 5,000 (240)" in text
    assert "--hidden SIZES neurons of each hidden layer, such as 8,8, or none (6,5)" in text
    assert "--learning-rate NUMBER how large a step is, above 0 (0.1)" in text
    assert "--batch-size N|all points of one step (10)" in text
    assert (
        "--features FORMULAS what the inputs are: formulas of the two coordinates x1 and x2, or of x alone along a"
        in text
    )
    assert "--schedule-warm-up N steps" in text
    assert "--size WxH width and height in pixels (1280x720)" in text
    assert "--bias-start NUMBER what every bias begins with --" in text
    assert not re.search(r":\w+:`|``|None|\(\)", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_examples_that_are_read(command, capsys, monkeypatch):
    with pytest.raises(SystemExit):
        parsed(command, "--help")
    text = capsys.readouterr().out
    for example in COMMANDS[command].examples:
        assert f"  netcanvas {command} {example}".rstrip() + "\n" in text
        assert parsed(command, *example.split()).command == command


def test_the_help_of_training_lists_what_each_optimizer_takes(capsys):
    with pytest.raises(SystemExit):
        parsed("train", "--help")
    text = capsys.readouterr().out
    assert re.search(r"^  adam +betas=0\.9/0\.999,eps=1e-08,weight_decay=0$", text, re.MULTILINE)
    for name in (*ACTIVATIONS, *INITIALIZERS, *GENERATORS):
        assert name in text
    for name, entry in OPTIMIZERS.items():
        options = re.search(rf"^  {name} +(\S+)$", text, re.MULTILINE)[1]
        if entry.options:
            plan_of(parsed("train", "--optimizer", name, "--optimizer-options", options))


def test_a_table_brings_points_names_and_sets(tmp_path):
    table = tmp_path / "points.csv"
    rows = [f"{x},{-x},{'up' if x > 0 else 'down'},{'test' if x in (1, -1) else 'train'}" for x in range(-4, 5) if x]
    table.write_text("\n".join(["x,y,kind,set", *rows]))
    plan = plan_of(parsed("train", "--data", table))
    assert (len(plan.setup.dataset), plan.setup.dataset.n_test) == (8, 2)
    assert plan.points.dataset.class_names == ("down", "up")
    assert plan.setup.network.layer_sizes[-1] == 2
    assert plan.points.sentence.startswith("8 points in 2 classes (down, up), 2 of them for testing")


def test_points_of_a_table_without_sets_are_drawn_by_the_share(tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("\n".join(["x,y,value", *(f"{n / 10},{n % 7},{n * 3}" for n in range(40))]))
    arguments = ("train", "--data", table, "--seed", 3)
    plan = plan_of(parsed(*arguments, "--training-share", 0.5))
    assert plan.setup.dataset.n_test == 20
    assert plan.setup.dataset.is_regression
    assert float(abs(plan.setup.dataset.labels).max()) == 1.0
    assert "values scaled" in plan.points.sentence
    assert plan_of(parsed(*arguments)).setup.dataset == plan_of(parsed(*arguments)).setup.dataset
