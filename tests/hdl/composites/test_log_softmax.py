"""The printed Verilog of log-softmaxes and logsumexps against the golden models, bit for bit, whatever the stalls."""

import numpy as np
import pytest
from small_softmax import small_log_softmax, small_logsumexp

from softgate.sim.composite_stimulus import stimulus
from softgate.sim.composites.check import measured_latency
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit

pytestmark = pytest.mark.tools


@pytest.mark.parametrize(
    ("make", "asked"),
    [
        (small_log_softmax, {"n": 5, "output": "SQ3.1", "max_error": "1ulp"}),
        (small_log_softmax, {"base": "2", "output": "SQ3.4", "arrangement": "parallel", "interface": "pipeline"}),
        (small_logsumexp, {"n": 4, "interface": "axis", "source": "UQ1.4", "output": "UQ2.6"}),
        pytest.param(small_logsumexp, {"base": "2", "output": "SQ2.1", "max_error": "1ulp"}, marks=pytest.mark.slow),
        (small_logsumexp, {"arrangement": "parallel", "output": "SQ3.2", "max_error": "1ulp"}),
    ],
)
def test_verilog_equals_golden(make, asked):
    unit = make(**asked)
    manifest = unit._unnamed
    built = compile_unit(unit.verilog("unit"), "unit", ports=manifest.ports, latency=unit.latency)
    columns = stimulus(manifest, 3000)
    expected = unit.golden.transfers(columns)
    streams = manifest.ports.protocol == "stream"
    for stalls in (None, 1, 2) if streams else (None,):
        found = built.run(*columns, stalls=stalls, due=unit.golden.answered(columns) if streams else None)
        for field, want, words in zip(manifest.ports.fields("output"), expected, found, strict=True):
            np.testing.assert_array_equal(decode(words, field.width, field.signed), want)
    if streams:
        assert measured_latency(manifest, built) == unit.latency


@pytest.mark.parametrize("unit", [small_log_softmax, small_logsumexp])
def test_other_tools_accept_the_text(unit, tmp_path):
    import lint

    manifest = unit(interface="axis").emit(tmp_path)
    for tool in (lint.icarus, lint.verilator, lint.slang, lint.yosys):
        assert tool(tmp_path / manifest.verilog) == [], tool.__name__
