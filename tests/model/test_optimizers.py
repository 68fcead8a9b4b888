import numpy as np

from model.optimizers import OPTIMIZERS


def test_sgd_goes_against_the_gradient_in_place():
    parameters, gradient = np.array([1.0, -2.0, 3.0]), np.array([0.5, 0.0, -1.0])
    view = parameters[:1]

    OPTIMIZERS["sgd"]().update(parameters, gradient, 0.1)

    np.testing.assert_allclose(parameters, [0.95, -2.0, 3.1], rtol=1e-15)
    assert view[0] == parameters[0]
