"""Units beside their peers: the data file, the arithmetic by hand, and small units through the real flow."""

from dataclasses import replace
from types import SimpleNamespace

import mpmath
import pytest

from benchmarks import peers
from benchmarks.peers import Peer, linear_segments, measure_peers, read_peers
from softgate.accuracy.specification import Specification
from softgate.explore.design import design
from softgate.explore.flows import SynthesisResult
from softgate.functions import create_function
from softgate.plan import FixedFormat

PEER = Peer("tanh", "SQ3.2", "SQ1.4", lut4=20, ccu2c=3, fmax=100.0, xc7=10, max_ulp=1.5)


def test_the_data_file():
    name, units = read_peers()
    assert name == "FloPoCo"
    assert [(unit.function, unit.input, unit.output) for unit in units] == [
        ("logistic", "SQ4.4", "UQ0.8"),
        ("logistic", "SQ4.8", "UQ0.12"),
        ("tanh", "SQ4.4", "SQ1.7"),
        ("tanh", "SQ4.8", "SQ1.11"),
        ("tanh", "SQ3.13", "SQ1.15"),
    ]
    assert [unit.luts for unit in units] == [112, 410, 79, 533, 937]
    assert [unit.xc7 for unit in units] == [41, 259, 26, 247, 544]
    for unit in units:  # all are units that softgate could be asked for
        Specification(create_function(unit.function), FixedFormat.parse(unit.input), FixedFormat.parse(unit.output))
        assert 1 < unit.max_ulp < 2 and unit.fmax > 0


def test_the_constants_are_the_integrals():
    with mpmath.workdps(20):
        for function, f in (("logistic", lambda x: 1 / (1 + mpmath.exp(-x))), ("tanh", mpmath.tanh)):
            whole = mpmath.quad(lambda x, f=f: mpmath.sqrt(abs(mpmath.diff(f, x, 2))), [0, 1, 4, 16, 40]) / 4
            assert peers._LINEAR[function] == pytest.approx(float(whole), abs=5e-5)


def test_linear_segments_by_hand():
    # Half an ulp is 2**-9 and 2**-16: 0.2995 * sqrt(512), 0.4236 * 256.
    assert linear_segments("logistic", FixedFormat.parse("UQ0.8")) == pytest.approx(0.2995 * 22.627417, rel=1e-6)
    assert linear_segments("tanh", FixedFormat.parse("SQ1.15")) == pytest.approx(108.4416)


@pytest.fixture
def counted(monkeypatch):
    """Count without tools: a unit takes 9 look-up tables on xc7, 13 on an ECP5, and a correctly rounded one thrice."""

    def built(function, source, output, *, effort="quick", **options):
        found = design(function, source, output, **options)
        times = 3 if found.method == "table" and found.errors.correctly_rounded == 1 else 1
        ecp5 = SynthesisResult({}, 13 * times, {1: 210.4, 2: 199.0, 3: 230.0})
        return peers._Built(found, 4, ecp5, SynthesisResult({}, 9 * times))

    monkeypatch.setattr(peers, "_built", built)
    monkeypatch.setattr(peers, "_WIDTHS", (8,))


