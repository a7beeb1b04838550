from dataclasses import replace

from softgate.methods.integer_polynomials.datapath_shape import DatapathShape
from softgate.methods.integer_polynomials.multiplicands import multiplicand_ranges
from softgate.plan.operations.base import Range


def test_ranges_by_hand():
    shape = DatapathShape(2, (0, 2, 3), lowest=(0, 0), minus=(False, True), signed=(False, False), widths=(None, None))
    # c1 - (c2 * t rows cut by one bit), for one sign t from -1 to 2: (-11 >> 1), 0, (10 >> 1), (20 >> 1)
    ranges = multiplicand_ranges(shape, 1, [(0,), (40,), (10,)])
    assert ranges == [Range(40 - 10, 40 + 6), Range(10, 10)]
    # Whole: t from 0 to 3, 30 >> 1
    assert multiplicand_ranges(replace(shape, whole=2), 1, [(0,), (40,), (10,)]) == [Range(40 - 15, 40), Range(10, 10)]
    # Whole pairs: t from -4 to -1 with 20 and from 0 to 3 with 10
    pairs = replace(shape, whole=2, paired=True)
    assert multiplicand_ranges(pairs, 1, [(0,), (40,), (20, 10)]) == [Range(40 - 15, 40 + 40), Range(10, 20)]
