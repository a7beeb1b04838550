"""Arrays of integers go to JSON values and back, and nothing that was changed is read."""

import numpy as np
import pytest

from softgate.support.packed_integers import pack_integers, unpack_integers


def test_words_of_two_complement():
    packed = pack_integers(np.array([[1, -1], [127, -128]]))
    assert packed == {
        "shape": [2, 2],
        "digits": 2,
        "signed": True,
        "hex": "01ff7f80",
        "sha256": "f326dcea32f4ec2050d137292bc76be061485a8207d09a34d0f33ba763a854a4",
    }


@pytest.mark.parametrize("codes", [[0], [255, 16], [-1, 0], [1 << 40, -(1 << 40)], [[1, 2, 3]], []])
def test_there_and_back(codes):
    array = np.array(codes, np.int64)
    found = unpack_integers("weights", pack_integers(array))
    assert found.shape == array.shape
    assert (found == array).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hex": "01ff7f81"}, "weights were changed: the hash of their words is not sha256"),
        ({"hex": "01FF"}, "hexadecimal digits"),
        ({"shape": [3, 2]}, r"weights must have 6 words of 2 digits for shape \[3, 2\], not 8 digits"),
        ({"digits": 0}, "1 to 16 hexadecimal digits"),
        ({"signed": 1}, "1 to 16 hexadecimal digits"),
        ({"more": 1}, "an object with shape, digits, signed, hex and sha256"),
    ],
)
def test_what_is_wrong_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        unpack_integers("weights", pack_integers(np.array([[1, -1], [127, -128]])) | change)
