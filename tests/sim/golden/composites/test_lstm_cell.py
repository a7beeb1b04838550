import numpy as np
import pytest
from small_cells import small_lstm


def test_literal_values():
    found = small_lstm().golden(
        i=[0, 15, -16, 15], f=[15, 15, 0, 15], g=[0, 15, 4, -16], o=[15, 15, 15, 0], c=[8, 15, -7, -16]
    )
    assert found.c_next.tolist() == [8, 15, -3, -16]
    assert found.h.tolist() == [7, 7, -3, -4]


def test_results_are_named_and_broadcast():
    found = small_lstm().golden(i=0, f=[[1], [2]], g=3, o=4, c=[5, 6, 7])
    assert found._fields == ("h", "c_next")
    assert found.h.shape == found.c_next.shape == (2, 3)


def test_the_clip_limits_the_state():
    found = small_lstm(clip=2).golden(i=15, f=15, g=[15, -16], o=15, c=[15, -16])
    assert found.c_next.tolist() == [8, -8]


def test_peepholes_move_the_gates():
    formats = {"gate": "UQ0.8", "cell": "SQ3.6", "hidden": "SQ1.7"}
    plain, seeing = (small_lstm(**formats, peepholes=given).golden for given in (None, "SQ2.1"))
    codes = {"i": 1, "f": -3, "g": 15, "o": 2, "c": 144}
    assert seeing(**codes, p_i=0, p_f=0, p_o=0) == plain(**codes)
    # 1/4 + 1/2 9/4 = 5.5/4, which is rounded up, makes i; -3/4 - 9/4 = -12/4 makes f.
    found = seeing(**codes, p_i=1, p_f=-2, p_o=3)
    moved = plain(**codes | {"i": 6, "f": -12})
    assert found.c_next == moved.c_next == 59
    assert plain(**codes | {"i": 5, "f": -12}).c_next == 56
    # o sees the new state: 2/4 + 3/2 59/64 = 7.5/4, rounded up; that before would take it to its limit.
    assert found.h == plain(**codes | {"i": 6, "f": -12, "o": 8}).h == 82
    assert plain(**codes | {"i": 6, "f": -12, "o": 15}).h == 91
    # An argument beyond the format is limited: 1/4 + 3/2 9/4 is more than 15/4, and 1/4 - 2 9/4 less than -16/4.
    beyond = seeing(**codes | {"f": 1}, p_i=3, p_f=-4, p_o=0)
    assert beyond.c_next == plain(**codes | {"i": 15, "f": -16}).c_next


def test_floats_are_rounded_first():
    unit = small_lstm()
    found = unit.golden.floats(i=0.1, f=0.0, g=[0.76], o=0.0, c=2.0)
    codes = unit.golden(i=0, f=0, g=[3], o=0, c=8)
    assert found.c_next.tolist() == [codes.c_next[0] / 4]
    assert found.h.tolist() == [codes.h[0] / 8]


def test_orders_are_those_of_the_transfers():
    x = [np.array([value]) for value in (3, -5, 7, 9, 11)]
    names = dict(zip("ifgoc", x, strict=True))
    expected = [each.tolist() for each in small_lstm().golden.transfers(x)]
    keras = small_lstm(order="ifco").golden.transfers(x)
    onnx = small_lstm(order="iofc").golden.transfers([names[letter] for letter in "iofgc"])
    assert [each.tolist() for each in keras] == [each.tolist() for each in onnx] == expected


@pytest.mark.parametrize(
    ("codes", "kind", "message"),
    [
        ({"i": 0}, TypeError, "the cell takes i, f, g, o, c by name, not i$"),
        ({"i": [0, 16], "f": 0, "g": 0, "o": 0, "c": 0}, ValueError, r"i at \[1\] is 16, not a code of SQ3\.2"),
        ({"i": 0.5, "f": 0, "g": 0, "o": 0, "c": 0}, TypeError, "codes of i"),
        ({"i": [0, 1], "f": [1, 2, 3], "g": 0, "o": 0, "c": 0}, ValueError, r"inputs must have shapes that broadcast"),
        (
            {"i": np.ma.array([1], mask=[1]), "f": 0, "g": 0, "o": 0, "c": 0},
            ValueError,
            "codes of i must not be masked",
        ),
    ],
)
def test_refusals(codes, kind, message):
    with pytest.raises(kind, match=message):
        small_lstm().golden(**codes)


def test_values_out_of_range_are_limited_and_masked_ones_refused():
    unit, others = small_lstm(), dict.fromkeys("fgoc", 0.5)
    assert unit.golden.floats(i=np.inf, **others) == unit.golden.floats(i=3.75, **others)
    with pytest.raises(ValueError, match="values of i must not be masked: a cell computes each element by itself"):
        unit.golden.floats(i=np.ma.array([0.0], mask=[1]), **others)
    with pytest.raises(TypeError, match="codes of i must be integers, not True"):
        unit.golden(i=True, f=0, g=0, o=0, c=0)


def test_not_a_number():
    with pytest.raises(ValueError, match="values of c must be numbers, but there is a NaN"):
        small_lstm().golden.floats(i=0.0, f=0.0, g=0.0, o=0.0, c=float("nan"))
