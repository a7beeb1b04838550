import numpy as np
import pytest
from small_softmax import small_softmax

from softgate import softmax


def exact(x, fraction_bits, base=np.e):
    powers = base ** ((x - x.max(axis=-1, keepdims=True)) / 2.0**fraction_bits)
    return powers / powers.sum(axis=-1, keepdims=True)


def assert_contract(unit, x, fraction_bits, output_bits, base=np.e):
    """Hold the outputs of vectors to every promise."""
    limits = {promise.name: promise.limit for promise in unit.contract}
    y, p = unit.golden(x), exact(x, fraction_bits, base)
    if x.shape[-1] == 1:
        assert (y == (1 << output_bits) - 1).all()
        return
    assert np.abs(y / 2.0**output_bits - p).max() <= limits["error"]
    total = y.sum(axis=-1) / 2.0**output_bits
    assert total.max() <= 1
    assert total.min() >= 1 - limits["sum"]
    order = np.argsort(x, axis=-1, kind="stable")
    x, y = np.take_along_axis(x, order, -1), np.take_along_axis(y, order, -1)
    assert (np.diff(y, axis=-1) >= 0).all()
    assert (np.diff(y, axis=-1)[np.diff(x, axis=-1) == 0] == 0).all()


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("base", ["e", "2"])
def test_every_vector(length, base):
    unit = small_softmax(base=base)
    x = np.stack(np.meshgrid(*[np.arange(-8, 8)] * length), axis=-1).reshape(-1, length)
    assert_contract(unit, x, 2, 6, np.e if base == "e" else 2)


def test_literal_values():
    unit = small_softmax()
    assert unit.golden([[0, 0, 0], [7, -8, -8], [-8, -8, -7]]).tolist() == [[20, 20, 20], [57, 1, 1], [18, 18, 23]]
    assert unit.golden([[5]]).tolist() == [[63]]
    assert unit.golden.floats([[1.0, 1.0]]).tolist() == [[0.453125, 0.453125]]


def test_streams_of_vectors():
    unit = small_softmax()
    y, last = unit.golden.transfers([np.array([1, 2, 3, 4, 5, 6, 7]), np.array([0, 1, 1, 0, 0, 1, 0])])
    assert last.tolist() == [0, 1, 1, 0, 0, 1]  # the seventh element waits for the end of its vector
    assert y.tolist() == [*unit.golden([1, 2]), 63, *unit.golden([4, 5, 6])]


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ([[0, 0, 0, 0]], "vectors must have 1 to 3 elements along the last axis, not 4"),
        ([], "vectors must have 1 to 3 elements along the last axis, not 0"),
        ([[0, 8]], r"x\[0, 1\] is 8, not a code of SQ2\.2"),
        (np.ma.array([0, 1], mask=[0, 1]), "a softmax takes no masked codes"),
    ],
)
def test_golden_refusals(codes, message):
    with pytest.raises(ValueError, match=message):
        small_softmax().golden(np.asanyarray(codes, dtype=int) if not len(codes) else codes)


def test_floats_are_no_codes():
    with pytest.raises(TypeError):
        small_softmax().golden([[0.5, 1.0]])
    with pytest.raises(ValueError, match=r"NaN|nan"):
        small_softmax().golden.floats([[np.nan, 1.0]])


@pytest.mark.parametrize(
    ("codes", "kind", "message"),
    [
        (np.array([True, False]), TypeError, "codes of x must be integers, not bool"),
        ([1j], TypeError, r"codes of x must be integers, but the one at \[0\] is 1j"),
        ("3", TypeError, "codes of x must be integers, not '3'"),
        (None, TypeError, "codes of x must be integers, not None"),
        ([[1], [1, 2]], ValueError, "codes of x must be an array, not lists of different lengths or depths"),
        (np.array([200], np.uint8), ValueError, r"x\[0\] is 200, not a code of SQ2\.2"),
        (3, ValueError, "vectors must have 1 to 3 elements along the last axis"),
        (np.zeros((2, 0), int), ValueError, "vectors must have 1 to 3 elements along the last axis, not 0"),
    ],
    ids=["bool", "complex", "text", "nothing", "ragged", "another format", "no vector", "no elements"],
)
def test_what_is_no_vector_of_codes(codes, kind, message):
    with pytest.raises(kind, match=message):
        small_softmax().golden(codes)


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        (np.ma.array([0.0, 1.0], mask=[0, 1]), ValueError, "a softmax takes no masked values: leave them out"),
        ([1, 0], TypeError, "values of x must be floats, not int64, which may be codes"),
        ([[0.1], [0.1, 0.2]], ValueError, "values of x must be an array, not lists of different lengths"),
        ([0.0, np.nan], ValueError, r"values of x must be numbers, but there is a NaN at \[1\]"),
    ],
    ids=["masked", "codes", "ragged", "not a number"],
)
def test_what_is_no_vector_of_values(values, kind, message):
    with pytest.raises(kind, match=message):
        small_softmax().golden.floats(values)


def test_floats_out_of_range_are_limited():
    unit = small_softmax()
    expected = unit.golden.floats([1.75, -2.0]).tolist()
    assert unit.golden.floats([np.inf, -1e9]).tolist() == expected


def test_the_parallel_arrangement_takes_whole_vectors():
    with pytest.raises(ValueError, match="vectors must have 3 elements along the last axis, not 2"):
        small_softmax(arrangement="parallel").golden([1, 2])


@pytest.mark.slow
def test_every_vector_of_three_bytes():
    unit = softmax(3, "SQ4.4", "UQ0.8", max_error="2ulp")
    ends = np.arange(-128, 128)
    for first in ends:
        rest = np.stack(np.meshgrid(ends, ends), axis=-1).reshape(-1, 2)
        assert_contract(unit, np.hstack([np.full((len(rest), 1), first), rest]), 4, 8)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.5, 2, 8])
def test_a_hundred_thousand_vectors(spread):
    unit = softmax(10, "SQ6.10", "UQ0.16", max_error="2^-11")
    random = np.random.default_rng(3)
    for length in range(1, 11):
        x = np.clip(np.rint(random.normal(0, spread * 1024, (10_000, length))), -32768, 32767).astype(np.int64)
        x[:500] = x[:500, :1]  # all equal
        x[500:1000, -1] = x[500:1000].max(axis=1)  # ties
        x[1000:1500, -1] = np.minimum(x[1000:1500].max(axis=1) + 1, 32767)
        x[1500:1600], x[1500:1600, 0] = -32768, 32767
        assert_contract(unit, x, 10, 16)
