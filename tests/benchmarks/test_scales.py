from types import SimpleNamespace

from benchmarks import scales
from benchmarks.built import Built
from benchmarks.scales import UNITS, measure_scales
from softgate.explore.flows import SynthesisResult
from softgate.plan import FixedFormat, parse_format


def test_the_rows_by_hand(monkeypatch):
    asked = []

    def built(function, source, output, how, **options):
        asked.append((function, source, output, how, options))
        found = SimpleNamespace(method="table", parameters={"folding": "code"})
        return Built(found, 2, SynthesisResult({"LUT4": 61, "CCU2C": 3, "DSP": 0, "BRAM": 0}, 67, {}))

    monkeypatch.setattr(scales, "build", built)
    rows = list(measure_scales())
    assert len(rows) == len(asked) == len(UNITS)
    assert rows[1].label == "logistic, int8:0.0627:0 to UQ0.8"
    assert rows[1].cells == {
        "method": "table (folding code)",
        "latency": "2",
        "LUT4 + 2 CCU2C": "67",
        "DSP": "0",
        "block RAM": "0",
    }
    how = {"target": "ecp5", "frequency": 200.0, "objective": "luts"}
    options = {"effort": "normal", "max_error": "0.5ulp", "saturate": True}
    assert asked[1] == ("logistic", "int8:0.0627:0", "UQ0.8", how, options)


def test_each_function_has_a_unit_without_a_scale_first():
    seen = set()
    for function, source, output in UNITS:
        fixed = all(isinstance(parse_format(each), FixedFormat) for each in (source, output))
        assert fixed == (function not in seen)
        assert {parse_format(each).width for each in (source, output)} == {8}
        seen.add(function)
