import numpy as np
import pytest

from softgate.ml.scan.propose import Proposal
from softgate.ml.scan.units import design_of, luts_of, rounded_model, unit_names

RECIPROCAL = Proposal("reciprocal", (), "UQ1.2", "UQ1.2", "1ulp", "1/2:7/4")


def test_a_limited_input():
    unit = design_of(RECIPROCAL, None)
    model = rounded_model(RECIPROCAL)
    x = np.array([0.0, 0.25, 0.5, 1.0, 1.75])
    assert model.floats(x).tolist() == [1.75, 1.75, 1.75, 1.0, 0.5]
    assert np.abs(unit.golden.floats(x) - model.floats(x)).max() <= 0.25
    assert luts_of(unit) == unit.choice.chosen.luts > 0


def test_parameters_reach_the_function():
    asked = Proposal("hard_tanh", (("max", "1/2"), ("min", "-1/4")), "SQ1.3", "SQ1.3", "1ulp")
    assert design_of(asked, None).golden.floats([-0.875, 0.125, 0.75]).tolist() == [-0.25, 0.125, 0.5]
    assert rounded_model(asked).floats([-0.875, 0.125, 0.75]).tolist() == [-0.25, 0.125, 0.5]


def test_no_multipliers_and_no_block_ram():
    unit = design_of(Proposal("relu", (), "SQ2.2", "UQ1.3", "1ulp"), "ecp5")
    assert (unit.options.dsp, unit.options.bram, unit.options.objective) == (0, 0, "luts")
    assert unit.options.device.name == "ecp5"


def test_what_cannot_be():
    with pytest.raises(ValueError, match="reciprocal"):
        design_of(Proposal("reciprocal", (), "UQ1.2", "UQ1.2", "1ulp"), None)


def test_names():
    other = Proposal("relu", (), "SQ2.2", "UQ1.3", "1ulp")
    wider = Proposal("relu", (), "SQ2.3", "UQ1.4", "1ulp")
    assert unit_names([RECIPROCAL, other, wider]) == {RECIPROCAL: "reciprocal", other: "relu", wider: "relu_2"}
