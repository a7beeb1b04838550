"""The proof holds for what is designed, and fails for a part or a word that is wrong."""

from dataclasses import replace

import pytest
from small_softmax import small_softmax

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Lookup
from softgate.sim.proofs.composites import prove_contract


def manifest_of(unit, **other):
    parts = other.pop("parts", unit.parts)
    words = {**unit.words, **other}
    return CompositeManifest("softmax", unit.asked, words, parts, unit.options, "softmax.v", "0" * 64, {})


def verdicts(manifest):
    return {fact.name: bool(fact.proved) for fact in prove_contract(manifest)}


@pytest.mark.parametrize(
    "asked", [{}, {"base": "2"}, {"n": 10, "source": "SQ6.10", "output": "UQ0.16", "max_error": "2^-8"}]
)
def test_designs_are_proved(asked):
    found = verdicts(manifest_of(small_softmax(**asked)))
    assert set(found) == {"distance", "weight", "order", "sum", "error", "one", "ties"}
    assert all(found.values()), found


def test_what_is_derived():
    said = {fact.name: fact.statement for fact in prove_contract(manifest_of(small_softmax()))}
    assert said["sum"] == "outputs of a vector sum to at most 1 and at least 0.853010"
    assert said["error"] == "every output is within 0.111768, and 0.123811 is promised"


def with_entries(unit, part, change):
    """Return the parts with a table of the values of one of them, changed."""
    record = unit.parts[part]
    source, output = record.specification.input_format, record.specification.output_format
    table = [int(code) for code in small_tables(unit)[part]]
    change(table)
    b = PlanBuilder()
    x = b.input("x", source)
    y = b.let("entry", Lookup(x, tuple(table), output.fraction_bits))
    return {**unit.parts, part: replace(record, plan=b.build(y=(y, FixedFormat.parse(str(output)))))}


def small_tables(unit):
    return {
        name: unit.golden._parts[name](range(record.specification.input_format.max_code + 1))
        for name, record in unit.parts.items()
    }


@pytest.mark.parametrize(
    ("part", "change", "broken"),
    [
        ("weight", lambda table: table.__setitem__(0, table[0] - 1), "weight"),
        ("weight", lambda table: table.__setitem__(5, table[5] // 2), "sum"),
        ("logarithm", lambda table: table.__setitem__(3, table[3] - 8), "sum"),
        ("logarithm", lambda table: table.__setitem__(3, table[3] + 24), "error"),
        ("share", lambda table: table.__setitem__(7, table[6] + 1), "order"),
        ("share", lambda table: table.__setitem__(-1, table[0] // 4), "order"),
    ],
)
def test_a_wrong_part_breaks_its_promise(part, change, broken):
    unit = small_softmax()
    assert not verdicts(manifest_of(unit, parts=with_entries(unit, part, change)))[broken]


def test_a_coarse_scale_is_not_what_was_asked_for():
    unit = small_softmax()
    assert not unit.asked.shortfall(unit.contract)
    coarse = manifest_of(unit, multiple=unit.words["multiple"] * 2 // 3)
    assert unit.asked.shortfall(coarse.contract).startswith("errors of up to 0.")
