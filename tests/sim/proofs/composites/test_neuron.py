"""The proof of a neuron's contract holds for what is designed, and fails for a part or a word that is wrong."""

from dataclasses import replace

import pytest
from small_neurons import SHAPES, small_neuron

from softgate.hdl.composites.manifest import CompositeManifest
from softgate.plan import FixedFormat, PlanBuilder
from softgate.plan.operations import Bits, Lookup
from softgate.sim.proofs.composites import prove_contract
from softgate.sim.proofs.composites.neuron import NeuronProof


def manifest_of(unit, parts=None, **words):
    return CompositeManifest(
        "neuron", unit.asked, unit.words | words, parts or unit.parts, unit.options, "neuron.v", "0" * 64, {}
    )


def verdicts(unit, parts=None, **words):
    return {fact.name: bool(fact.proved) for fact in prove_contract(manifest_of(unit, parts, **words))}


@pytest.mark.parametrize("shape", SHAPES)
def test_neurons_are_proved(shape):
    assert verdicts(small_neuron(**SHAPES[shape])) == {"width": True, "error": True}


@pytest.mark.parametrize("shape", SHAPES)
def test_sums_are_those_of_the_specification(shape):
    unit = small_neuron(**SHAPES[shape])
    assert NeuronProof(manifest_of(unit))._sums() == unit.asked.sums


@pytest.mark.parametrize("function", ["abs(x - 1)", "x*logistic(x)", "min(max(32*x, 0), 1)"])
def test_other_functions_are_proved(function):
    assert verdicts(small_neuron("one", function, "SQ4.4")) == {"width": True, "error": True}


@pytest.mark.parametrize("weights", ["SQ2.2", "one", "layer"])
def test_an_accumulator_that_is_a_bit_short(weights):
    unit = small_neuron(weights, "linear", "SQ6.2")
    assert verdicts(unit, sum_bits=unit.words["sum_bits"] - 1) == {"width": False, "error": True}


def test_steps_on_sums_are_proved():
    """A function that jumps is near enough where sums are exact."""
    assert verdicts(small_neuron("one", "threshold(x, threshold=1/2, value=-1)", "SQ4.4")) == {
        "width": True,
        "error": True,
    }


@pytest.mark.parametrize("code", [0, -1, "first", "last"])
def test_an_entry_that_is_further_off(code):
    unit = small_neuron()
    argument = unit.asked.argument(unit.words)
    code = {"first": argument.min_code, "last": argument.max_code}.get(code, code)
    bits = argument.integer_bits
    assert verdicts(unit, with_entries(unit, bits, code, 0))["error"]
    assert not verdicts(unit, with_entries(unit, bits, code, -2 if code >= 0 else 2))["error"]


def with_entries(unit, integer_bits, code, change):
    """Return the function unit as a table for an argument of so many integer bits, with one entry changed."""
    record = unit.parts["function"]
    source, output = record.specification.input_format, record.specification.output_format
    source = FixedFormat(source.signed, integer_bits, source.fraction_bits)
    codes = [*range(source.max_code + 1), *range(source.min_code, 0)]  # indexed by the bits
    table = [int(each) for each in unit.golden._parts["function"](codes)]
    table[codes.index(code)] += change
    b = PlanBuilder()
    index = b.let("index", Bits(b.input("x", source), 0, source.width))
    y = b.let("entry", Lookup(index, tuple(table), output.fraction_bits))
    return {"function": replace(record, plan=b.build(y=(y, FixedFormat.parse(str(output)))))}
