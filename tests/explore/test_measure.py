import pytest
from small_units import adder

from softgate.explore import measure as module
from softgate.hdl.targets import target


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """Return how often synthesis really runs, with a cache of its own."""
    monkeypatch.setenv("SOFTGATE_CACHE", str(tmp_path))
    made, real = [], module.synthesise

    def synthesise(*arguments, **options):
        made.append(options["seeds"])
        return real(*arguments, **options)

    monkeypatch.setattr(module, "synthesise", synthesise)
    return made


def measured(unit, **options):
    return module.measure(target("ecp5"), unit.verilog, "unit", ports=unit.ports, **options)


def test_the_same_is_measured_once(calls):
    first = measured(adder(8))
    assert measured(adder(8)) == first
    assert (first.luts, len(calls)) == (8, 1)
    routed = measured(adder(8), seeds=(1,))
    assert measured(adder(8), seeds=(1,)) == routed
    assert list(routed.fmax_by_seed) == [1]
    assert measured(adder(10)).luts == 10
    assert calls == [(), (1,), ()]
