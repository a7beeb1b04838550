import numpy as np
import pytest

from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.engines.bit_patterns import as_words, decode, released

FORMAT = FixedFormat.parse("SQ8.0")
PORTS = interface_ports("comb", {"x": FORMAT, "w": FORMAT}, {"y": FORMAT})


def test_decode():
    raw = np.array([0x00, 0x7F, 0x80, 0xFF], np.uint64)
    assert decode(raw, 8, signed=True).tolist() == [0, 127, -128, -1]
    assert decode(raw, 8, signed=False).tolist() == [0, 127, 128, 255]
    top = np.array([0xFFFF_FFFF_FFFF_FFFF], np.uint64)
    assert decode(top, 64, signed=True).tolist() == [-1]
    assert decode(top, 64, signed=False).tolist() == [0xFFFF_FFFF_FFFF_FFFF]
    assert decode(raw, 63, signed=False).dtype == np.int64


def test_words_are_the_codes_of_every_input():
    words = as_words([np.array([-1, 5], np.int8), np.array([255, 0], np.uint8)], PORTS)
    assert [word.tolist() for word in words] == [[0xFFFF_FFFF_FFFF_FFFF, 5], [255, 0]]


@pytest.mark.parametrize(
    ("codes", "error", "message"),
    [
        ([np.arange(2)], ValueError, "expected 2 input arrays, got 1"),
        ([np.arange(2), np.arange(3)], ValueError, "input arrays must be one-dimensional and of equal length"),
        ([np.arange(2), np.arange(2) / 2], TypeError, "expected integers, got float64"),
    ],
)
def test_arrays_that_are_refused(codes, error, message):
    with pytest.raises(error) as raised:
        as_words(codes, PORTS)
    assert str(raised.value) == message


def test_a_word_that_does_not_stay_is_returned():
    words = np.array([5, 5, 5, 7, 7, 9, 4, 3, 4], np.uint64)
    assert released(words, 3).tolist() == [5, 9, 3]
