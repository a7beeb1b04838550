"""The proofs hold for what is designed, and fail for a part or a word that is wrong."""

import re
from dataclasses import replace

import pytest
from small_cells import small_gates, small_gru, small_lstm, small_update

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Bits, Lookup
from softgate.sim.proofs.composites import prove_contract

UNITS = {"lstm_cell": small_lstm, "gru_cell": small_gru, "gru_gates": small_gates, "gru_update": small_update}


def facts_of(unit, parts=None):
    """Prove the promises of a unit for its own parts, or for others."""
    manifest = CompositeManifest(
        unit.asked.name, unit.asked, unit.words, parts or unit.parts, unit.options, "cell.v", "0" * 64, {}
    )
    return list(prove_contract(manifest))


def verdicts(unit, parts=None):
    return {fact.name: bool(fact.proved) for fact in facts_of(unit, parts)}


@pytest.mark.parametrize(
    ("name", "asked", "facts"),
    [
        ("lstm_cell", {}, {"cell", "hidden", "stored"}),
        ("lstm_cell", {"gates": "keras2", "clip": "2"}, {"cell", "hidden", "stored"}),
        ("lstm_cell", {"gate": "UQ1.4", "hidden": "SQ2.4"}, {"cell", "hidden", "stored"}),
        ("lstm_cell", {"peepholes": "z"}, {"cell", "hidden", "stored"}),
        ("lstm_cell", {"peepholes": "SQ1.4", "gates": "keras3", "gate": "UQ1.5"}, {"cell", "hidden", "stored"}),
        ("gru_cell", {}, {"hidden"}),
        ("gru_cell", {"gates": "keras3", "gate": "UQ1.5"}, {"hidden"}),
        ("gru_gates", {}, {"update", "reset"}),
        ("gru_gates", {"gates": "keras3", "gate": "UQ1.5", "rh": "SQ1.1"}, {"update", "reset"}),
        ("gru_update", {}, {"hidden"}),
        ("gru_update", {"gate": "UQ1.5", "hidden": "SQ2.1"}, {"hidden"}),
        ("lstm_cell", {"interval": 5}, {"cell", "hidden", "stored"}),
        ("lstm_cell", {"interval": 5, "gates": "keras2", "gate": "UQ1.4"}, {"cell", "hidden", "stored"}),
        ("gru_cell", {"interval": 3}, {"hidden"}),
    ],
)
def test_cells_are_proved(name, asked, facts):
    found = verdicts(UNITS[name](**asked))
    assert set(found) == facts
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("name", "derived"),
    [
        ("lstm_cell", {"cell": "c_next is within 0.548095", "hidden": "h is within 0.806657"}),
        ("gru_cell", {"hidden": "h_next is within 0.513092"}),
    ],
    ids=["lstm_cell", "gru_cell"],
)
def test_what_is_derived(name, derived):
    unit = UNITS[name]()
    manifest = CompositeManifest(name, unit.asked, unit.words, unit.parts, unit.options, "cell.v", "0" * 64, {})
    said = {fact.name: fact.statement for fact in prove_contract(manifest)}
    for fact, start in derived.items():
        assert said[fact].startswith(start), said


def with_entry(unit, part, code, change):
    """Return the parts with one of them a table, of which the entry of a code is changed; its error as it was."""
    record = unit.parts[part]
    source, output = record.specification.input_format, record.specification.output_format
    table = [int(each) for each in unit.golden._parts[part](range(source.max_code + 1))]
    table += [int(each) for each in unit.golden._parts[part](range(source.min_code, 0))]  # indexed by the bits
    table[code] += change
    b = PlanBuilder()
    x = b.input("x", source)
    index = b.let("index", Bits(x, 0, source.width))
    y = b.let("entry", Lookup(index, tuple(table), output.fraction_bits))
    return {**unit.parts, part: replace(record, plan=b.build(y=(y, FixedFormat.parse(str(output)))))}


@pytest.mark.parametrize(
    ("name", "asked", "part", "change", "broken"),
    [
        ("lstm_cell", {}, "gate", -3, {"cell", "hidden"}),
        ("lstm_cell", {}, "candidate", 8, {"cell"}),
        ("lstm_cell", {}, "output", -4, {"stored"}),
        ("lstm_cell", {}, "squash", -3, {"stored"}),
        ("gru_cell", {}, "gate", -3, {"hidden"}),
        ("gru_cell", {}, "candidate", 8, {"hidden"}),
        ("lstm_cell", {"interval": 5}, "core", -4, {"cell", "hidden", "stored"}),
        ("gru_cell", {"interval": 3}, "core", -4, {"hidden"}),
        ("gru_gates", {}, "update", 3, {"update"}),
        ("gru_gates", {}, "reset", -4, {"reset"}),
        ("gru_update", {}, "candidate", 1, {"hidden"}),
    ],
)
def test_a_part_that_is_further_off(name, asked, part, change, broken):
    unit = UNITS[name](**asked)
    found = verdicts(unit, with_entry(unit, part, 0, change))
    assert {fact for fact, proved in found.items() if not proved} >= broken, found


def test_an_argument_that_is_limited():
    """The argument of a gate that a peephole takes beyond 7/4 leaves the logistic by 0.148 below the exact one."""
    (fact, *_) = facts_of(small_lstm(z="SQ2.2", gate="UQ1.8", peepholes="SQ2.2"))
    bound = float(re.search(r"c_next is within ([0-9.]+),", fact.statement)[1])
    assert bound > 4 * 0.148
