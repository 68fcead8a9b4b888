import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from gui.panels.status import StatusBar
from model import Dataset


@pytest.fixture
def status(document, probed, show):
    return show(StatusBar(document.run, document.engine, document.probe, probed), 1000, 24)


def texts(status):
    return [label.text() for label in status.findChildren(QLabel)]


def test_says_what_the_training_does(status, document, qtbot):
    assert "Ready" in texts(status)
    document.run.set_playing(True)
    assert "Training" in texts(status)
    qtbot.waitUntil(lambda: any("steps/s" in text for text in texts(status)))
    document.run.set_playing(False)
    assert "Paused" in texts(status)


def test_the_speed_is_the_one_that_was_asked_for(status, document, qtbot):
    document.view.set(speed=50)
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: any("steps/s" in text for text in texts(status)))
    (state,) = [text for text in texts(status) if "steps/s" in text]
    assert 20 <= float(state.split()[2]) <= 60


def test_the_coordinates_and_the_answer_under_the_mouse(status, document):
    document.view.set_cursor((2.5, -1.25))
    (answer,) = [text for text in texts(status) if text.startswith("x₁")]
    probabilities = document.displayed.network.class_probabilities(np.array([[2.5, -1.25]]))[0]
    best = int(np.argmax(probabilities))
    assert answer == f"x₁ 2.50   x₂ −1.25   →   class {'ABC'[best]}  {probabilities[best]:.1%}"
    document.view.set_cursor(None)
    assert not any(text.startswith("x₁") for text in texts(status))


def test_the_answer_stays_live(status, document, answered, qtbot):
    document.view.set_cursor((0.0, 3.0))
    before = texts(status)
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 500)
    qtbot.waitUntil(lambda: next(text for text in texts(status) if "x₁" in text) not in before)
    document.run.set_playing(False)
    answered(document)

    def is_of_displayed():
        probabilities = document.displayed.network.class_probabilities(np.array([[0.0, 3.0]]))[0]
        return any(f"{probabilities.max():.1%}" in text for text in texts(status))

    qtbot.waitUntil(is_of_displayed)


def test_a_regression_answers_with_a_value(status, document, answered):
    document.points.generate(name="sine")
    answered(document)
    document.view.set_cursor((1.0, -2.0))
    value = document.displayed.network.predict([[1.0, -2.0]])[0, 0]
    (answer,) = [text for text in texts(status) if text.startswith("x₁")]
    assert answer == f"x₁ 1.00   x₂ −2.00   →   y = {value:.2f}".replace("-", "−")


def test_along_a_curve_the_network_is_told_x_alone(status, document, answered):
    document.points.set_kind("curve")
    answered(document)
    document.view.set_cursor((2.5, -1.0))
    value = float(document.displayed.network.predict([[2.5, 0.0]])[0, 0])
    assert f"x 2.50   →   y = {value:.2f}".replace("-", "−") in texts(status)
    document.probe.pin((2.5, -1.0))
    (answer,) = [text for text in texts(status) if text.startswith("Pinned")]
    assert "as if it were y = −0.25, loss" in answer


@pytest.fixture
def answer(status):
    """Return what the status bar says of the probe point."""
    return lambda: next(text for text in texts(status) if "x₁" in text)


def test_of_a_data_point_it_says_how_wrong_the_network_is(answer, document, answered):
    document.points.set_data("points", Dataset([(1.0, 1.0), (1.0, 1.0)], [0, 1]))
    answered(document)
    network = document.displayed.network
    said = int(network.predicted_classes([(1.0, 1.0)])[0])
    for label in (0, 1):
        document.probe.pin(label)
        loss = -np.log(network.class_probabilities([(1.0, 1.0)])[0, label])
        rating = "right" if label == said else f"wrong: it is class {'AB'[label]}"
        assert answer().startswith("Pinned   x₁ 1.00   x₂ 1.00   →   class ")
        assert answer().endswith(f"   ·   {rating}, loss {loss:.3g}")
    document.probe.release()
    document.view.set_cursor((1.02, 1.0), 0.1)
    assert answer().startswith("x₁ 1.00   x₂ 1.00   →   class ")
    assert "loss" in answer()
    document.view.set_cursor((1.5, 1.0), 0.1)
    assert "loss" not in answer()


def test_of_a_data_point_with_a_value_it_says_the_value_and_the_loss(answer, document, answered):
    document.points.generate(name="sine")
    answered(document)
    document.probe.pin(3)
    point = document.probe.point
    value = document.displayed.network.predict([point.place])[0, 0]
    loss = 0.5 * (value - point.label) ** 2
    wanted = f"   →   y = {value:.2f}   ·   it is y = {point.label:.2f}, loss {loss:.3g}"
    assert answer().endswith(wanted.replace("-", "−"))


def test_of_a_pinned_place_it_says_as_what_it_is_taken(answer, document):
    document.view.set_cursor((1.0, 2.0))
    assert "as if it were" not in answer()
    document.probe.pin((1.0, 2.0))
    for class_index in (0, 2):
        document.view.set(current_class=class_index)
        loss = -np.log(document.displayed.network.class_probabilities([(1.0, 2.0)])[0, class_index])
        assert answer().endswith(f"   ·   as if it were class {'ABC'[class_index]}, loss {loss:.3g}")


def test_what_is_no_number_is_said_in_words(answer, document, answered):
    document.network.set_parameter(0, np.nan)
    answered(document)
    document.probe.pin(0)
    assert "→   no finite number   ·   it is class " in answer()
    assert answer().endswith("which has no loss here")


def test_tries_are_counted_while_random_search_runs(status, document, qtbot):
    document.points.generate(n_points=2000)
    document.learning.set_training(optimizer="random_search")
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: any(text.endswith(" tries") for text in texts(status)))
    (state,) = [text for text in texts(status) if text.endswith(" tries")]
    assert 0 < int(state.split()[-2].replace(",", "")) <= document.displayed.metrics.tries
    document.run.set_playing(False)
    document.learning.set_training(optimizer="sgd")
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: any("steps/s" in text and "tries" not in text for text in texts(status)))
