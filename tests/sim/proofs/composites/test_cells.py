"""The proofs hold for what is designed, and fail for a part or a word that is wrong."""

from dataclasses import replace

import pytest
from small_cells import small_gru, small_lstm

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Bits, Lookup
from softgate.sim.proofs.composites import prove_contract

UNITS = {"lstm_cell": small_lstm, "gru_cell": small_gru}


def verdicts(unit, parts=None):
    """Prove the promises of a unit for its own parts, or for others."""
    manifest = CompositeManifest(
        unit.asked.name, unit.asked, unit.words, parts or unit.parts, unit.options, "cell.v", "0" * 64, {}
    )
    return {fact.name: bool(fact.proved) for fact in prove_contract(manifest)}


@pytest.mark.parametrize(
    ("name", "asked", "facts"),
    [
        ("lstm_cell", {}, {"cell", "hidden", "stored"}),
        ("lstm_cell", {"gates": "keras2", "clip": "2"}, {"cell", "hidden", "stored"}),
        ("lstm_cell", {"gate": "UQ1.4", "hidden": "SQ2.4"}, {"cell", "hidden", "stored"}),
        ("gru_cell", {}, {"hidden"}),
        ("gru_cell", {"gates": "keras3", "gate": "UQ1.5"}, {"hidden"}),
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
    ("name", "part", "change", "broken"),
    [
        ("lstm_cell", "gate", -3, {"cell", "hidden"}),
        ("lstm_cell", "candidate", 8, {"cell"}),
        ("lstm_cell", "output", -4, {"stored"}),
        ("lstm_cell", "squash", -3, {"stored"}),
        ("gru_cell", "gate", -3, {"hidden"}),
        ("gru_cell", "candidate", 8, {"hidden"}),
    ],
)
def test_a_part_that_is_further_off(name, part, change, broken):
    unit = UNITS[name]()
    found = verdicts(unit, with_entry(unit, part, 0, change))
    assert {fact for fact, proved in found.items() if not proved} >= broken, found
