import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softgate.methods.lut_networks.relation import Relation, packed


def bits_of(codes, width):
    return [packed(np.array(codes) >> bit & 1) for bit in range(width)]


def test_packed_bits_have_the_first_as_the_lowest():
    assert packed(np.array([1, 0, 0, 1, 1])) == 0b11001
    assert packed(np.arange(20) == 17) == 1 << 17


@pytest.mark.parametrize(
    ("signed", "low", "high", "codes", "outside"),
    [
        (True, [-3, -4, -2, -4], [-3, 2, 1, 3], [-3, 3, -1, 0], 0b0010),
        (False, [4, 3, 0, 0], [6, 7, 6, 3], [5, 2, 7, 3], 0b0110),
    ],
)
def test_intervals_by_hand(signed, low, high, codes, outside):
    occurs = np.ones(4, dtype=bool)
    relation = Relation.between(np.array(low), np.array(high), 3, signed, occurs)
    assert relation.outside(bits_of(codes, 3)) == outside
    occurs[1] = False
    relation = Relation.between(np.array(low), np.array(high), 3, signed, occurs)
    assert relation.outside(bits_of(codes, 3)) == outside & ~0b0010


@given(st.integers(1, 9), st.booleans(), st.integers(0, 4), st.data())
def test_intervals_one_by_one(width, signed, inputs, data):
    bottom, top = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    count = 1 << inputs
    columns = [
        np.array(data.draw(st.lists(st.integers(bottom, top), min_size=count, max_size=count)))
        for _ in ("low", "high", "code")
    ]
    occurs = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    low, high, code = columns
    found = Relation.between(low, high, width, signed, occurs).outside(bits_of(code, width))
    assert found == packed(occurs & ((code < low) | (code > high)))


@given(st.integers(1, 6), st.booleans(), st.integers(0, 3), st.data())
def test_several_intervals_one_by_one(width, signed, inputs, data):
    bottom, top = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    count = 1 << inputs
    intervals = []
    for _ in range(count):
        marks = sorted(data.draw(st.sets(st.integers(bottom, top), min_size=1, max_size=6)))
        bounds = [*marks, marks[-1]] if len(marks) % 2 else marks
        intervals.append(np.array(bounds).reshape(-1, 2))
    code = np.array(data.draw(st.lists(st.integers(bottom, top), min_size=count, max_size=count)))
    inside = [any(low <= each <= high for low, high in rows) for each, rows in zip(code, intervals, strict=True)]
    found = Relation(intervals, width, signed).outside(bits_of(code, width))
    assert found == packed(~np.array(inside))
