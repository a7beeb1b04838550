import numpy as np
import pytest
from small_softmax import small_log_softmax

from softgate.sim.golden.composites import composite_model


def exact(x, fraction_bits, base):
    x = x / 2.0**fraction_bits
    return x - np.log((base**x).sum(axis=-1, keepdims=True)) / np.log(base)


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("asked", [{}, {"base": "2"}, {"output": "SQ3.4"}, {"output": "SQ4.1", "max_error": "1ulp"}])
def test_every_vector(length, asked):
    unit = small_log_softmax(**asked)
    base, output = 2 if "base" in asked else np.e, unit.asked.output_format
    limits = {promise.name: promise.limit for promise in unit.contract}
    x = np.stack(np.meshgrid(*[np.arange(-8, 8)] * length), axis=-1).reshape(-1, length)
    y = unit.golden(x)
    assert y.max() <= 0
    if length == 1:
        assert (y == 0).all()
        return
    least = float(output.value(output.min_code))
    values = y * 2.0**-output.fraction_bits
    assert np.abs(values - np.maximum(exact(x, 2, base), least)).max() <= limits["error"]
    assert np.abs((base**values).sum(axis=-1) - 1).max() <= limits["sum"]
    order = np.argsort(x, axis=-1, kind="stable")
    x, y = np.take_along_axis(x, order, -1), np.take_along_axis(y, order, -1)
    assert (np.diff(y, axis=-1) >= 0).all()
    assert (np.diff(y, axis=-1)[np.diff(x, axis=-1) == 0] == 0).all()


def test_literal_values():
    unit = small_log_softmax()
    # ln 3 is 17.6 / 16, and e^0 + 2 e^-3.75 has the logarithm 0.73 / 16.
    assert unit.golden([[0, 0, 0], [7, -8, -8]]).tolist() == [[-18, -18, -18], [-1, -61, -61]]
    assert unit.golden.floats([[1.0, 1.0]]).tolist() == [[-0.75, -0.75]]


def test_outputs_are_limited():
    unit = small_log_softmax(output="SQ3.4")
    assert unit.golden([7, -8]).tolist() == [-1, -61]
    unit = small_log_softmax(source="SQ4.2", output="SQ3.4")
    assert unit.golden([31, -32]).tolist()[1] == -64


def test_halves_are_rounded_up():
    """Of the distance and the logarithm together, so that outputs are rounded down from a half on."""
    unit = small_log_softmax(base="2", output="SQ4.1", max_error="1ulp")
    words = {**unit.words, "log_bits": 2}

    class Constant:
        def __init__(self, code):
            self.code = code

        def __call__(self, codes):
            return np.full_like(codes, self.code)

    model = composite_model("log_softmax", unit.asked.as_dict(), words, {})
    model._parts = {"weight": unit.golden._parts["weight"], "logarithm": Constant(1)}  # a quarter above whole octaves
    assert model([0, 0]).tolist() == [-3, -3]  # 1.25, rounded to 1.5
