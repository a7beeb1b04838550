from fractions import Fraction
from itertools import pairwise

import pytest
from made_up import Lopsided
from specified import specify

from softgate.accuracy.specification import Specification
from softgate.methods.range_reduction.reduced_input import ReducedInput
from softgate.plan import FixedFormat
from softgate.plan.operations.base import Range


@pytest.mark.parametrize(
    ("function", "source", "output", "budget", "folded", "top", "last", "saturated"),
    [
        # 256 s(x) is within 1/2 of 256 from ln(511) = 6.236... on, which is code 99.8 of 16 a unit
        ("logistic", "SQ4.4", "UQ0.8", None, True, 128, 99, 256),
        ("logistic", "SQ4.4", "UQ0.8", "1ulp", True, 128, 99, 256),
        # within 2: from ln(127) = 4.844... on, code 77.5
        ("logistic", "SQ4.4", "UQ0.8", "4ulp", True, 128, 77, 256),
        ("logistic", "UQ4.4", "UQ0.8", None, False, 255, 99, 256),
        # 128 tanh(x) is within 1/2 of 128 from ln(511) / 2 on, code 49.9
        ("tanh", "SQ4.4", "SQ1.7", None, True, 128, 49, 128),
        ("tanh", "SQ1.7", "SQ1.7", None, True, 128, 128, 128),  # it does not saturate
    ],
)
def test_domains(function, source, output, budget, folded, top, last, saturated):
    domain = ReducedInput.of(specify(function, source, output, budget))
    assert (domain.folded, domain.codes, domain.inside) == (folded, (0, top), (0, last))
    assert domain.saturated == (None if folded else 0, saturated)


@pytest.mark.parametrize(
    ("codes", "folded", "left", "inside", "saturated"),
    [
        # tanh in 1/128 is within 1/2 of its limits from code 49.9 of 16 a unit on
        ((-128, 127), True, (0, 128), (0, 49), (None, 128)),
        ((-32, 16), True, (0, 32), (0, 32), (None, 128)),
        ((-16, 96), True, (0, 96), (0, 49), (None, 128)),
        ((0, 64), False, (0, 64), (0, 49), (-128, 128)),
        ((-64, 0), False, (-64, 0), (-49, 0), (-128, 128)),
        ((-64, -16), False, (-64, -16), (-49, -16), (-128, 128)),
        ((16, 32), False, (16, 32), (16, 32), (-128, 128)),
        ((50, 60), False, (50, 60), (50, 60), (None, None)),  # a constant, which needs no other beside it
        ((49, 60), False, (49, 60), (49, 49), (-128, 128)),
        ((7, 7), False, (7, 7), (7, 7), (-128, 128)),
    ],
)
def test_domains_of_ranges(codes, folded, left, inside, saturated):
    domain = ReducedInput.of(specify("tanh", "SQ4.4", "SQ1.7", input_range=Range(*codes)))
    assert (domain.folded, domain.codes, domain.inside, domain.saturated) == (folded, left, inside, saturated)


@pytest.mark.parametrize(
    ("codes", "folded", "left", "inside", "saturated"),
    [
        # 256 (1 - tanh(x)**2) is 1/2 at acosh(sqrt(512)) = 3.811..., code 60.98 of 16 a unit
        ((-128, 127), True, (0, 128), (0, 60), (None, 0)),
        ((-32, 16), True, (0, 32), (0, 32), (None, 0)),
        ((0, 64), False, (0, 64), (0, 60), (0, 0)),
        ((8, 64), False, (8, 64), (8, 60), (0, 0)),
        ((-64, 0), False, (-64, 0), (-60, 0), (0, 0)),
        ((-64, -16), False, (-64, -16), (-60, -16), (0, 0)),
        ((-128, -50), False, (-128, -50), (-60, -50), (0, 0)),
        ((50, 127), False, (50, 127), (50, 60), (0, 0)),
        ((61, 70), False, (61, 70), (61, 70), (None, None)),
        ((-70, -61), False, (-70, -61), (-70, -61), (None, None)),
    ],
)
def test_domains_of_an_even_function(codes, folded, left, inside, saturated):
    domain = ReducedInput.of(specify("tanh_derivative", "SQ4.4", "UQ0.8", input_range=Range(*codes)))
    assert (domain.folded, domain.codes, domain.inside, domain.saturated) == (folded, left, inside, saturated)


def test_without_symmetry_nothing_is_folded():
    fmt = FixedFormat.parse
    domain = ReducedInput.of(Specification(Lopsided(), fmt("SQ4.4"), fmt("SQ1.7")))
    assert (domain.folded, domain.codes, domain.inside) == (False, (-128, 127), (-49, 49))
    assert domain.saturated == (-128, 128)


def test_a_wider_tolerance_leaves_less():
    domain = ReducedInput.of(specify("tanh", "SQ4.12", "SQ1.15"))
    assert domain.unsaturated(Fraction(1, 2)) == domain.inside
    left = [domain.unsaturated(Fraction(1 << bits)) for bits in range(17)]
    assert all(before.covers(after) for before, after in pairwise(left))
    for bits, codes in enumerate(left[:15]):
        inside, beyond = (domain.specification.true_value(Fraction(codes.high + step, 1 << 12)) for step in (0, 1))
        assert (1 << 15) - inside > 1 << bits >= (1 << 15) - beyond
    assert left[-1].size == 0
