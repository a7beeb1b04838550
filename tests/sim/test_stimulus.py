import numpy as np
import pytest

from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Absolute, Add, Bits, Clamp, Range
from softgate.sim.golden.model import golden
from softgate.sim.stimulus import SAMPLES, codes_in_order, combinations, stimulus_codes


def identity(fmt):
    fmt = FixedFormat.parse(fmt)
    b = PlanBuilder()
    return b.build(y=(b.input("x", fmt), fmt))


def total(*formats):
    b = PlanBuilder()
    first, *others = (b.input(f"x{i}", FixedFormat.parse(text)) for i, text in enumerate(formats))
    for i, other in enumerate(others):
        first = b.let(f"sum{i}", Add(first, other))
    held = b.range(first)
    return b.build(y=(first, FixedFormat(held.signed, held.width, 0)))


@pytest.mark.parametrize("fmt", ["SQ1.0", "UQ3.0", "SQ4.4", "UQ0.16"])
def test_small_inputs_are_driven_entirely(fmt):
    held = FixedFormat.parse(fmt)
    assert stimulus_codes(identity(fmt)).tolist() == [list(range(held.min_code, held.max_code + 1))]


def test_small_inputs_together_are_driven_in_every_combination():
    assert stimulus_codes(total("SQ1.0", "UQ2.0")).tolist() == [[-1] * 4 + [0] * 4, [0, 1, 2, 3] * 2]


@pytest.mark.parametrize("fmt", ["SQ8.16", "UQ0.32", "SQ4.60", "UQ32.32"])
def test_wide_inputs_hold_the_corners_and_a_sample(fmt):
    held = FixedFormat.parse(fmt)
    (codes,) = stimulus_codes(identity(fmt))
    driven = set(codes.tolist())
    corners = {0, 1, held.min_code, held.min_code + 1, held.max_code - 1, held.max_code, 2**17 - 1, 2**17, 2**17 + 1}
    assert corners <= driven
    if held.signed:
        assert {-1, -(2**17), -(2**17) - 1} <= driven
    assert SAMPLES * 0.8 < len(driven) == len(codes) < 2 * SAMPLES
    assert golden(identity(fmt))(codes).tolist() == codes.tolist()


def test_limits_and_edges_of_pieces_are_corners():
    fmt = FixedFormat.parse("SQ4.20")
    b = PlanBuilder()
    size = b.let("size", Absolute(b.input("x", fmt)))
    limited = b.let("limited", Clamp(size, 0, 5_000_001))
    piece = b.let("piece", Bits(limited, 20, 3))
    (codes,) = stimulus_codes(b.build(y=(piece, FixedFormat.parse("UQ3.0"))))
    assert {5_000_000, 5_000_001, 5_000_002, -5_000_002, 3 << 20, (3 << 20) - 1, -(5 << 20) - 1} <= set(codes.tolist())


def test_wide_inputs_together_meet_at_their_corners():
    first, second = stimulus_codes(total("SQ16.0", "UQ20.0"))
    assert len(first) == len(second) == 6 + 3 * SAMPLES
    pairs = set(zip(first.tolist(), second.tolist(), strict=True))
    assert any(abs(a) <= 1 and b >= (1 << 20) - 2 for a, b in pairs)


def test_ends_of_several_wide_inputs_meet():
    pairs = set(zip(*stimulus_codes(total("SQ16.0", "UQ20.0")).tolist(), strict=True))
    assert {(a, b) for a in (-(1 << 15), 0, (1 << 15) - 1) for b in (0, (1 << 20) - 1)} <= pairs


def test_the_sample_of_several_inputs_is_stratified():
    first, second = stimulus_codes(total("SQ16.0", "UQ20.0"))[:, 6 + SAMPLES : 6 + 2 * SAMPLES].astype(np.int64)
    strata = np.arange(SAMPLES)
    assert np.array_equal(np.sort((first + (1 << 15)) // ((1 << 16) // SAMPLES)), strata)
    assert np.array_equal(np.sort(second // ((1 << 20) // SAMPLES)), strata)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05


def test_ends_of_many_inputs_meet_at_random():
    codes = stimulus_codes(total(*["SQ4.0"] * 9))
    assert codes.shape == (9, 4 * SAMPLES)


def test_codes_in_order_are_all_inputs():
    plan = total("SQ3.0", "UQ2.0")
    assert combinations(plan) == 32
    parts = [codes_in_order(plan, start, start + 8) for start in range(0, 32, 8)]
    assert np.array_equal(np.concatenate(parts, axis=1), stimulus_codes(plan))


def test_codes_in_order_of_words_with_all_their_bits():
    plan = ranged("UQ32.32", (1 << 64) - 9, (1 << 64) - 1)
    (codes,) = codes_in_order(plan, 2, 9)
    assert codes.dtype == np.uint64
    assert codes.tolist() == list(range((1 << 64) - 7, 1 << 64))


def test_the_seed_decides():
    plan = identity("SQ8.16")
    assert np.array_equal(stimulus_codes(plan, 7), stimulus_codes(plan, 7))
    assert not np.array_equal(stimulus_codes(plan, 7)[0, :4096], stimulus_codes(plan, 8)[0, :4096])


def test_the_limit_decides():
    assert stimulus_codes(identity("SQ4.4"), limit_bits=7).shape[1] > 100
    assert stimulus_codes(identity("SQ4.14"), limit_bits=18).shape == (1, 1 << 18)


def ranged(fmt, low, high):
    fmt = FixedFormat.parse(fmt)
    b = PlanBuilder()
    return b.build(y=(b.input("x", fmt, within=Range(low, high)), fmt))


@pytest.mark.parametrize(
    ("fmt", "low", "high"), [("SQ4.4", -3, 9), ("UQ32.32", (1 << 64) - 9, (1 << 64) - 1), ("SQ2.30", 5, 5)]
)
def test_small_ranges_are_driven_entirely(fmt, low, high):
    assert stimulus_codes(ranged(fmt, low, high)).tolist() == [list(range(low, high + 1))]


@pytest.mark.parametrize(
    ("low", "high"),
    [(-(1 << 20), 1 << 19), (1 << 18, 1 << 22), (-(1 << 23), -(1 << 17)), (0, 1 << 22), (-(1 << 23), 0)],
)
def test_only_codes_of_a_range_are_driven(low, high):
    plan = ranged("SQ8.16", low, high)
    (codes,) = stimulus_codes(plan)
    driven = set(codes.tolist())
    assert min(driven) == low and max(driven) == high
    assert {low + 1, high - 1} <= driven
    assert SAMPLES * 0.75 < len(driven) == len(codes) < 2 * SAMPLES
    nearest = min(max(0, low), high)
    assert sum(abs(code - nearest) < (high - low) // 64 for code in driven) > SAMPLES // 8  # some are next to 0


def test_edges_of_pieces_within_a_range():
    b = PlanBuilder()
    x = b.input("x", FixedFormat.parse("SQ4.20"), within=Range(5 << 18, 15 << 18))
    (codes,) = stimulus_codes(b.build(y=(b.let("piece", Bits(x, 18, 4)), FixedFormat.parse("UQ4.0"))))
    assert {edge + near for edge in range(6 << 18, 15 << 18, 1 << 18) for near in (-1, 0, 1)} <= set(codes.tolist())
