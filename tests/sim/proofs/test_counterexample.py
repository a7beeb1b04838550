import numpy as np
import pytest

from softgate import design
from softgate.hdl.interfaces import interface_ports
from softgate.plan import FixedFormat
from softgate.sim.proofs.counterexample import Counterexample, Moment
from softgate.sim.proofs.counterexample_search import find_counterexample


def test_a_run_as_a_table():
    fmt = FixedFormat.parse("SQ4.0")
    ports = interface_ports("axis", {"x": fmt}, {"y": fmt}, tlast=True)
    names = [port.name for port in ports if port.role != "clock"]
    rows = [
        ([0, 0x3F, 0, 1, 1, 0, 0, 0, 0], "reset"),
        ([1, 0x3F, 1, 1, 0, 0, 0, 1, 0], "takes 1"),
        ([1, 0x30, 0, 1, 1, 0xFE, 1, 1, 1], "gives 1"),
    ]
    moments = tuple(Moment(dict(zip(names, words, strict=True)), note) for words, note in rows)
    lines = Counterexample("wrong", ports, moments).table().splitlines()
    assert [line.split() for line in lines] == [
        ["clock", *names],
        ["1", "0", ".", "0", "1", ".", ".", "0", "0", ".", "reset"],
        ["2", "1", "-1", "1", "1", "0", ".", "0", "1", ".", "takes", "1"],
        ["3", "1", ".", "0", "1", ".", "-2", "1", "1", "1", "gives", "1"],
    ]


@pytest.mark.tools
def test_a_run_as_vcd(tmp_path):
    manifest = design("hard_tanh", "SQ3.3", "SQ1.8").emit(tmp_path, name="unit", interface="stream", stages=2)
    text = (tmp_path / "unit.v").read_text()
    broken = text.replace("assign y_valid = valid_r2;", "assign y_valid = valid_r1;")
    assert broken != text
    found = find_counterexample(manifest, broken)
    found.write_vcd(tmp_path / "run.vcd", broken, "unit")
    names, changes = _read_vcd((tmp_path / "run.vcd").read_text())
    assert {"clk", "rst", "x", "y_valid", "valid_r1", "valid_r2", "advance"} <= set(names)
    edges = [time for time, name, value in changes if name == "clk" and value == "1"]
    assert np.diff(edges).tolist() == [10] * (len(edges) - 1)
    assert len(edges) == len(found.moments)
    for edge, moment in zip(edges, found.moments, strict=True):
        held = {name: value for time, name, value in changes if time < edge + 10}  # when the next edge comes
        assert {name: int(held[name], 2) for name in moment.words} == dict(moment.words)


def _read_vcd(text):
    names, changes, time = {}, [], 0
    for line in text.splitlines():
        words = line.split()
        if line.startswith("$var"):
            names[words[3]] = words[4]
        elif line.startswith("#"):
            time = int(line[1:])
        elif line.startswith("b"):
            changes.append((time, names[words[1]], words[0][1:]))
    return list(names.values()), changes
