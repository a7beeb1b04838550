from fractions import Fraction

import pytest
from piecewise_functions import DROPPING, HARD_SHRINK, RELU, SOFT_SHRINK, lines
from specified import specify

from softgate.methods.piecewise_linear.pieces import Piece, pieces_of
from softgate.plan.operations.base import Range


def pieces(function, source="SQ4.4", output="SQ4.4"):
    specification = specify(function, source, output, saturate=True)
    return [tuple(map(int, (p.slope, p.offset, *p.codes))) for p in pieces_of(specification, specification.codes)]


def test_lines_in_ulp_of_the_output_per_code():
    assert pieces(SOFT_SHRINK) == [(1, 8, -128, -9), (0, 0, -8, 7), (1, -8, 8, 127)]
    assert pieces(SOFT_SHRINK, output="SQ4.6")[2] == (4, -32, 8, 127)


def test_a_kink_that_is_a_code_belongs_to_either_line_where_they_meet():
    # 0 has a shorter comparison than 1
    assert pieces(RELU) == [(0, 0, -128, -1), (1, 0, 0, 127)]


def test_where_lines_do_not_meet_the_kink_belongs_to_the_one_that_is_stated():
    assert pieces(HARD_SHRINK) == [(1, 0, -128, -9), (0, 0, -8, 8), (1, 0, 9, 127)]
    assert pieces(DROPPING) == [(0, 48, -128, 8), (1, 0, 9, 127)]


def test_lines_without_inputs_are_left_out_and_equal_ones_are_joined():
    assert pieces(lines((0, 0), -9, (1, 0), 2, (1, 0), "2.01", (5, 0), "2.02", (1, 0))) == [(1, 0, -128, 127)]


def test_a_function_that_has_no_lines():
    specification = specify("tanh", "SQ3.3", "SQ1.6")
    with pytest.raises(ValueError, match="tanh is not piecewise linear"):
        pieces_of(specification, specification.codes)


def test_codes_beyond_the_output_range_are_left_out_but_for_one_a_whole_ulp_past_it():
    piece = Piece(Fraction(3), Fraction(1, 2), Range(-20, 20))
    assert piece.clamped(Range(-8, 7)).codes == Range(-4, 3)  # -11.5 and 9.5
    assert piece.mirrored.clamped(Range(-8, 7)).codes == Range(-3, 4)
    assert piece.clamped(Range(-100, 100)) == piece


def test_a_piece_that_is_past_an_end_is_that_end():
    piece = Piece(Fraction(-3), Fraction(100), Range(-20, 20))
    assert piece.clamped(Range(-8, 7)) == Piece(Fraction(0), Fraction(7), Range(-20, 20))
    assert piece.clamped(Range(170, 200)) == Piece(Fraction(0), Fraction(170), Range(-20, 20))


def test_a_mirrored_piece_has_the_same_values():
    piece = Piece(Fraction(2, 3), Fraction(1, 7), Range(-3, 9))
    assert piece.mirrored == Piece(Fraction(-2, 3), Fraction(1, 7), Range(-9, 3))
    assert (piece.mirrored.value(-5), piece.grid) == (piece.value(5), 21)
