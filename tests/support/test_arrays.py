"""Arrays that users give to the golden model and to formats: kinds, masks, shapes and positions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan import operations as op
from softgate.sim.golden.model import golden

FORMAT = FixedFormat.parse("SQ4.4")


@pytest.fixture(scope="module")
def model():
    """A model of y = |x|, both with 4 fraction bits."""
    b = PlanBuilder()
    x = b.input("x", FORMAT)
    return golden(b.build(y=(b.let("size", op.Absolute(x)), FixedFormat.parse("UQ4.4"))))


VALUES = np.array([[[-1.5, 0.25], [2.0, -8.0]], [[0.0, 1.25], [-0.75, 3.5]], [[7.5, -7.0], [0.5, 0.125]]])
"""Values of the format in an array of shape (3, 2, 2)."""


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f4", ">f8", "<f2", "g", "O"])
def test_floats_of_every_kind(model, kind):
    assert np.array_equal(model.floats(VALUES.astype(kind)), np.abs(VALUES))


def test_values_longer_than_double_precision_are_rounded_once():
    if np.finfo(np.longdouble).nmant <= 52:
        pytest.skip("a long double is a double here")
    above_the_tie = np.array([0.5], np.longdouble) + np.longdouble(2) ** -60
    assert FixedFormat.parse("SQ4.0").quantize(above_the_tie).tolist() == [1]


@pytest.mark.parametrize("kind", ["i1", "i4", ">i2", "u1", ">u8", "O"])
def test_codes_of_every_kind(model, kind):
    codes = np.arange(12).reshape(3, 2, 2).astype(kind)
    assert np.array_equal(model(codes), np.arange(12).reshape(3, 2, 2))


def test_layouts(model):
    assert np.array_equal(model.floats(VALUES[::-1, :, ::-1]), np.abs(VALUES)[::-1, :, ::-1])
    assert np.array_equal(model.floats(np.asfortranarray(VALUES)), np.abs(VALUES))
    still = VALUES.copy()
    still.flags.writeable = False
    assert np.array_equal(model.floats(still), np.abs(VALUES))
    assert model.floats(VALUES.tolist()).shape == (3, 2, 2)
    assert float(model.floats(-0.5)) == 0.5
    assert model.floats(np.float32(-0.5)).shape == ()
    assert model.floats([]).shape == (0,)
    assert model.floats(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert model([]).shape == (0,)
    assert model(np.zeros((0, 4), int)).shape == (0, 4)


class Column:
    """A column of a table, of which numpy makes an array."""

    def __array__(self, dtype=None, copy=None):
        return np.array([-1.0, 0.5], dtype=dtype)


def test_what_numpy_makes_an_array_of(model):
    assert model.floats(Column()).tolist() == [1.0, 0.5]


@pytest.mark.parametrize(
    "codes", [3, [1, 2], np.array([1, 2]), np.array([[1]], np.uint8), np.int16(4), np.ma.array([1, 2], mask=[0, 1])]
)
def test_integers_could_be_codes_and_are_no_values(model, codes):
    with pytest.raises(TypeError, match=r"^values of x must be floats, not u?int\d+, which may be codes: call golden"):
        model.floats(codes)
    values = np.ma.array(codes).astype(float)
    assert np.array_equal(model.floats(values).filled(0), values.filled(0))


@pytest.mark.parametrize(
    ("values", "end"),
    [
        (None, ", not None"),
        (True, ", not bool"),
        ([True, False], ", not bool"),
        (1j, ", not complex128"),
        ("0.5", ", not text"),
        (["0.5", "a"], ", not text"),
        (b"1", ", not bytes"),
        ({}, ", not {}"),
        (object, ", not <class 'object'>"),
        (Fraction(1, 3), ", not Fraction(1, 3)"),
        ([[0.5, 1.0], [0.5, None]], ", but the one at [1, 1] is None"),
        ([0.5, Decimal(1)], ", but the one at [1] is Decimal('1')"),
        (np.array([0.5, 3], dtype=object), ", but the one at [1] is 3"),
        (np.array([(0.5,)], dtype=[("a", "f8")]), ", not void64"),
        (np.array(["2020-01-01"], "M8[D]"), ", not datetime64[D]"),
    ],
)
def test_what_is_no_float_is_refused(model, values, end):
    with pytest.raises(TypeError) as raised:
        model.floats(values)
    assert str(raised.value) == f"values of x must be floats{end}"


@pytest.mark.parametrize("codes", [None, 1j, {}, "1", [None], np.array(["a"]), np.array([True])])
def test_what_is_no_code_is_refused(model, codes):
    with pytest.raises(TypeError, match=r"^codes of x must be integers, [^;]*$"):
        model(codes)


@pytest.mark.parametrize("codes", [0.5, [1, 0.5], np.array([0.5]), np.float32(1), np.array([0.5], object)])
def test_where_values_go_is_said(model, codes):
    """Only where `floats` takes them: a format, which is given codes by the same rule, has no such call."""
    with pytest.raises(TypeError, match=r"^codes of x must be integers, .*; call floats\(\) for values$"):
        model(codes)
    with pytest.raises(TypeError, match=r"^codes must be integers, [^;]*$"):
        FORMAT.to_float(codes)


def test_ragged_lists_are_refused(model):
    for call, what in ((model, "codes of x"), (model.floats, "values of x"), (FORMAT.quantize, "values")):
        with pytest.raises(ValueError, match=f"^{what} must be an array, not lists of different lengths or depths$"):
            call([[1, 2], [3]])


def test_a_nan_is_refused_by_its_index(model):
    values = VALUES.copy()
    values[1, 0, 1] = values[2, 1, 1] = np.nan
    with pytest.raises(ValueError, match=r"^values of x must be numbers, but there is a NaN at \[1, 0, 1\]$"):
        model.floats(values)
    with pytest.raises(ValueError, match=r"^values of x must be numbers, but there is a NaN$"):
        model.floats(np.nan)


def test_infinities_saturate(model):
    assert model.floats([np.inf, -np.inf, 1e308]).tolist() == [7.9375, 8.0, 7.9375]


def test_a_code_outside_is_named_by_its_index(model):
    codes = np.zeros((4, 2, 3), int)
    codes[3, 1, 0] = 128
    with pytest.raises(ValueError, match=r"\[-128, 127\], the codes of SQ4\.4, but the one at \[3, 1, 0\] is 128$"):
        model(codes)
    with pytest.raises(ValueError, match=r"but it is 128$"):
        model(128)


@pytest.mark.parametrize("under", [np.nan, np.inf, 1e300, 0.5])
def test_a_mask_of_values_is_kept(model, under):
    mask = np.zeros(VALUES.shape, bool)
    mask[1, 0, 1] = mask[2, 1, 0] = True
    values = np.where(mask, under, VALUES)
    given = np.ma.array(values, mask=mask)
    found = model.floats(given)
    assert isinstance(found, np.ma.MaskedArray)
    assert np.array_equal(found.mask, mask)
    assert np.array_equal(found.data[~mask], np.abs(VALUES)[~mask])
    assert np.array_equal(given.data, values, equal_nan=True)  # it is not written to
    lists = model.floats([np.ma.array(part, mask=hidden) for part, hidden in zip(values, mask, strict=True)])
    assert np.array_equal(lists.mask, mask)


@pytest.mark.parametrize("under", [10**6, -129, 3])
def test_a_mask_of_codes_is_kept(model, under):
    found = model(np.ma.array([under, -3, 4], mask=[True, False, False]))
    assert found.mask.tolist() == [True, False, False]
    assert found.tolist() == [None, 3, 4]
    assert isinstance(model(np.ma.array([1, 2])), np.ma.MaskedArray)


def test_masks_of_several_inputs_are_joined():
    b = PlanBuilder()
    x, z = (b.input(name, FORMAT, within=op.Range(5, 9)) for name in "xz")
    model = golden(b.build(y=(b.let("sum", op.Add(x, z)), FixedFormat.parse("SQ5.4")), w=(x, FORMAT)))
    y, w = model(np.ma.array([[5], [0]], mask=[[0], [1]]), np.ma.array([6, 999], mask=[0, 1]))
    assert y.tolist() == [[11, None], [None, None]]
    assert w.mask.tolist() == [[False, True], [True, True]]
    with pytest.raises(ValueError, match=r"^inputs must have shapes that broadcast, not \(2,\) and \(3,\)$"):
        model([5, 5], [5, 5, 5])


def test_formats_keep_masks_and_refuse_what_is_no_number():
    codes = FORMAT.quantize(np.ma.array([0.5, np.nan], mask=[0, 1]))
    assert codes.tolist() == [8, None]
    assert FORMAT.to_float(codes).tolist() == [0.5, None]
    for wrong in (None, "1", [True], 1j):
        with pytest.raises(TypeError, match=r"^values must be floats"):
            FORMAT.quantize(wrong)
        with pytest.raises(TypeError, match=r"^codes must be integers"):
            FORMAT.to_float(wrong)


@pytest.mark.parametrize(
    ("text", "value"), [("SQ64.0", 2**62 + 1), ("SQ40.24", 2**39 - 1), ("UQ1.3", -5), ("SQ4.4", 99)]
)
def test_integers_are_quantised_exactly(text, value):
    fmt = FixedFormat.parse(text)
    exact = min(max(value * 2**fmt.fraction_bits, fmt.min_code), fmt.max_code)
    assert fmt.quantize([value]).tolist() == [exact]


def test_a_trace_is_of_one_code(model):
    with pytest.raises(ValueError, match=r"^trace takes one code of x, not 2 codes$"):
        model.trace([1, 2])
    with pytest.raises(ValueError, match=r"^trace takes one code of x, not masked codes$"):
        model.trace(np.ma.array(3, mask=True))
