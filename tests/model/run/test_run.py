import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.data.naming import Axis, Naming
from model.network.network import Network
from model.network.surgery import insert_unit, remove_unit
from model.run.run import Diverged, Ended, Run, changed
from model.training.optimizers import OPTIMIZERS
from model.training.settings import Setup

pytestmark = pytest.mark.usefixtures("engine")

SPIRAL = generate(GeneratorSettings(n_points=120, n_classes=2))
NETWORK = NetworkSettings((2, 4, 2), ("tanh",))


def setup_of(dataset=SPIRAL, network=NETWORK, **training):
    return Setup(dataset, network, TrainingSettings(**{"learning_rate": 0.1, **training}))


def dataset_of(n_points):
    labels = np.arange(n_points) % 2
    return Dataset(np.random.default_rng(0).uniform(-6, 6, (n_points, 2)), labels, n_classes=2)


def advanced(run, n_steps):
    """Let a run go on for `n_steps` steps, in whatever pieces; return what it brought."""
    last, all_progress = run.step + n_steps, []
    while run.step < last:
        all_progress.append(run.advance(last - run.step))
    return all_progress


class TestWhatIsDue:
    @pytest.mark.parametrize(("n_points", "batch_size"), [(1, 1), (200, 10), (5000, 1), (5000, 10), (300, None)])
    def test_a_million_steps_have_a_bounded_number_of_curve_points(self, n_points, batch_size):
        run = Run(setup_of(dataset_of(n_points), batch_size=batch_size))
        curve = [0]
        while curve[-1] < 1_000_000:
            run.trainer.step_count = curve[-1]
            curve.append(curve[-1] + run.steps_to_next_point)

        assert len(curve) < 12_000
        assert np.diff(curve).min() >= 1
        for start in (1000 * 2**doubling for doubling in range(9)):
            n_points_of_this_doubling = np.count_nonzero((np.array(curve) > start) & (np.array(curve) <= 2 * start))
            assert 3 <= n_points_of_this_doubling <= 1001

    def test_at_first_every_step_has_its_point(self):
        run = Run(setup_of(dataset_of(200)))

        assert run.point_interval == run.steps_to_next_point == 1

    @pytest.mark.parametrize("step", [0, 7, 999, 1999, 4001, 123_456])
    def test_the_curve_s_points_do_not_depend_on_where_one_asks(self, step):
        run = Run(setup_of(dataset_of(400), batch_size=5))
        run.trainer.step_count = step
        due = step + run.steps_to_next_point

        assert due % run.point_interval == 0
        assert step < due <= step + run.point_interval
        assert run.frame_interval % run.point_interval == 0

    def test_nothing_is_passed_over_and_nothing_comes_twice(self):
        whole, pieces = Run(setup_of()), Run(setup_of())
        at_once = [p.metrics for p in advanced(whole, 1500) if p.metrics]
        in_pieces = [p.metrics for n in (1, 7, 300, 2, 1190) for p in advanced(pieces, n) if p.metrics]

        assert at_once == in_pieces
        np.testing.assert_array_equal(whole.moment().checkpoint.parameters, pieces.moment().checkpoint.parameters)


class TestTheWaysBack:
    def test_rewinding_repeats_the_run_with_the_points_of_now(self):
        run = Run(setup_of())
        first = advanced(run, 50)
        run.rewind()
        again = advanced(run, 50)
        assert [p.metrics for p in first] == [p.metrics for p in again]

        fewer = Dataset(SPIRAL.points[:60], SPIRAL.labels[:60], SPIRAL.is_test[:60])
        run.revise(setup_of(fewer))
        run.rewind()
        assert (run.step, run.setup.dataset) == (0, fewer)

    def test_a_branch_is_the_run_that_never_stopped(self):
        run = Run(setup_of(optimizer="adam"))
        first = run.moment()
        advanced(run, 33)
        moment = run.moment()
        advanced(run, 100)
        other = Run(setup_of())
        other.branch(moment, first)
        advanced(other, 100)

        np.testing.assert_array_equal(other.moment().checkpoint.parameters, run.moment().checkpoint.parameters)
        other.rewind()
        np.testing.assert_array_equal(other.moment().checkpoint.parameters, first.checkpoint.parameters)

    def test_a_branch_that_cannot_be_leaves_the_run_as_it_was(self):
        run = Run(setup_of())
        advanced(run, 5)
        before = run.moment()
        broken = Run(setup_of(network=NetworkSettings((2, 5, 2), ("tanh",)))).moment()
        with pytest.raises(ValueError, match="parameters"):
            run.branch(type(broken)(before.checkpoint, broken.metrics, broken.setup), broken)
        after = run.moment()

        assert (after.setup, after.step, after.metrics) == (before.setup, before.step, before.metrics)

    def test_an_order_of_other_points_begins_anew(self):
        """As after an edit within an epoch, when a new run is undone at once."""
        run = Run(setup_of())
        advanced(run, 3)
        moment = run.moment()
        more = Dataset(*(np.concatenate([a, a[:7]]) for a in (SPIRAL.points, SPIRAL.labels, SPIRAL.is_test)))
        run.branch(type(moment)(moment.checkpoint, moment.metrics, setup_of(more)), moment)
        advanced(run, 30)

        assert run.step == 33

    def test_a_neuron_that_comes_back_has_its_first_weights(self):
        run = Run(setup_of())
        first = run.moment()
        removal = remove_unit(NETWORK, 1, 2)
        before = run.trainer.network
        run.revise(setup_of(network=removal.settings), removal)
        run.revise(setup_of(), removal.inverse(before))
        advanced(run, 4)
        run.rewind()

        np.testing.assert_array_equal(run.moment().checkpoint.parameters, first.checkpoint.parameters)


