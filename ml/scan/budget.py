"""The loss that is allowed when golden models take the place of a model's activations."""

from __future__ import annotations

from dataclasses import dataclass

from ...support.parameters import parse_number
from .check import Comparison
from .packages import ScanError

__all__ = ["ModelBudget"]


@dataclass(frozen=True)
class ModelBudget:
    """The loss that is allowed.

    Parameters
    ----------
    kind
        ``accuracy``, in points of a percentage, or ``output``, the largest change of any output.
    amount
        How much, 0 or more.

    """

    kind: str
    amount: float

    @classmethod
    def parse(cls, text: str) -> ModelBudget:
        """Read ``accuracy=0.5`` or ``output=1e-3``.

        Raises
        ------
        ScanError
            If it is written otherwise, or the amount is below 0.

        """
        kind, _, amount = text.partition("=")
        kind = kind.strip().lower()
        try:
            number = float(parse_number(amount.strip()))
        except ValueError:
            number = -1.0
        if kind not in {"accuracy", "output"} or number < 0:
            raise ScanError(
                f"--budget takes accuracy=POINTS, such as accuracy=0.5, or output=CHANGE, such as output=1e-3, not "
                f"{text!r:.60}"
            )
        return cls(kind, number)

    def __str__(self) -> str:
        return f"{self.kind}={self.amount:g}"

    def holds(self, change: Comparison) -> bool:
        """Whether a change is within the budget."""
        # An accuracy is a percentage of a count: the difference of two is rounded.
        return change.lost <= self.amount + 1e-9 if self.kind == "accuracy" else change.output <= self.amount
