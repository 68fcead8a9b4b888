import math

import numpy as np
import pytest

from model.network.special import erf


def test_erf_agrees_with_the_standard_library():
    x = np.linspace(-8.0, 8.0, 20_001)

    np.testing.assert_allclose(erf(x), [math.erf(value) for value in x], rtol=0, atol=3e-16)


@pytest.mark.parametrize("x", [0.0, -0.0, 1e-300, -0.46875, 1e300, -1e300])
def test_erf_at_the_borders(x):
    assert erf(np.array([x]))[0] == pytest.approx(math.erf(x), rel=1e-15, abs=0)


def test_erf_keeps_shape_and_dtype():
    result = erf(np.ones((2, 3), dtype=np.float32))

    assert result.shape == (2, 3)
    assert result.dtype == np.float32
