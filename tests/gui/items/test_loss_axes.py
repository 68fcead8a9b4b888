import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui.items.loss_axes import SMALLEST_LOSS, LossAxes

STEPS = np.array([0.0, 100.0, 900.0])


def of_whole_run(*losses):
    return LossAxes.of_whole_run(STEPS[: len(losses)], np.array(losses))


def of_growing_run(*losses, log=True):
    return LossAxes.of_growing_run(STEPS[: len(losses)], np.array(losses), log=log)


def test_a_picture_is_logarithmic_where_losses_differ_by_far():
    assert not of_whole_run(1.0, 0.5, 0.05).log
    assert of_whole_run(1.0, 0.5, 0.02).log


def test_a_picture_ends_where_the_run_does():
    axes = of_whole_run(1.9, 0.5, 0.023)
    assert axes.x_range == (0, 900)
    assert axes.y_range == pytest.approx((np.log10(0.02), np.log10(2)))
    assert of_whole_run(1.1, 0.5, 0.2).y_range == (0, 1.5)


def test_a_growing_run_has_room_to_grow():
    assert of_growing_run(1.9, 0.5, 0.023, log=False) == LossAxes(False, (0, 1000), (0, 2))
    assert of_growing_run(1.9, 0.5, 0.023) == LossAxes(True, (0, 1000), (-2, 1))


@pytest.mark.parametrize("losses", [(), (np.nan, np.nan), (0.0, 0.0), (0.1, 0.1), (0.0, np.inf, 1.0)])
def test_every_run_has_axes(losses):
    for axes in (of_whole_run(*losses), of_growing_run(*losses), of_growing_run(*losses, log=False)):
        for low, high in (axes.x_range, axes.y_range):
            assert np.isfinite([low, high]).all()
            assert low < high
        assert axes.step_ticks()
        assert axes.loss_ticks()


def test_losses_stand_between_the_ends():
    axes, area = of_growing_run(10.0, 1.0, 0.1), QRectF(40, 10, 200, 100)
    places = axes.places(np.array([0.0, 500.0, 1000.0]), np.array([10.0, 0.0, 0.1]), area)
    assert places[:, 0].tolist() == [40, 140, 240]
    assert places[:, 1] == pytest.approx([10, 112, 110]), "a loss of 0 is only just below the axis"
    assert axes.heights(np.array([0.0]))[0] == np.log10(SMALLEST_LOSS)


def test_ticks_are_round():
    texts = [
        [text for _, text in ticks]
        for ticks in (of_whole_run(1.1, 0.2).loss_ticks(), of_whole_run(1, 1, 1).step_ticks())
    ]
    assert texts == [["0", "0.5", "1", "1.5"], ["0", "200", "400", "600", "800"]]


def test_a_short_logarithmic_axis_has_ticks_between_the_powers_of_ten():
    powers, others = of_growing_run(0.9, 0.05, 0.02).power_ticks(6)
    assert powers == [(-2, "0.01"), (-1, "0.1"), (0, "1")]
    assert [text for _, text in others] == ["0.02", "0.05", "0.2", "0.5", "2", "5"]
    assert [height for height, _ in others[:2]] == pytest.approx(np.log10([0.02, 0.05]))
    powers, others = of_growing_run(1.0, 0.5, 1e-12).power_ticks(6)
    assert [text for _, text in powers] == ["1e−12", "1e−10", "1e−8", "1e−6", "0.0001", "0.01", "1"]
    assert others == []
