"""The printed Verilog of softmaxes against the golden model, bit for bit, whatever the stalls, lengths and resets."""

import numpy as np
import pytest
from small_softmax import small_softmax

from softgate.sim.composite_stimulus import stimulus
from softgate.sim.composites.counterexample import find_composite_run
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit

pytestmark = pytest.mark.tools


def emitted(unit, folder):
    manifest = unit.emit(folder)
    text = (folder / "softmax.v").read_text()
    return manifest, compile_unit(text, "softmax", ports=manifest.ports, latency=manifest.latency)


def assert_equal(manifest, compiled, columns, expected, stalls=None):
    for field, want, words in zip(
        manifest.ports.fields("output"), expected, compiled.run(*columns, stalls=stalls), strict=True
    ):
        assert (decode(words, field.width, field.signed) == want).all(), field.label


@pytest.mark.parametrize(
    "asked",
    [
        {"interface": "stream"},
        {"interface": "axis", "n": 4, "source": "UQ1.5", "output": "SQ1.7", "base": "2"},
        {"arrangement": "parallel", "interface": "stream"},
    ],
    ids=["stream", "axis", "parallel"],
)
def test_verilog_equals_golden(asked, tmp_path):
    unit = small_softmax(**asked)
    manifest, compiled = emitted(unit, tmp_path)
    columns = stimulus(manifest, 3000)
    expected = unit.golden.transfers(columns)
    for stalls in (None, 1, 2):
        assert_equal(manifest, compiled, columns, expected, stalls)
    # Single elements right behind the longest vectors fill the rings of values.
    if manifest.ports.has("last"):
        lengths = [unit.asked.n, *[1] * (4 * unit.asked.n)] * 40
        last = np.zeros(sum(lengths), np.int64)
        last[np.cumsum(lengths) - 1] = 1
        codes = np.random.default_rng(1).integers(0, 8, len(last))
        assert_equal(manifest, compiled, [codes, last], unit.golden.transfers([codes, last]))


def test_resets_amid_a_vector(tmp_path):
    unit = small_softmax()
    manifest, compiled = emitted(unit, tmp_path)
    codes, last = [3, -2, 1], [0, 0, 1]
    idle = {"rst": 0, "x_valid": 0, "y_ready": 1}
    for clocks in range(1, manifest.latency + 3):
        with compiled.player() as clock:
            for at in range(clocks):
                clock({**idle, "x_valid": 1, "x": codes[at % 3] & 15, "x_last": at % 3 == 1})
            clock({**idle, "rst": 1})
            found = []
            for at in range(manifest.latency + 8):
                offered = at < 3
                given = {"x_valid": offered, "x": codes[at % 3] & 15, "x_last": last[at % 3]}
                seen = clock({**idle, **given})
                if seen["y_valid"]:
                    found.append((at, seen["y"], seen["y_last"]))
        y = unit.golden([codes])[0].tolist()
        assert found == [(manifest.latency + i, y[i], last[i]) for i in range(3)], clocks


@pytest.mark.parametrize("asked", [{}, {"interface": "axis"}, {"arrangement": "parallel"}])
def test_other_tools_accept_the_text(asked, tmp_path):
    import lint

    small_softmax(**asked).emit(tmp_path)
    for tool in (lint.icarus, lint.verilator, lint.slang, lint.yosys):
        assert tool(tmp_path / "softmax.v") == [], tool.__name__


@pytest.mark.slow
@pytest.mark.parametrize("interface", ["stream", "axis"])
def test_ten_thousand_vectors_of_sixteen_bits(interface, tmp_path):
    unit = small_softmax(10, "SQ6.10", "UQ0.16", max_error="2^-11", interface=interface)
    manifest, compiled = emitted(unit, tmp_path)
    columns = stimulus(manifest, 60_000)
    assert columns[1].sum() >= 10_000
    for stalls in (None, 1):
        assert_equal(manifest, compiled, columns, unit.golden.transfers(columns), stalls)


@pytest.mark.slow
@pytest.mark.parametrize("interface", ["stream", "axis"])
@pytest.mark.parametrize("asked", [{}, {"n": 10, "source": "SQ6.10", "output": "UQ0.16", "max_error": "2^-11"}])
def test_random_runs_with_stalls_and_resets_amid_vectors(asked, interface, tmp_path):
    """1500 runs of vectors of mixed lengths, most with several resets amid them: none shows a fault."""
    manifest = small_softmax(**asked, interface=interface).emit(tmp_path)
    assert find_composite_run(manifest, (tmp_path / "softmax.v").read_text()) is None
