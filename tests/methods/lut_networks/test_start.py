import numpy as np
import pytest
from specified import outputs, specify

from softgate.methods import find_method
from softgate.methods.lut_networks.start import START_FOLDINGS, flat, network_of
from softgate.methods.tables.feasible_tables import feasible_tables
from softgate.plan.operations.base import Range

TABLE = find_method("table")


@pytest.mark.parametrize("kind", START_FOLDINGS)
@pytest.mark.parametrize(
    ("function", "source", "output", "budget", "limits"),
    [
        ("tanh", "SQ4.4", "SQ1.7", "1ulp", None),
        ("tanh", "SQ4.4", "SQ1.7", "2ulp", (-100, 127)),
        ("tanh", "SQ2.1", "SQ1.3", "1ulp", None),
        ("tanh", "SQ1.7", "SQ1.7", "1ulp", None),
        ("tanh", "SQ1.0", "SQ1.7", "1ulp", None),
        ("logistic", "SQ4.4", "UQ0.8", "1ulp", None),
        ("logistic", "SQ5.1", "UQ0.6", "3ulp", None),
        ("logistic", "UQ4.3", "UQ0.8", "1ulp", None),
        ("logistic", "SQ4.4", "UQ0.8", "1ulp", (-20, -3)),
        ("logistic", "SQ4.4", "UQ0.8", "1ulp", (-128, 5)),
        ("tanh_derivative", "SQ3.3", "UQ0.6", "1ulp", None),
        ("hard_tanh", "SQ4.4", "SQ2.6", "1ulp", None),
    ],
)
def test_it_computes_what_the_table_does(kind, function, source, output, budget, limits):
    specification = specify(function, source, output, budget, saturate=True, input_range=limits and Range(*limits))
    for table in feasible_tables(specification, (kind,)):
        given = TABLE.read({"folding": kind, "kept_bits": table.kept.count})
        (candidate,) = TABLE.candidates(specification, given)
        codes = specification.codes
        patterns = np.arange(codes.low, codes.high + 1) % (1 << specification.input_format.width)
        found = network_of(table).codes(signed=specification.output_format.signed)[patterns]
        assert found.tolist() == outputs(specification, candidate.plan).tolist()


def test_a_flat_network_computes_the_same():
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp")
    (table, *_) = feasible_tables(specification, ("ripple",))
    deep = network_of(table)
    shallow = flat(deep)
    assert deep.depth > shallow.depth == 1
    assert shallow.codes(signed=True).tolist() == deep.codes(signed=True).tolist()


def test_the_magnitude_is_shared_by_all_entries():
    # A table of 64 entries for each of six bits, the ripple, what is saturated, and the sign: far from 16 for each bit.
    specification = specify("tanh", "SQ4.4", "SQ1.7", "1ulp")
    sizes = [network_of(table).size(4) for table in feasible_tables(specification, ("ripple",))]
    assert min(sizes) < 60 < 8 * 16
