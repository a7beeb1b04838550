"""The check runs every code: one that is answered wrongly is found wherever it is."""

import re

import pytest

from softgate import design
from softgate.sim import hardware_check
from softgate.sim.engines.interpreted import quick_unit
from softgate.sim.hardware_check import check_hardware

pytestmark = pytest.mark.tools

UNIT = design("tanh", "SQ3.5", "SQ1.7", method="taylor", degree=2, segments=8)
RANGED = design("tanh", "SQ3.5", "SQ1.7", method="taylor", degree=2, segments=8, input_range="-0.5:0.5")


@pytest.mark.parametrize(
    ("unit", "code"),
    [*((UNIT, code) for code in (-128, -65, -64, -1, 0, 63, 127)), (RANGED, -16), (RANGED, 16)],
    ids=lambda value: str(value) if isinstance(value, int) else str(value.specification.codes.size),
)
def test_a_wrong_answer_at_a_single_code(tmp_path, monkeypatch, unit, code):
    """At either end of the inputs, and of the blocks in which they are run."""
    monkeypatch.setattr(hardware_check, "_CHUNK", 64)
    manifest = unit.emit(tmp_path, interface="comb")
    text = (tmp_path / manifest.verilog).read_text()
    wrong, count = re.subn(r"assign y = (\w+);", rf"assign y = ({{x}} == 8'd{code % 256}) ? ~\1 : \1;", text)
    assert count == 1
    (sound,) = check_hardware(manifest, text, quick_unit)
    assert sound.passed
    (found,) = check_hardware(manifest, wrong, quick_unit)
    assert (found.name, found.passed) == ("hardware", False)
    assert re.match(rf"y differs at 1 of \d+ inputs, first at x = {code} \(", found.detail)
