import pytest

from benchmarks.built import build, fmax_text, method_text
from softgate.explore.design import design
from softgate.explore.flows import SynthesisResult

SMALL = ("tanh", "SQ3.2", "SQ1.4")


@pytest.mark.tools
@pytest.mark.parametrize(("interface", "seeds"), [("pipeline", ()), ("stream", (1,))])
def test_what_is_measured_is_what_is_chosen(interface, seeds):
    how = {"target": "ecp5", "frequency": 150.0, "objective": "luts"}
    found, latency, result = build(*SMALL, how, interface=interface, seeds=seeds, method="table", folding="code")
    expected = design(*SMALL, interface=interface, method="table", folding="code", **how)
    assert found.plan == expected.plan
    assert latency == expected.schedule().latency
    assert 0 < result.luts < 60
    assert sorted(result.fmax_by_seed) == list(seeds)


@pytest.mark.tools
def test_blocks_that_are_forbidden_are_not_used():
    wide = ("tanh", "SQ4.6", "SQ1.9")
    given = {"method": "table", "folding": "code", "kept_bits": 0, "max_error": "0.5ulp"}
    for limits, used in (({}, True), ({"dsp": 0, "bram": 0}, False)):
        result = build(*wide, {"target": "ecp5", "frequency": 100.0, **limits}, **given).result
        assert (result.bram > 0) == used


@pytest.mark.parametrize(
    ("by_seed", "text"), [({}, ""), ({1: 100.0}, "100"), ({1: 99.9}, "100, missed"), ({1: 9, 2: 130, 3: 120}, "120")]
)
def test_a_clock_that_is_missed_is_said(by_seed, text):
    assert fmax_text(SynthesisResult({}, 1, by_seed), 100.0) == text


def test_method_and_parameters_in_words():
    assert method_text(design(*SMALL, method="table", folding="code", kept_bits=0)) == (
        "table (folding code, kept_bits 0)"
    )
    assert method_text(design("hard_tanh", "SQ3.2", "SQ1.4", method="hard")) == "hard"
