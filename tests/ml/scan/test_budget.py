import pytest

from softgate.ml.scan.budget import ModelBudget
from softgate.ml.scan.check import Comparison
from softgate.ml.scan.packages import ScanError


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [("accuracy=0.5", "accuracy", 0.5), ("output=1e-3", "output", 1e-3), (" Output = 2^-4", "output", 0.0625)],
)
def test_budgets_are_read(text, kind, amount):
    assert ModelBudget.parse(text) == ModelBudget(kind, amount)


@pytest.mark.parametrize(
    "text", ["", "accuracy", "accuracy=", "accuracy=-1", "speed=1", "output=many", "0.5", "output=nan"]
)
def test_budgets_that_are_none(text):
    with pytest.raises(ScanError, match="--budget takes accuracy=POINTS, such as"):
        ModelBudget.parse(text)


def test_what_is_within_a_budget():
    change = Comparison({"y": 0.25, "z": 0.5}, (97.5, 97.0))
    assert ModelBudget("accuracy", 0.5).holds(change)
    assert not ModelBudget("accuracy", 0.4).holds(change)
    assert ModelBudget("output", 0.5).holds(change)
    assert not ModelBudget("output", 0.4).holds(change)
