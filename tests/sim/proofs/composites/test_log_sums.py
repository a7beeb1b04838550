"""The proof holds for what is designed, and fails for a part or a word that is wrong."""

from dataclasses import replace

import numpy as np
import pytest
from small_softmax import small_log_softmax, small_logsumexp

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Lookup
from softgate.sim.proofs.composites import prove_contract


def manifest_of(unit, parts=None, **words):
    name, parts = unit.asked.name, unit.parts if parts is None else parts
    return CompositeManifest(name, unit.asked, {**unit.words, **words}, parts, unit.options, "x.v", "0" * 64, {})


def verdicts(unit, parts=None):
    return {fact.name: bool(fact.proved) for fact in prove_contract(manifest_of(unit, parts))}


@pytest.mark.parametrize(
    ("make", "asked", "names"),
    [
        (small_log_softmax, {}, "sign order sum one"),
        (small_log_softmax, {"base": "2", "arrangement": "parallel", "n": 5}, "sign order sum"),
        (small_log_softmax, {"n": 10, "source": "SQ4.6", "output": "SQ5.6", "max_error": "1ulp"}, "sign order sum one"),
        (small_logsumexp, {}, "maximum symmetry monotone one"),
        (small_logsumexp, {"output": "UQ1.4", "n": 2}, "maximum symmetry monotone one"),
    ],
)
def test_designs_are_proved(make, asked, names):
    found = verdicts(make(**asked))
    assert set(found) == {"weight", "error", *names.split()}
    assert all(found.values()), found


def with_entries(unit, part, change):
    """Return the parts with a table of the values of one of them, changed."""
    record = unit.parts[part]
    source, output = record.specification.input_format, record.specification.output_format
    table = [int(code) for code in unit.golden._parts[part](range(source.max_code + 1))]
    change(table)
    b = PlanBuilder()
    x = b.input("x", source)
    y = b.let("entry", Lookup(x, tuple(table), output.fraction_bits))
    return {**unit.parts, part: replace(record, plan=b.build(y=(y, FixedFormat.parse(str(output)))))}


@pytest.mark.parametrize(
    ("make", "part", "change", "broken"),
    [
        (small_log_softmax, "weight", lambda table: table.__setitem__(0, table[0] - 1), "weight"),
        (small_log_softmax, "weight", lambda table: table.__setitem__(3, table[3] // 4), "error"),
        (small_log_softmax, "logarithm", lambda table: table.__setitem__(3, table[3] + 6), "error"),
        (small_log_softmax, "logarithm", lambda table: table.__setitem__(7, 0), "sum"),
        (small_logsumexp, "weight", lambda table: table.__setitem__(3, table[1] + 1), "monotone"),
        (small_logsumexp, "logarithm", lambda table: table.__setitem__(7, table[7] + 2), "monotone"),
    ],
)
def test_a_wrong_part_breaks_its_promise(make, part, change, broken):
    unit = make()
    assert not verdicts(unit, with_entries(unit, part, change))[broken]


def test_an_output_out_of_order_is_found(monkeypatch):
    unit = small_log_softmax()
    model = type(unit.golden)
    compute = model._compute
    monkeypatch.setattr(model, "_compute", lambda self, x: np.where(x == 3, -20, compute(self, x)))
    assert not verdicts(unit)["order"]
    monkeypatch.setattr(model, "_compute", lambda self, x: compute(self, x) - (np.arange(x.shape[-1]) == 1))
    assert not verdicts(unit)["order"]


def test_a_coarse_scale_is_not_what_was_asked_for():
    unit = small_log_softmax()
    coarse = manifest_of(unit, multiple=2)
    assert not unit.asked.shortfall(unit.contract)
    assert unit.asked.shortfall(coarse.contract).startswith("errors of up to 0.")
    # What is proved follows the scale: the bound of the right one is not kept with the wrong one.
    (wrong,) = (fact for fact in prove_contract(coarse) if fact.name == "error")
    assert float(wrong.statement.split()[4].strip(",")) > 0.3