class TestBadMoments:
    def test_a_run_that_diverges_is_back_at_its_last_good_moment(self):
        run = Run(setup_of(network=NetworkSettings((2, 4, 2), ("relu",)), learning_rate=1e6))
        progress = advanced_until_pause(run)

        assert progress.pause == Diverged(run.step, setup=run.setup)
        assert run.moment().metrics.is_finite

    def test_one_that_was_never_finite_says_so(self):
        run = Run(setup_of(network=NetworkSettings((2, 4, 2), ("relu",))), np.full(NETWORK.n_parameters, 1e308))
        progress = run.advance(10)

        assert isinstance(progress.pause, Diverged)
        assert not progress.pause.is_mended
        moment, diverged = run.check()
        assert not moment.metrics.is_finite
        assert diverged is None, "the window has been told"

    def test_a_weight_that_is_turned_far_is_no_divergence(self):
        run = Run(setup_of())
        run.set_parameter(0, 1e9)
        _, diverged = run.check()
        assert diverged is None
        assert run.advance(1).pause is None

    def test_a_change_that_does_not_fit_leaves_the_run_as_it_was(self):
        run = Run(setup_of())
        advanced(run, 5)
        surgery = insert_unit(NETWORK, 1, 0, np.random.default_rng(0))
        with pytest.raises(ValueError, match="and not"):
            run.revise(setup_of(), surgery)

        assert run.setup.network == NETWORK
        run.rewind()
        assert run.step == 0


def advanced_until_pause(run):
    for _ in range(10_000):
        progress = run.advance(100)
        if progress.pause is not None:
            return progress
    raise AssertionError("the run did not pause")


def test_training_that_ends_by_itself_is_a_moment_of_its_own():
    run = Run(setup_of(optimizer="random_search", optimizer_options={"budget": 40.0}))
    progress = advanced_until_pause(run)

    assert isinstance(progress.pause, Ended)
    assert progress.pause.reason == "budget_spent"
    assert (progress.frame.step, progress.metrics.tries) == (40, 40)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("what", ["points", "training", "shape", "weight", "all"])
def test_a_moment_after_changes_is_what_the_run_would_answer(optimizer, what):
    """Saving before the thread has answered, see LiveRun.present."""
    run = Run(setup_of(optimizer=optimizer, optimizer_options={}))
    advanced(run, 13)
    moment, network, setup, surgery = run.moment(), run.trainer.network.frozen_copy(), run.setup, None
    fewer = Dataset(SPIRAL.points[9:], SPIRAL.labels[9:], SPIRAL.is_test[9:])
    if what in ("shape", "all"):
        surgery = insert_unit(NETWORK, 1, 4, np.random.default_rng(0))
        network = surgery.apply(network)
    setup = Setup(
        fewer if what in ("points", "all") else setup.dataset,
        network.settings,
        TrainingSettings(optimizer=optimizer, batch_size=7) if what in ("training", "all") else setup.training,
    )
    if setup != run.setup:
        run.revise(setup, surgery)
    if what == "weight":
        run.set_parameter(2, 0.5)
        parameters = network.parameters.copy()
        parameters[2] = 0.5
        network = Network.from_settings(network.settings, parameters)
    answered, foreseen = run.moment(), changed(moment, setup, network)

    assert foreseen.metrics == answered.metrics
    assert foreseen.setup == answered.setup
    np.testing.assert_array_equal(foreseen.checkpoint.parameters, answered.checkpoint.parameters)
    assert foreseen.checkpoint.next_batch == answered.checkpoint.next_batch
    assert foreseen.checkpoint.memory.keys() == answered.checkpoint.memory.keys()
    for name, values in answered.checkpoint.memory.items():
        np.testing.assert_array_equal(foreseen.checkpoint.memory[name], values)


def test_other_names_change_nothing_of_training():
    named = SPIRAL.named(Naming(Axis("east", 3.0, 2.0), classes=("in", "out")))
    runs = [Run(setup_of(optimizer="adam")) for _ in range(2)]
    for run in runs:
        advanced(run, 7)
    runs[1].revise(setup_of(named, optimizer="adam"))
    for run in runs:
        advanced(run, 7)
    plain, other = (run.moment() for run in runs)
    assert other.dataset is named
    assert np.array_equal(plain.checkpoint.parameters, other.checkpoint.parameters)
    assert (plain.step, plain.epoch, plain.metrics) == (other.step, other.epoch, other.metrics)
