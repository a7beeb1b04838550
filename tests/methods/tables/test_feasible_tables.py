from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from specified import specify

from softgate.accuracy.admissible import admissible
from softgate.functions.hard_tanh import HardTanh
from softgate.functions.properties import Ramp, Symmetry
from softgate.methods.tables import FOLDINGS
from softgate.methods.tables.feasible_tables import feasible_tables
from softgate.plan.operations.base import Range


def only_table(specification, name, kept=0):
    (found,) = (table for table in feasible_tables(specification, [name]) if table.kept.count == kept)
    return found


def test_every_input_has_an_entry_of_its_own_beside_that_of_its_ones_complement():
    # tanh(1/2) is 3.70 eighths, tanh(1) 6.09: -1/2 may give -4 or -3, the ones' complements of 3 and 2, and -1 -7 or
    # -6, those of 6 and 5. From 1 and -3/2 on, 7 will do, which gives 7 and -8.
    specification = specify("tanh", "SQ3.1", "SQ1.3", "1ulp", ends="free")
    table = only_table(specification, "complement")
    assert table.addresses == Range(0, 3)
    assert table.low.tolist() == [0, 2, 3, 5]
    assert table.high.tolist() == [0, 3, 4, 6]
    assert table.beyond == (None, 7)


def test_a_magnitude_serves_both_signs():
    # 3 for tanh(1/2) = 3.70 eighths gives 3 and -4; 4 would give -5. The negative of 3, or of 4, is as good as either.
    specification = specify("tanh", "SQ3.1", "SQ1.3", "1ulp", ends="free")
    assert only_table(specification, "magnitude").low.tolist() == [0, 3, 6, 7]
    assert only_table(specification, "magnitude").high.tolist() == [0, 3, 6, 7]
    negated = only_table(specification, "negation")
    assert negated.low.tolist()[:2] == [0, 3]
    assert negated.high.tolist()[:2] == [0, 4]


def test_low_bits_that_are_kept():
    # With the lowest bit 1: 3 and 7 of 3.70 and 6.09, but 0 at 0. With the lowest two bits 10, of 4 codes: 2, 6, 6.
    halved = only_table(specify("tanh", "SQ3.1", "SQ1.3", "1ulp", ends="free"), "magnitude", kept=1)
    assert (halved.kept.usual, halved.kept.values.tolist()) == (1, [0, 1])
    assert (halved.low.tolist(), halved.high.tolist()) == ([0, 1], [0, 1])
    assert halved.beyond == (None, 3)
    quartered = only_table(specify("tanh", "SQ3.1", "SQ1.3", "2ulp", ends="free"), "magnitude", kept=2)
    assert quartered.kept.usual == 2
    logistic = only_table(specify("logistic", "SQ4.4", "UQ0.8", "1ulp", ends="free"), "code", kept=1)
    assert np.flatnonzero(logistic.kept.values != 1).tolist() == [0]  # which is 128 sharp, at index 0


def test_the_table_holds_what_is_not_saturated():
    # tanh reaches 126 of 128 at 39/16: below -2.5 and from 2.5 on one code will do.
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp", ends="free")
    plain = only_table(specification, "code")
    assert plain.addresses == Range(-64, 63)
    assert plain.beyond == (-127, 127)
    assert only_table(specification, "magnitude").addresses == Range(0, 63)
    assert only_table(specification, "complement").addresses == Range(0, 127)
    positive = only_table(specify("tanh", "SQ4.4", "SQ1.7", "1ulp", input_range=Range(20, 90)), "code")
    assert positive.addresses == Range(0, 63)
    assert (positive.high[:20] > 1 << 40).all()  # inputs that do not occur
    assert positive.beyond == (None, 127)


@pytest.mark.parametrize("kind", FOLDINGS)
def test_unsigned_inputs_have_nothing_to_fold(kind):
    found = list(feasible_tables(specify("tanh", "UQ3.3", "UQ0.8", "1ulp", ends="free"), [kind]))
    assert bool(found) is (kind == "code")


@dataclass(frozen=True)
class Raised(HardTanh):
    """A clamped ramp from 1/4 to 1/2, which is symmetric about 3/8: 3/4 is no power of two."""

    @property
    def symmetry(self):
        return Symmetry(-1, Fraction(3, 4))

    @property
    def ramp(self):
        return Ramp(Fraction(1, 8), Fraction(3, 8), Fraction(1, 4), Fraction(1, 2))

    def __call__(self, x, m):
        return m.clip(x / 8 + m.rational(Fraction(3, 8)), Fraction(1, 4), Fraction(1, 2))


def test_only_bits_can_be_complemented():
    assert {
        table.folding.name for table in feasible_tables(specify(Raised(), "SQ2.4", "UQ0.6", "1ulp", ends="free"))
    } == {"code"}


def test_errors_that_only_many_digits_tell_from_the_limit_are_avoided():
    # tanh(20) is 2 - 2**-56 in halves: 1 is within 1 ulp of it, but no code to choose.
    specification = specify("tanh", "UQ6.0", "UQ1.1", "1ulp", ends="free")
    assert admissible(specification)[0][20] == 1
    (plain, *_) = feasible_tables(specification, ["code"])
    assert plain.beyond[1] == 2


def test_no_folding_where_a_budget_cannot_be_met():
    coarse = specify("tanh", "SQ4.4", "SQ1.3", "1e-3")
    low, high = admissible(coarse)
    assert np.any(low > high)
    assert list(feasible_tables(coarse)) == []
