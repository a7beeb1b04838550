"""Units of several inputs and outputs: both engines, the proof of their protocol, and its counterexamples."""

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from several_ports import prelu, sum_and_distance, wide
from strategies import plans

from softgate import emit_plan
from softgate.hdl import Unit
from softgate.hdl.interfaces import ports
from softgate.sim.engines.compiled import compile_unit
from softgate.sim.engines.interpreted import interpret_unit
from softgate.sim.engines.netlist_cells import UnsupportedCellError
from softgate.sim.golden.model import golden
from softgate.sim.hardware_check import check_hardware
from softgate.sim.proofs.protocol import prove_manifest
from softgate.sim.simulate import simulate
from softgate.sim.stimulus import stimulus_codes
from softgate.sim.transfers import add_last

pytestmark = pytest.mark.tools


def emit(folder, plan, interface, **options):
    manifest = emit_plan(plan, folder, "unit", interface=interface, **options)
    return manifest, (folder / "unit.v").read_text()


@pytest.mark.parametrize("interface", ["stream", "axis"])
@pytest.mark.parametrize("build", [compile_unit, interpret_unit])
def test_engines_run_every_field(tmp_path, build, interface):
    manifest, text = emit(tmp_path, sum_and_distance(), interface, stages=1, tlast=interface == "axis")
    results = list(check_hardware(manifest, text, build))
    assert [result.name for result in results] == ["hardware", "stalls", "latency"]
    assert all(result.passed for result in results), results
    wrong = text.replace("a} - {", "a} + {")
    assert wrong != text
    (first,) = check_hardware(manifest, wrong, build)
    assert not first.passed
    assert "first at a = -64 (-4.0), c = 1 (0.0625): expected 65, got 63\n" in first.detail
    assert first.detail.startswith("distance in m_axis_tdata" if interface == "axis" else "distance differs")


@pytest.mark.parametrize("stalls", [None, 1])
def test_ports_wider_than_a_word_are_compiled(tmp_path, stalls):
    manifest, text = emit(tmp_path, wide(), "axis", stages=2)
    assert [port.width for port in manifest.ports.inputs] == [72]
    unit = compile_unit(text, "unit", ports=manifest.ports, latency=manifest.latency)
    a, c = np.array([-(1 << 38), 5, (1 << 38) - 1]), np.array([-1, -7, 1])
    total, same = unit.run(a, c, stalls=stalls)
    assert [code.view(np.int64).tolist() for code in ((total << np.uint64(24)), same << np.uint64(24))] == [
        [(x + y) << 24 for x, y in zip(a.tolist(), c.tolist(), strict=True)],
        [x << 24 for x in a.tolist()],
    ]
    with pytest.raises(UnsupportedCellError):
        interpret_unit(text, "unit", ports=manifest.ports, latency=manifest.latency)


@pytest.mark.parametrize(("make", "interface"), [(prelu, "stream"), (sum_and_distance, "axis"), (wide, "axis")])
def test_the_protocol_is_proved(tmp_path, make, interface):
    proof = prove_manifest(*emit(tmp_path, make(), interface, stages=2))
    assert proof.verdict == "proved"


def test_padding_between_fields_must_not_matter(tmp_path):
    manifest, text = emit(tmp_path, sum_and_distance(), "axis", stages=1)
    wrong = text.replace("c = s_axis_tdata[13:8]", "c = s_axis_tdata[13:8] ^ {5'd0, s_axis_tdata[7]}")
    assert wrong != text
    proof = prove_manifest(manifest, wrong)
    assert [fact.name for fact in proof.facts if not fact.proved] == ["order"]
    assert proof.verdict == "refuted"


def test_a_refuting_run_shows_every_field(tmp_path):
    manifest, text = emit(tmp_path, sum_and_distance(), "axis", stages=2)
    wrong = text.replace("if (advance)", "if (advance | s_axis_tdata[8])", 1)
    assert wrong != text
    proof = prove_manifest(manifest, wrong)
    assert proof.verdict == "refuted"
    assert (
        proof.counterexample.complaint
        == "m_axis_tdata is (19, 103) for transfer 2, the answer to 3, and should be (7, 115)"
    )
    assert "(39, 55)" in proof.counterexample.table()


@settings(max_examples=40, deadline=None)
@given(plans(max_inputs=3, widths=st.integers(1, 12)), st.sampled_from(["stream", "axis"]), st.integers(0, 3))
def test_random_plans_answer_in_turn(plan, interface, stages):
    text = Unit(plan, interface=interface, stages=stages, tlast=interface == "axis").verilog("unit")
    listed = ports(plan, interface, tlast=interface == "axis")
    try:
        unit = interpret_unit(text, "unit", ports=listed, latency=stages)
    except UnsupportedCellError:  # a word of more than 64 bits
        reject()
    codes = list(stimulus_codes(plan, limit_bits=8).astype(np.int64)[:, :2000])
    answers = golden(plan)(*codes)
    sent, wanted = add_last(listed, codes, answers if isinstance(answers, tuple) else [answers])
    for field, want, got in zip(listed.fields("output"), wanted, unit.run(*sent, stalls=1), strict=True):
        mask = (1 << field.width) - 1
        assert [int(code) & mask for code in want] == got.tolist(), field.label


@pytest.mark.slow
def test_verilator_drives_fields_wider_than_a_word(tmp_path):
    emit(tmp_path, wide(), "axis", stages=2)
    report = simulate(tmp_path / "unit.json", simulator="verilator")
    assert report.passed, report
    assert (report.inputs, report.latency) == (12297, 2)
