import numpy as np
import pytest

from gui.document.race_landscape import NO_PATH, RaceLandscape
from model import Network


@pytest.fixture
def race(document):
    document.race.use_preset("optimizers")
    return document.race


@pytest.fixture
def landscape(race):
    landscape = RaceLandscape(race)
    yield landscape
    landscape.close()
    landscape.deleteLater()


@pytest.fixture
def raced(race, qtbot):
    def run(goal):
        race.set_goal(goal)
        race.set_playing(True)
        qtbot.waitUntil(lambda: race.is_over and not race.playing)
        return race.report.state

    return run


@pytest.fixture
def seen(landscape, qtbot):
    """Look at the landscape until it is as fine as it becomes."""

    def look():
        landscape.look(seen=True)
        qtbot.waitUntil(lambda: landscape.landscape is not None and landscape.landscape.is_finest)
        return landscape.landscape

    return look


def test_is_computed_only_when_somebody_looks(landscape, race, raced, seen):
    raced(30)
    assert landscape.landscape is None
    assert landscape.paths() == ()
    assert seen() is not None


def test_there_is_none_before_the_first_step(landscape, race, qtbot):
    landscape.look(seen=True)
    race.begin()
    qtbot.waitUntil(lambda: race.report is not None)
    assert (landscape.landscape, landscape.problem) == (None, NO_PATH)


def test_all_paths_begin_at_one_place_and_end_where_the_lanes_are(landscape, raced, seen):
    state = raced(60)
    made = seen()
    paths = dict(landscape.paths())
    assert list(paths) == [0, 1, 2, 3]
    for place, path in paths.items():
        np.testing.assert_allclose(path.places[0], paths[0].places[0], atol=1e-9)
        weights = state.lanes[place].trained.moment.checkpoint.parameters
        np.testing.assert_allclose(path.places[-1], made.directions.project(weights[np.newaxis]).places[0], atol=1e-9)
        assert 0.5 < path.share <= 1.0
        for at in path.places:
            assert made.extent.contains(tuple(at))
    leader = state.by_step().leaders[0]
    np.testing.assert_allclose(paths[leader].places[-1], made.directions.start, atol=1e-9)


def test_the_losses_are_those_of_all_lanes(landscape, raced, seen):
    state = raced(40)
    made = seen()
    moment = state.lanes[0].trained.moment
    places = made.extent.places(len(made.losses))
    for row, column in ((0, 0), (7, 20), (32, 11)):
        parameters = made.directions.at(places[row, column][np.newaxis])[0]
        network = Network.from_settings(moment.network, parameters)
        training = moment.dataset.subset(test=False)
        probabilities = network.predict(training.points)[np.arange(len(training)), training.labels]
        assert made.losses[row, column] == pytest.approx(-np.log(probabilities).mean(), rel=1e-6)


def test_a_lane_that_has_diverged_does_not_decide_on_the_plane(landscape, race, raced, seen):
    race.set_lane(1, learning_rate=1e9)
    state = raced(40)
    assert state.lanes[1].has_diverged
    made = seen()
    for place, path in landscape.paths():
        if place != 1:
            assert made.extent.contains(tuple(path.places[-1]))


def test_where_the_race_rests_it_is_that_of_all_steps(landscape, race, raced, seen, qtbot):
    raced(20)
    first = seen()
    assert landscape.spanned_until == 20
    raced(200)
    qtbot.waitUntil(lambda: landscape.spanned_until == 200)
    qtbot.waitUntil(lambda: landscape.landscape is not first and landscape.landscape.is_finest)
    assert all(path.n_passed == len(path.places) for _, path in landscape.paths())


def test_another_race_has_another(landscape, race, raced, seen):
    raced(20)
    seen()
    race.restart()
    assert (landscape.landscape, landscape.problem, landscape.paths()) == (None, NO_PATH, ())
    raced(25)
    assert seen() is not None


def test_who_looks_no_more_lets_nothing_be_computed(landscape, race, raced, seen):
    raced(20)
    made = seen()
    landscape.look(seen=False)
    raced(300)
    assert landscape.landscape is made
