"""The 2-2-1 network of seed 004_541265211640a973.txt, with one bias for all, trained as the seed trains its formula."""

import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings

POINT = [[0.35, 0.9]]
W0, W13, W14, W23, W24, W35, W45 = 0.1, 0.2, 0.8, 0.6, 0.4, 0.1, 0.5


@pytest.fixture
def network():
    network = Network([2, 2, 1], hidden_activation="sigmoid", output_activation="sigmoid", bias="shared")
    network.set_parameters([[[W13, W14], [W23, W24]], [[W35], [W45]]], [[W0, W0], [W0]])
    return network


def test_begins_as_the_seed_does(network):
    assert network.predict(POINT)[0, 0] == pytest.approx(0.6498644775261518, abs=1e-12)
    np.testing.assert_allclose(
        network.gradient(POINT, [1]),
        [
            -0.7889359843485577,
            -0.002611411510491371,
            -0.012904952884659355,
            -0.0067150581698349554,
            -0.03318416456055263,
            -0.24233212289782266,
            -0.2445574833348581,
        ],
        rtol=0,
        atol=1e-12,
    )


@pytest.mark.parametrize(
    ("optimizer", "steps_of_an_iteration", "output", "parameters"),
    [
        (
            "coordinate",
            7,
            0.999453185534398,
            [
                2.4846334374192356,
                0.2056137265599781,
                0.8126079554509478,
                0.6144346065563233,
                0.4324142091373462,
                1.0784676489695095,
                1.4723134021271758,
            ],
        ),
        (
            "sgd",
            1,
            0.9994550920282003,
            [
                2.447105053273008,
                0.20732718028196473,
                0.8170259784604175,
                0.6188413207250536,
                0.44378108746964434,
                1.1136434597650382,
                1.5166243069428762,
            ],
        ),
    ],
)
def test_learns_what_the_seed_learns(network, optimizer, steps_of_an_iteration, output, parameters):
    trainer = Trainer(network, Dataset(POINT, [1]), TrainingSettings(optimizer=optimizer, learning_rate=0.3))

    trainer.run_steps(999 * steps_of_an_iteration)

    assert network.predict(POINT)[0, 0] == pytest.approx(output, abs=1e-9)
    np.testing.assert_allclose(network.parameters, parameters, rtol=0, atol=1e-9)
