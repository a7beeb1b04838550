import json

import pytest
from small_units import AXIS, STREAM, TABLE, XOR, SmallUnit

from softgate.explore.flows.wrapper import registered
from softgate.support.yosys import run_yosys


@pytest.mark.tools
@pytest.mark.parametrize(
    ("unit", "registers"),
    [
        # Two ranks a side: the interface's inputs but for the clock, and its outputs, twice.
        (XOR, 2 * (4 + 1)),
        (TABLE, 2 * (1 + 9 + 8)),
        (STREAM, 2 * (3 + 4 + 2 + 4)),
        (AXIS, 2 * (3 + 8 + 2 + 8)),
    ],
    ids=["comb", "pipeline", "stream", "axis"],
)
def test_the_wrapper_has_two_ranks_a_side(tmp_path, unit, registers):
    (tmp_path / "unit.v").write_text(unit.verilog)
    (tmp_path / "wrapper.v").write_text(registered("around", "unit", unit.ports))
    # Around a black box, Yosys's own checks see every port of the unit connected at its width.
    run_yosys(
        "read_verilog -lib unit.v\nread_verilog wrapper.v\nhierarchy -check -top around\nproc\ncheck -assert\n"
        "opt_clean\nsimplemap\ntee -q -o stat.json stat -json",
        cwd=tmp_path,
    )
    module = json.loads((tmp_path / "stat.json").read_text())["modules"]["\\around"]
    assert module["num_cells_by_type"] == {"$_DFF_P_": registers, "unit": 1}
    assert module["num_port_bits"] == 2


def test_ports_are_connected_in_order():
    unit = SmallUnit("", [("a", 3), ("b", 2)], [("y", 4), ("z", 1)], "pipeline")
    text = registered("around", "unit", unit.ports)
    for connection in (
        ".clk(clk)",
        ".en(into_inner[0:0])",
        ".a(into_inner[3:1])",
        ".b(into_inner[5:4])",
        ".y(from_unit[3:0])",
        ".z(from_unit[4:4])",
    ):
        assert connection in text


def test_the_clock_goes_by_its_role():
    assert ".aclk(clk)" in registered("around", "unit", AXIS.ports)
