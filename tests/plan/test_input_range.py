from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import code_ranges, formats

from softgate.plan import FixedFormat, parse_format
from softgate.plan.input_range import read_clip, read_input_range, show_codes
from softgate.plan.operations.base import Range

parse = FixedFormat.parse
HINT = "write LO:HI, such as -4:4, 0:1/3 or 2^-3:0.5"


@pytest.mark.parametrize(
    ("given", "fmt", "codes"),
    [
        ("-4:4", "SQ4.12", (-16384, 16384)),
        (" -4 : 4 ", "SQ4.12", (-16384, 16384)),
        ("0:1/3", "SQ4.12", (0, 1365)),  # 1365.33
        ("-1/3:-2^-3", "SQ4.12", (-1365, -512)),  # inwards
        ("-2^2:2^2", "SQ4.12", (-16384, 16384)),
        ("0.1:0.2", "SQ4.4", (2, 3)),  # 1.6 to 3.2
        ("1e-1:2e-1", "SQ4.4", (2, 3)),
        ("0:0.24", "SQ4.4", (0, 3)),  # 3.84
        ("-0.24:-0.01", "SQ4.4", (-3, -1)),  # -3.84 to -0.16
        ("0.5:0.5", "SQ4.4", (8, 8)),
        ("-100:0", "SQ4.4", (-128, 0)),
        ("7:1e300", "SQ4.4", (112, 127)),
        ("-1:3", "UQ4.4", (0, 48)),
        ("-1:0", "UQ4.4", (0, 0)),
        ((-0.5, 0.25), "SQ4.4", (-8, 4)),
        (["-1/2", Fraction(1, 4)], "SQ4.4", (-8, 4)),
        ((0, 1), "SQ4.60", (0, 1 << 60)),
    ],
)
def test_limits_become_codes(given, fmt, codes):
    assert read_input_range(given, parse(fmt)) == codes


@pytest.mark.parametrize(
    ("given", "fmt"), [("-8:8", "SQ4.4"), ("-8:7.9375", "SQ4.4"), ((0, 99), "UQ4.4"), ("-9:1e9", "SQ4.4")]
)
def test_the_whole_format_is_no_promise(given, fmt):
    assert read_input_range(given, parse(fmt)) is None


@given(st.tuples(*[st.fractions(-9, 9, max_denominator=60)] * 2).map(sorted), formats(st.integers(1, 6)))
def test_codes_are_those_whose_values_lie_within(limits, fmt):
    codes = range(fmt.min_code, fmt.max_code + 1)
    within = [code for code in codes if limits[0] <= fmt.value(code) <= limits[1]]
    if not within:
        with pytest.raises(ValueError, match=r"holds no code|lies outside"):
            read_input_range(limits, fmt)
    else:
        expected = None if len(within) == len(codes) else (within[0], within[-1])
        assert read_input_range(limits, fmt) == expected


@given(st.data())
def test_limits_at_codes_are_these_codes(data):
    fmt = data.draw(formats())
    held = data.draw(code_ranges(fmt))
    assert read_input_range([fmt.value(code) for code in held], fmt) == (None if held == Range.of(fmt) else held)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("4", f"input range '4' is invalid: {HINT}"),
        ("1:2:3", f"input range '1:2:3' is invalid: {HINT}"),
        ((1,), f"input range '1' is invalid: {HINT}"),
        ("", f"input range '' is invalid: {HINT}"),
        (":", f"input range ':' is invalid: an empty limit is not a number; {HINT}"),
        ("a:4", f"input range 'a:4' is invalid: 'a' is not a number; {HINT}"),
        ("0:1/0", f"input range '0:1/0' is invalid: '1/0' is not a number; {HINT}"),
        ("-inf:4", f"input range '-inf:4' is invalid: '-inf' is not a number; {HINT}"),
        ((None, 4), f"input range 'None:4' is invalid: None is not a number; {HINT}"),
        ("4:-4", "input range '4:-4' is the wrong way round: its lower limit is above its upper one"),
        ("9:10", "input range '9:10' lies outside SQ4.4, which goes from -8 to 7.9375"),
        ("-10:-8.1", "input range '-10:-8.1' lies outside SQ4.4, which goes from -8 to 7.9375"),
        ("0.01:0.02", "input range '0.01:0.02' holds no code of SQ4.4, whose codes are 0.0625 apart"),
        ("7.95:9", "input range '7.95:9' lies outside SQ4.4, which goes from -8 to 7.9375"),
    ],
)
def test_ranges_that_are_none(given, message):
    with pytest.raises(TypeError if given == (None, 4) else ValueError) as raised:
        read_input_range(given, parse("SQ4.4"))
    assert str(raised.value) == message


@pytest.mark.parametrize("given", [4, 0.5, True, None, {1, 2}])
def test_other_kinds_are_refused(given):
    with pytest.raises(TypeError) as raised:
        read_input_range(given, parse("SQ4.4"))
    assert str(raised.value) == f"an input range is written as two numbers or as text such as '-4:4', not {given!r}"


def test_shown_in_values_and_codes():
    assert show_codes(Range(-4096, 4095), parse("SQ4.12")) == "-1 to 0.9997558594 (codes -4096 to 4095)"


@pytest.mark.parametrize(
    ("given", "limits"), [("-4:4", (-4, 4)), ((-1, 0.5), (-1, Fraction(1, 2))), ("1/3:2^3", (Fraction(1, 3), 8))]
)
def test_clips(given, limits):
    assert read_clip(given) == limits


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("4:-4", "clip '4:-4' is the wrong way round: its lower limit is above its upper one"),
        ("4:4", "clip '4:4' leaves one input: its lower limit must be below its upper one"),
        ("4", f"clip '4' is invalid: {HINT}"),
        ("a:4", f"clip 'a:4' is invalid: 'a' is not a number; {HINT}"),
    ],
)
def test_bad_clips(given, message):
    with pytest.raises(ValueError) as raised:
        read_clip(given)
    assert str(raised.value) == message


@pytest.mark.parametrize("given", ["100:200", "-9:-8", "7.9375:9"])
def test_clips_that_leave_one_value_of_a_format(given):
    with pytest.raises(ValueError) as raised:
        read_clip(given, parse("SQ4.4"))
    assert str(raised.value) == f"clip '{given}' leaves one input of SQ4.4, which goes from -8 to 7.9375"


def test_affine_inputs_are_limited_by_their_values():
    fmt = parse_format("int8:0.05:-3")
    assert read_input_range("-1:0.1", fmt) == Range(-23, -1)
    assert show_codes(Range(-23, -1), fmt) == "-1 to 0.1 (codes -23 to -1)"
    assert read_clip("-7:8", fmt) == (-7, 8)
    with pytest.raises(ValueError, match=r"leaves one input of int8:0.05:-3, which goes from -6\.25 to 6\.5"):
        read_clip("-9:-6.25", fmt)
