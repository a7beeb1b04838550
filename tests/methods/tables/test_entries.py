import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from softgate.methods.tables.entries import choose_entries, merge_neighbours


def codes(*values):
    return np.array(values, dtype=np.int64)


@st.composite
def intervals(draw):
    count = 1 << draw(st.integers(0, 7))
    low = draw(st.lists(st.integers(-40, 40), min_size=count, max_size=count))
    widths = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    return codes(*low), codes(*low) + codes(*widths)


def test_neighbours_are_merged_as_far_as_they_share_a_code():
    low, high = merge_neighbours(codes(0, 1, 3, 2, 4, 5, 9, 9), codes(2, 2, 3, 4, 4, 5, 9, 9))
    assert low.tolist() == [1, 1, 3, 3, 4, 5, 9, 9]
    assert high.tolist() == [2, 2, 3, 3, 4, 5, 9, 9]
    low, high = merge_neighbours(codes(0, 1, 1, 2), codes(2, 2, 3, 4))
    assert low.tolist() == high.tolist() == [2, 2, 2, 2]


def test_entries_by_hand():
    # The bit 2 must be 0 at the first place and 1 at the last two; at the second it is made as its neighbour's.
    assert choose_entries(codes(1, 1, 3, 7), codes(1, 3, 3, 7)).tolist() == [1, 1, 3, 7]
    # Nothing asks for more than two bits, so that none has more; alternating places need only the lowest bit.
    assert choose_entries(codes(0, 1, 0, -(1 << 48)), codes(0, 1, 1 << 48, 1 << 48)).tolist() == [0, 1, 0, 1]
    # The sign is one more bit, and the highest.
    assert choose_entries(codes(-1, 0), codes(-1, 0)).tolist() == [-1, 0]
    assert choose_entries(codes(-3, -9), codes(2, 9)).tolist() == [0, 0]
    assert choose_entries(codes(3, 5), codes(7, 9)).tolist() == [5, 5]
    assert choose_entries(codes(-9, -7), codes(-3, -4)).tolist() == [-4, -4]


def test_blocks_are_made_equal():
    # The second block of 16 is free at every other place, and like the first where it is not; so is the fourth.
    rng = np.random.default_rng(1)
    first, third = rng.integers(0, 2, 16), rng.integers(0, 2, 16)
    blank = np.arange(16) % 2
    low = np.concatenate([first, np.where(blank, 0, first), third, np.where(blank, 0, first)])
    high = np.concatenate([first, np.where(blank, 1, first), third, np.where(blank, 1, first)])
    chosen = choose_entries(low, high).reshape(4, 16)
    assert (chosen[[0, 1, 3]] == first).all()
    assert (chosen[2] == third).all()


@given(intervals())
def test_entries_are_within_their_intervals(drawn):
    low, high = drawn
    merged = merge_neighbours(low, high)
    assert (low <= merged[0]).all() and (merged[0] <= merged[1]).all() and (merged[1] <= high).all()
    for ends in (drawn, merged):
        entries = choose_entries(*ends)
        assert (ends[0] <= entries).all() and (entries <= ends[1]).all()
        # None has more bits than the code that has to have the most.
        needed = max(max(int(low.max()), 0).bit_length(), max(-int(high.min()) - 1, 0).bit_length())
        assert max(int(entry if entry >= 0 else ~entry).bit_length() for entry in entries) <= needed


def test_entries_along_a_chain_by_hand():
    # By themselves the middle ones would be 2 and 1, and below 1 and 2.
    low, high = codes(0, 2, 1, 3), codes(0, 3, 2, 3)
    assert choose_entries(low, high, [np.arange(4)]).tolist() == [0, 2, 2, 3]
    low, high = codes(3, 1, 2, 0), codes(3, 2, 3, 0)
    assert choose_entries(low, high, [np.arange(4)[::-1]]).tolist() == [3, 2, 2, 0]


@given(intervals(), st.booleans())
def test_entries_do_not_fall_along_chains(drawn, halves):
    low, high = drawn
    high = np.maximum(high, np.maximum.accumulate(low))  # so that there are such entries
    chains = [np.arange(len(low))]
    if halves and len(low) > 2:  # two, one of which goes backwards
        middle = len(low) // 2
        high[middle:] = np.maximum(high[middle:], np.maximum.accumulate(low[middle:][::-1])[::-1])
        chains = [np.arange(middle), np.arange(middle, len(low))[::-1]]
    for ends in ((low, high), merge_neighbours(low, high)):
        if all((np.maximum.accumulate(ends[0][chain]) <= ends[1][chain]).all() for chain in chains):
            entries = choose_entries(*ends, chains)
            assert (ends[0] <= entries).all() and (entries <= ends[1]).all()
            assert all((np.diff(entries[chain]) >= 0).all() for chain in chains)
