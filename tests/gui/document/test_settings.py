"""What the network learns with, as the document changes it, and back."""

import numpy as np
import pytest


class TestSettings:
    @pytest.mark.parametrize("change", [{"learning_rate": 0.5}, {"batch_size": 3}, {"batch_size": None}])
    def test_change_without_a_reset(self, trained, answered, change):
        before = trained.displayed
        trained.learning.set_training(**change)
        answered(trained)

        assert trained.displayed.step == before.step
        assert trained.displayed.run == before.run
        np.testing.assert_array_equal(trained.displayed.network.parameters, before.network.parameters)
        trained.run.step()
        answered(trained)
        assert trained.displayed.step == before.step + 1
        trained.changes.undo()
        assert trained.training_settings.learning_rate == 0.1

    @pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
    def test_a_wrong_learning_rate_is_refused(self, document, rate):
        with pytest.raises(ValueError, match="learning_rate"):
            document.learning.set_training(learning_rate=rate)
        assert not document.changes.undo_stack.canUndo()

    @pytest.mark.parametrize("change", [{"seed": 5}, {"initializer": "uniform"}])
    def test_first_weights_begin_a_new_run(self, trained, answered, change):
        before = trained.displayed
        trained.learning.set_initial(**change)
        answered(trained)
        assert trained.displayed.step == 0
        assert not np.array_equal(trained.displayed.network.parameters, before.network.parameters)
        trained.changes.undo()
        answered(trained)
        assert trained.displayed.step == before.step
        np.testing.assert_array_equal(trained.displayed.network.parameters, before.network.parameters)

    def test_what_changes_nothing_leaves_nothing_to_undo(self, document):
        document.learning.set_training(learning_rate=document.training_settings.learning_rate)
        document.learning.set_initial(seed=document.network_settings.seed)

        assert not document.changes.undo_stack.canUndo()

    def test_speed_goes_up_and_down_between_its_ends(self, document):
        document.view.faster()
        assert document.view.settings.speed is None
        document.view.slower()
        assert document.view.settings.speed == 5000
        for _ in range(20):
            document.view.slower()
        assert document.view.settings.speed == 1


def test_another_seed_is_the_seed_of_the_order_too(document):
    document.learning.set_initial(seed=7)
    assert document.training_settings.seed == 7
    document.learning.reinitialise()
    assert (document.network_settings.seed, document.training_settings.seed) == (8, 8)
    document.changes.undo()
    document.changes.undo()
    assert (document.network_settings.seed, document.training_settings.seed) == (0, 0)