def test_ratios_and_their_geometric_mean(counted, monkeypatch):
    wide = replace(PEER, input="SQ3.3", lut4=52, ccu2c=0, xc7=1)
    monkeypatch.setattr(peers, "_TABLE_BITS", 5)
    monkeypatch.setattr(peers, "read_peers", lambda: ("Other", (PEER, wide)))
    first, second, mean, *others = measure_peers()
    assert first.label == "tanh, SQ3.2 to SQ1.4"
    assert first.cells["method"].startswith(("table", "bipartite", "polynomial"))
    assert {key: value for key, value in first.cells.items() if key not in ("method", "max error (ulp)")} == {
        "latency": "4",
        "LUT4 + 2 CCU2C": "13",
        "Fmax (MHz)": "210",
        "xc7 LUT + SRL": "9",
        "table: LUT4 + 2 CCU2C": "39",
        "table: Fmax (MHz)": "210",
        "table: xc7 LUT + SRL": "27",
        "Other: max error (ulp)": "1.50",
        "Other: LUT4 + 2 CCU2C": "26",
        "Other: Fmax (MHz)": "100",
        "Other: xc7 LUT": "10",
        "ratio, ecp5": "0.50",
        "ratio, xc7": "0.90",
    }
    # A plain table of too many bits is not made.
    assert [second.cells[f"table: {name}"] for name in ("LUT4 + 2 CCU2C", "Fmax (MHz)", "xc7 LUT + SRL")] == [""] * 3
    assert (second.cells["ratio, ecp5"], second.cells["ratio, xc7"]) == ("0.25", "9.00")
    # sqrt(0.5 * 0.25) and sqrt(0.9 * 9).
    assert mean.label == "geometric mean"
    assert list(mean.cells) == list(first.cells)
    assert {key: value for key, value in mean.cells.items() if value} == {"ratio, ecp5": "0.35", "ratio, xc7": "2.85"}
    assert [row.label for row in others] == [
        "logistic, SQ4.4 to UQ0.8",
        "tanh, SQ4.4 to SQ1.7",
        "logistic, SQ3.5 to UQ0.8",
        "tanh, SQ3.5 to SQ1.7",
    ]
    assert [row.cells["linear segments in theory"] for row in others] == ["6.8", "6.8"] * 2


@pytest.mark.parametrize("method", ["polynomial", "table"])
def test_segments_are_those_of_polynomials(method, monkeypatch):
    parameters = {"degree": 1, "segments": 5}
    errors = SimpleNamespace(max_ulp=0.75, correctly_rounded=0.5)
    found = SimpleNamespace(method=method, parameters=parameters, errors=errors)
    built = peers._Built(found, 4, SynthesisResult({}, 13, {1: 200.0}), SynthesisResult({}, 9))
    monkeypatch.setattr(peers, "_built", lambda *_, **__: built)
    cells = peers._alone("tanh", "SQ4.4", "SQ1.7").cells
    assert (cells["degree"], cells["segments"]) == (("1", "5") if method == "polynomial" else ("", ""))
    assert cells["method"] == f"{method} (degree 1, segments 5)"


@pytest.mark.tools
def test_a_small_unit_through_the_flow():
    built = peers._built("tanh", "SQ3.2", "SQ1.4")
    assert built.latency >= 1
    assert 0 < built.ecp5.luts < 40 and 0 < built.xc7.luts < 40
    assert sorted(built.ecp5.fmax_by_seed) == [1, 2, 3] and built.ecp5.fmax > 100
    assert built.xc7.fmax is None
    assert built.ecp5.bram == built.ecp5.dsp == built.xc7.bram == built.xc7.dsp == 0
    assert built.cells()["LUT4 + 2 CCU2C"] == str(built.ecp5.resources["LUT4"] + 2 * built.ecp5.resources["CCU2C"])


@pytest.mark.tools
@pytest.mark.slow
def test_a_table_does_not_go_into_block_ram():
    plain = {"method": "table", "folding": "code", "kept_bits": 0, "max_error": "0.5ulp"}
    built = peers._built("tanh", "SQ4.8", "SQ1.11", **plain)
    assert built.ecp5.bram == built.xc7.bram == 0
    assert built.ecp5.luts > 300


@pytest.mark.tools
@pytest.mark.slow
def test_every_peer_through_the_flow(monkeypatch):
    monkeypatch.setattr(peers, "_WIDTHS", (8,))
    rows = list(measure_peers())
    assert len(rows) == len(read_peers()[1]) + 1 + 4
    ratios = [float(row.cells["ratio, ecp5"]) for row in rows[:6]]
    assert max(ratios) < 1
