import numpy as np
import pytest
from small_softmax import small_logsumexp


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("asked", [{}, {"base": "2"}, {"output": "SQ3.1", "max_error": "1ulp"}, {"output": "UQ1.4"}])
def test_every_vector(length, asked):
    unit = small_logsumexp(**asked)
    base, output = 2 if "base" in asked else np.e, unit.asked.output_format
    limits = {promise.name: promise.limit for promise in unit.contract}
    x = np.stack(np.meshgrid(*[np.arange(-8, 8)] * length, indexing="ij"), axis=-1)
    y = unit.golden(x)
    assert y.shape == x.shape[:-1]
    ulp = 2.0**-output.fraction_bits
    ends = float(output.value(output.min_code)), float(output.value(output.max_code))
    exact = np.clip(np.log((base ** (x / 4)).sum(axis=-1)) / np.log(base), *ends)
    assert np.abs(y * ulp - exact).max() <= limits["error"]
    largest = np.clip(np.floor(x.max(axis=-1) / 4 / ulp + 0.5), output.min_code, output.max_code)
    assert (y >= largest).all()
    if length == 1:
        assert (y == largest).all()
        return
    rises = np.diff(y, axis=0) >= 0  # with the first element, which is at most the largest of the others afterwards
    assert rises[(x[1:] <= x[1:, ..., 1:].max(axis=-1, keepdims=True))[..., 0]].all()
    assert (y == np.swapaxes(y, 0, -1)).all()


def test_literal_values():
    unit = small_logsumexp()
    # ln 3 is 17.6 / 16, and 1.75 is 28 / 16.
    assert unit.golden([[0, 0, 0], [7, -8, -8]]).tolist() == [18, 29]
    assert unit.golden([-5]).tolist() == -20


def test_one_transfer_a_vector():
    unit = small_logsumexp()
    y, last = unit.golden.transfers([np.array([1, 2, 3, 4, 5, 6, 7]), np.array([0, 1, 1, 0, 0, 1, 0])])
    assert y.tolist() == [unit.golden([1, 2]), 12, unit.golden([4, 5, 6])]
    assert last.tolist() == [1, 1, 1]
    parallel = small_logsumexp(arrangement="parallel")
    (y,) = parallel.golden.transfers([np.array([1, 0]), np.array([2, 0]), np.array([3, 0])])
    assert y.tolist() == [parallel.golden([1, 2, 3]), 18]
