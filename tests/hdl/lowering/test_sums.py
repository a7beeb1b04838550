"""Trees of adders: what they add up to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lowered import lowered_inputs, value

from softgate.hdl.lowering.sums import Sum, Term, add_up
from softgate.plan import FixedFormat
from softgate.plan import operations as op

FORMATS = {"a": "SQ5.0", "b": "UQ5.0", "c": "SQ1.0", "d": "UQ9.0", "e": "SQ64.0"}
BITS = {f"bit{n}": "UQ1.0" for n in range(6)}


def lowered_terms(period=100.0):
    return lowered_inputs(period, **FORMATS, **BITS)


def codes():
    ports = {name: FixedFormat.parse(fmt) for name, fmt in (FORMATS | BITS).items()}
    return st.fixed_dictionaries({name: st.integers(fmt.min_code, fmt.max_code) for name, fmt in ports.items()})


def sums():
    term = st.builds(Term, st.sampled_from(sorted(FORMATS)), st.integers(0, 12))
    one = st.builds(Term, st.sampled_from(sorted(BITS)), st.integers(0, 14))
    constant = st.one_of(st.just(0), st.integers(-300, 300))
    return st.builds(
        Sum,
        st.lists(term, min_size=1, max_size=9),
        st.lists(one, max_size=6, unique_by=(lambda o: o.step, lambda o: o.shift)),
        constant,
    )


@settings(max_examples=150)
@given(sums(), st.lists(codes(), min_size=1, max_size=3), st.sampled_from([0.0, 3.0, 4.0, 9.0]))
def test_sums_are_what_their_terms_add_up_to(total, inputs, stage):
    made = lowered_terms(stage)
    step = add_up(made, "sum", total)
    for given_codes in inputs:
        expected = sum(given_codes[term.step] << term.shift for term in (*total.terms, *total.ones)) + total.constant
        assert value(made, step, given_codes) == expected


ROWS = [Term("a", 0), Term("b", 2), Term("c", 4), Term("d", 6)]


@pytest.mark.parametrize(
    "ones",
    [
        pytest.param([Term("bit0", 0), Term("bit1", 2), Term("bit2", 4)], id="beside the rows above"),
        pytest.param([Term("bit0", 1), Term("bit1", 3), Term("bit2", 5)], id="between the places of rows"),
        pytest.param([Term("bit0", 2), Term("bit1", 4)], id="as carries"),
        pytest.param([Term("bit0", 0), Term("bit1", 1)], id="two beside one row"),
    ],
)
def test_ones_take_no_adders(ones):
    made = lowered_terms()
    step = add_up(made, "sum", Sum(ROWS, ones))
    assert (depth(made, step), count(made, step)) == (2, 3)
    codes = {"a": -16, "b": 31, "c": -1, "d": 511, "bit0": 1, "bit1": 1, "bit2": 1}
    total = -16 + 31 * 4 - 16 + 511 * 64 + sum(1 << one.shift for one in ones)
    assert value(made, step, codes) == total


def test_ones_without_room_are_one_more_row():
    made = lowered_terms()
    step = add_up(made, "sum", Sum([Term("a", 0)], [Term("bit0", 0), Term("bit1", 3)]))
    assert count(made, step) == 1
    assert value(made, step, {"a": -16, "bit0": 1, "bit1": 1}) == -7


def test_a_tree_is_as_deep_as_its_terms_ask():
    for terms, levels in {1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 8: 3, 9: 4}.items():
        made = lowered_terms()
        step = add_up(made, "sum", Sum([Term("a", 2 * n) for n in range(terms)]))
        assert (depth(made, step), count(made, step)) == (levels, terms - 1)


def reached(made, *names):
    """Return all steps that these are made of, the inputs among them."""
    found = set(names)
    for name in names:
        found |= reached(made, *made.operation(name).operands)
    return found


def count(made, name):
    return sum(isinstance(made.operation(each), op.Add) for each in reached(made, name))


def depth(made, name):
    operation = made.operation(name)
    before = max((depth(made, operand) for operand in operation.operands), default=0)
    return before + isinstance(operation, op.Add)


def test_bits_side_by_side_take_no_adder():
    made = lowered_terms()
    step = add_up(made, "sum", Sum([Term("b", 0), Term("a", 5)]))
    assert count(made, step) == 0
    assert value(made, step, {"a": -3, "b": 31}) == -3 * 32 + 31


def test_shifts_and_further_terms():
    total = Sum([Term("a", 0)], [Term("bit0", 1)], 3)
    assert total.shifted_left(2) == Sum([Term("a", 2)], [Term("bit0", 3)], 12)
    cut = Sum([Term("a", 0)], [Term("bit0", 1)], 3, cut=4)
    assert cut.plus("b") == Sum([Term("a", 0), Term("b", 4)], [Term("bit0", 1)], 3, cut=4)
    with pytest.raises(ValueError, match="a sum that was cut cannot be shifted left"):
        cut.shifted_left(2)
