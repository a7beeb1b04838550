import numpy as np
import pytest
from onnx_models import constants, elementwise, model, node, saved

from softgate.explore.choose.result import BudgetError
from softgate.ml.scan.budget import ModelBudget
from softgate.ml.scan.check import Reference
from softgate.ml.scan.packages import ScanError
from softgate.ml.scan.propose import propose
from softgate.ml.scan.scan import scan
from softgate.ml.scan.smallest import smallest
from softgate.ml.scan.units import design_of


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A hard tanh whose result is multiplied by 16, beside one whose result is taken as it is."""
    nodes = [
        node("Clip", "x low high", "a", name="coarse"),
        node("Clip", "z low high", "b", name="fine"),
        node("Mul", "b factor", "c"),
        node("Add", "a c", "y"),
    ]
    held = constants(low=-1.0, high=1.0, factor=16.0)
    made = model(nodes, {"x": [None], "z": [None]}, {"y": [None]}, held)
    rng = np.random.default_rng(5)
    data = {"x": rng.uniform(-1.5, 1.5, 500), "z": rng.uniform(-1.5, 1.5, 500)}
    return scan(saved(tmp_path_factory.mktemp("model"), made), data)


def test_the_widths_that_a_model_needs(found):
    steps = []
    search = smallest(Reference(found), ModelBudget("output", 0.5), None, steps.append)
    coarse, fine = (site.proposal.output for site in search.found.sites)
    assert search.change.output <= 0.5
    assert (
        Reference(found).compare({site.activation: search.units[site.proposal].golden for site in search.found.sites})
        == search.change
    )
    # One code of the fine one is 16 times that of the other, at the same width.
    width = {name: int(text.partition(".")[2]) for name, text in (("coarse", coarse), ("fine", fine))}
    assert width["fine"] - width["coarse"] >= 3
    assert search.uniform_bits == 12
    assert search.luts < 0.6 * search.uniform_luts
    assert any(step.startswith("running the model at") for step in steps)


def test_no_narrower_width_holds(found):
    """By hand: with any bit less in either, the correctly rounded functions change the output too much."""
    budget = ModelBudget("output", 0.5)
    search = smallest(Reference(found), budget, None)
    for lowered in search.found.sites:
        models = {}
        for site in search.found.sites:
            bits = int(site.proposal.output.partition(".")[2]) + 1 - (site is lowered)
            models[site.activation] = design_of(propose(site.activation, site.seen, bits), None).golden
        assert not budget.holds(Reference(found).compare(models))


def test_budgets_that_are_beyond_16_bits(found):
    with pytest.raises(BudgetError, match=r"formats of 16 bits do not meet the budget output=1e-09: outputs change by"):
        smallest(Reference(found), ModelBudget("output", 1e-9), None)


def test_nothing_to_narrow(tmp_path):
    made = elementwise(node("Softmax", "x", "y"))
    found = scan(saved(tmp_path, made), {"x": np.ones(3)})
    with pytest.raises(ScanError, match="has no activation that there is a unit for"):
        smallest(Reference(found), ModelBudget("output", 1), None)
