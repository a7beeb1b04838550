import json

import pytest
from small_units import STREAM, TABLE, XOR

from softgate.explore.flows.wrapper import registered
from softgate.hdl.yosys import run_yosys


@pytest.mark.parametrize(
    ("unit", "registers"),
    [
        # Two ranks a side: the interface's inputs but for the clock, and its outputs, twice.
        (XOR, 2 * (4 + 1)),
        (TABLE, 2 * (1 + 9 + 8)),
        (STREAM, 2 * (3 + 4 + 2 + 4)),
    ],
    ids=["comb", "pipeline", "stream"],
)
def test_the_wrapper_has_two_ranks_a_side(tmp_path, unit, registers):
    (tmp_path / "unit.v").write_text(unit.verilog)
    (tmp_path / "wrapper.v").write_text(registered("around", "unit", unit.inputs, unit.outputs, unit.interface))
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
    text = registered("around", "unit", [("a", 3), ("b", 2)], [("y", 4), ("z", 1)], "stream")
    for connection in (
        ".clk(clk)",
        ".rst(into_inner[0:0])",
        ".x_valid(into_inner[1:1])",
        ".y_ready(into_inner[2:2])",
        ".a(into_inner[5:3])",
        ".b(into_inner[7:6])",
        ".x_ready(from_unit[0:0])",
        ".y_valid(from_unit[1:1])",
        ".y(from_unit[5:2])",
        ".z(from_unit[6:6])",
    ):
        assert connection in text
