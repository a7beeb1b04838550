from base64 import b64decode

import numpy as np
import pytest

from softgate import design
from softgate.explore.report.curves import error_curve
from softgate.sim.golden.model import golden


def errors_of(found):
    unit = golden(found.plan)
    return np.concatenate([span.errors(unit(span.codes)) for span in found.specification.reference.spans()])


def unpacked(data, name):
    return np.frombuffer(b64decode(data[name]), dtype="<i2") * data["unit"]


@pytest.mark.parametrize(
    ("function", "formats", "parameters", "columns"),
    [
        ("tanh", ("SQ4.4", "SQ1.7"), {"method": "taylor", "degree": 1, "segments": 8}, 256),
        ("tanh", ("SQ4.5", "SQ1.7"), {"method": "taylor", "degree": 1, "segments": 8}, 512),
        ("logistic", ("SQ4.8", "UQ0.12"), {"method": "taylor", "degree": 2, "segments": 8}, 512),
        ("hard_logistic", ("SQ4.15", "UQ0.16"), {"variant": "keras3"}, 512),  # several spans
        ("tanh", ("SQ4.15", "SQ1.15"), {"method": "taylor", "degree": 3, "segments": 16}, 512),
        (
            "tanh",
            ("SQ9.10", "SQ1.15"),
            {"method": "taylor", "degree": 1, "segments": 16},
            512,
        ),  # several spans in a column
        ("hard_tanh", ("UQ1.0", "SQ2.3"), {}, 2),
    ],
)
def test_each_column_holds_the_extremes_of_its_inputs(function, formats, parameters, columns):
    found = design(function, *formats, **parameters)
    curve, errors = error_curve(found.plan, found.specification), errors_of(found)
    by_column = errors.reshape(columns, -1)
    assert curve.codes == by_column.shape[1]
    assert np.array_equal(curve.low, by_column.min(axis=1))
    assert np.array_equal(curve.high, by_column.max(axis=1))
    source = found.specification.input_format
    starts = curve.start + curve.step * np.arange(columns)
    assert np.array_equal(starts, source.to_float(source.codes()[:: curve.codes]))
    assert max(abs(curve.low).max(), abs(curve.high).max()) == pytest.approx(found.errors.max_ulp, abs=1e-9)


def test_what_is_written_loses_no_extreme():
    found = design("logistic", "SQ4.8", "UQ0.12", method="taylor", degree=2, segments=8)
    curve = error_curve(found.plan, found.specification)
    data = curve.as_dict()
    low, high = unpacked(data, "low"), unpacked(data, "high")
    slack = data["unit"] * 1e-9
    assert (low <= curve.low + slack).all() and (curve.low - low < data["unit"]).all()
    assert (high >= curve.high - slack).all() and (high - curve.high < data["unit"]).all()
    assert max(abs(low).max(), abs(high).max()) == pytest.approx(abs(errors_of(found)).max())


def test_single_inputs_are_written_once():
    found = design("tanh", "SQ4.4", "SQ1.7", method="taylor", degree=1, segments=8)
    data = error_curve(found.plan, found.specification).as_dict()
    assert data["high"] is None
    assert unpacked(data, "low") == pytest.approx(errors_of(found), abs=data["unit"])


def test_no_error_at_all():
    found = design("hard_tanh", "SQ4.4", "SQ1.7")
    data = error_curve(found.plan, found.specification).as_dict()
    assert data["unit"] == 0
    assert set(unpacked(data, "low").tolist()) == {0}


def test_wide_inputs_have_no_curve():
    found = design("hard_tanh", "SQ4.21", "SQ1.15")
    assert error_curve(found.plan, found.specification) is None
