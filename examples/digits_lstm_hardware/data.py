"""Images for training and test: scikit-learn's handwritten digits."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

TEST_IMAGES = 540


@dataclass(frozen=True)
class Digits:
    """Images by number, row and column, whole numbers from 0 to 16, and the digits that they show."""

    train_images: NDArray[Any]
    test_images: NDArray[Any]
    train_digits: NDArray[Any]
    test_digits: NDArray[Any]

    @classmethod
    def split(cls) -> "Digits":
        """Return all 1,797, divided by chance but always alike: 1,257 to train and 540 to test with."""
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        digits = load_digits()
        return cls(
            *train_test_split(
                digits.images, digits.target, test_size=TEST_IMAGES, stratify=digits.target, random_state=1
            )
        )
