import numpy as np
import pytest
from specified import outputs, specify

from softgate.methods.tables import FOLDINGS
from softgate.plan import operations as op
from softgate.plan.builder import PlanBuilder
from softgate.plan.formats import FixedFormat

LOGISTIC = specify("logistic", "SQ2.2", "UQ0.6")


@pytest.mark.parametrize(
    ("name", "addresses"),
    [("code", [-3, -1, 0, 2]), ("complement", [5, 1, 0, 4])]
    + [(name, [3, 1, 0, 2]) for name in ("magnitude", "ripple", "negation")],
)
def test_addresses(name, addresses):
    folding = FOLDINGS[name](LOGISTIC, 0)
    assert folding.addresses_of(np.array([-3, -1, 0, 2])).tolist() == addresses


@pytest.mark.parametrize(("name", "output"), [("code", 20), ("complement", 43), ("magnitude", 43), ("negation", 44)])
def test_the_output_at_a_negative_input(name, output):
    # 64 is 1, the sum of the logistic function at x and -x; the ones' complement is one less.
    folding = FOLDINGS[name](LOGISTIC, 0)
    assert folding.outputs_of(np.array([-3, 3]), np.array([20, 20])).tolist() == [output, 20]


@pytest.mark.parametrize("name", FOLDINGS)
def test_the_steps_compute_the_address(name):
    folding = FOLDINGS[name](LOGISTIC, 0)
    b = PlanBuilder()
    x = b.input("x", LOGISTIC.input_format)
    address = folding.address(b, x)
    held = b.range(address)
    fmt = FixedFormat(held.signed, held.width - b.point(address), b.point(address))
    codes = LOGISTIC.input_format.codes(*LOGISTIC.codes)
    assert outputs(LOGISTIC, b.build(y=(address, fmt))).tolist() == folding.addresses_of(codes).tolist()


@pytest.mark.parametrize("kept_bits", [0, 2])
@pytest.mark.parametrize("name", FOLDINGS)
def test_the_steps_compute_the_output(name, kept_bits):
    folding = FOLDINGS[name](LOGISTIC, kept_bits)
    codes = LOGISTIC.input_format.codes(*LOGISTIC.codes)
    for entry in (1, 9, 15):
        b = PlanBuilder()
        x = b.input("x", LOGISTIC.input_format)
        value = folding.output(b, x, b.let("entry", op.Constant(entry, 6 - kept_bits)))
        plan = b.build(y=(value, FixedFormat(False, kept_bits, 6 - kept_bits)))
        assert outputs(LOGISTIC, plan).tolist() == folding.outputs_of(codes, np.full(16, entry)).tolist()


def test_entries_have_only_the_bits_that_are_complemented():
    folding = FOLDINGS["complement"](specify("logistic", "SQ2.2", "UQ1.6"), 0)
    low, high = folding.intervals(np.full(16, 0), np.full(16, 100))
    # Of a negative input, 63 minus an output of up to 100 would be below 0: the six bits below 64 hold no such entry.
    assert (low[1::2].tolist(), high[1::2].tolist()) == ([0] * 8, [63] * 8)
    assert (low[::2].tolist(), high[::2].tolist()) == ([0] * 8, [100] * 8)


@pytest.mark.parametrize("name", FOLDINGS)
def test_an_entry_is_admitted_if_the_outputs_are(name):
    folding, size = FOLDINGS[name](LOGISTIC, 0), 16
    codes = LOGISTIC.input_format.codes(*LOGISTIC.codes)
    middle = np.linspace(2, 61, size).astype(np.int64)
    low, high = middle - 3, middle + 2
    lows, highs = folding.intervals(low, high)
    rows = folding.addresses_of(codes) - folding.addresses.low
    for entry in range(64):
        output = folding.outputs_of(codes, np.full(size, entry))
        admitted = np.ones(folding.addresses.size, dtype=bool)
        np.logical_and.at(admitted, rows, (low <= output) & (output <= high))
        occurs = np.isin(np.arange(folding.addresses.size), rows)
        assert ((lows <= entry) & (entry <= highs))[occurs].tolist() == admitted[occurs].tolist()


def test_a_complement_needs_a_total_that_is_a_power_of_two_of_entries():
    # With two fraction bits, 1 is one entry above two kept bits, and half an entry above three.
    assert FOLDINGS["complement"].serves(specify("logistic", "SQ2.2", "UQ2.2"), 2)
    assert not FOLDINGS["complement"].serves(specify("logistic", "SQ2.2", "UQ2.2"), 3)
    # Complements of bits below 1 are codes that SQ0.6 has not.
    assert not FOLDINGS["complement"].serves(specify("logistic", "SQ2.2", "SQ0.6", saturate=True), 0)
    assert not FOLDINGS["complement"].serves(specify("tanh_derivative", "SQ2.2", "UQ0.6"), 0)
    assert not FOLDINGS["complement"].serves(specify("tanh", "UQ2.2", "UQ0.6"), 0)
