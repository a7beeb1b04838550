from functools import cache

import pytest

from softgate.explore.design import design
from softgate.explore.flows import find_flow, synthesise
from softgate.explore.flows.by_part import area_by_part
from softgate.hdl.targets import target, target_names

FAMILIES = sorted({target(name).flow: name for name in target_names() if target(name).flow}.values())


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    @cache
    def emit(**given):
        folder = tmp_path_factory.mktemp("unit")
        manifest = design("tanh", "SQ4.8", "SQ1.11", method="polynomial", degree=1, **given).emit(folder)
        return manifest, (folder / manifest.verilog).read_text()

    return emit


FAST = {"target": "ecp5", "frequency": 200.0, "objective": "luts", "dsp": 0, "bram": 0}


def same_as_in_all(areas, manifest, text, name):
    """Whether parts add up to what the ordinary report has."""
    result = synthesise(target(name), text, manifest.name, ports=manifest.ports, seeds=(), dsp=False, bram=False)
    assert (areas.total.luts, areas.total.resources) == (result.luts, result.resources)
    assert sum(area.luts for area in areas.parts.values()) == result.luts
    for resource, number in result.resources.items():
        assert sum(area.resources[resource] for area in areas.parts.values()) == number


@pytest.mark.tools
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "xc7")) for name in FAMILIES])
def test_parts_add_up_to_the_unit_on_every_family(emitted, name):
    manifest, text = emitted(**FAST)
    areas = area_by_part(target(name), manifest, text, dsp=False, bram=False)
    same_as_in_all(areas, manifest, text, name)
    # A chain has a bit for each of the result's and some below; registers keep their names on every family.
    assert areas.parts["sums"].resources["FF"] in (9, 10)
    tables = sum(area.luts for part, area in areas.parts.items() if part.startswith("table "))
    assert tables > areas.total.luts / 4
    assert areas.parts["rows of products"].luts >= 15
    assert "several parts" not in {part for part, area in areas.parts.items() if area.luts}


@pytest.mark.tools
def test_parts_of_an_ecp5_unit_as_counted_by_hand(emitted):
    """By the register that each look-up table leads to: tables 38 and 21, sums 10 and 14, rows 18."""
    manifest, text = emitted(**FAST)
    areas = area_by_part(target("ecp5"), manifest, text, dsp=False, bram=False)
    found = {part: area.luts for part, area in areas.parts.items()}
    assert found["sums"] == 10
    assert found["last addition"] == 14
    assert found["rows of products"] == 18
    assert found["table c0"] + found["table c1"] + found["table c0 and table c1"] == 58
    assert found["sign out and saturation"] == 12


@pytest.mark.tools
def test_parts_of_a_stream_without_registers_between_add_up(emitted):
    """Look-up tables then do the work of several parts, and the handshake has cells without a step."""
    manifest, text = emitted(interface="axis", tlast=True)
    areas = area_by_part(target("ecp5"), manifest, text, dsp=False, bram=False)
    same_as_in_all(areas, manifest, text, "ecp5")
    assert areas.parts["control"].resources["FF"] == 2 * manifest.latency


def test_text_that_is_not_the_unit_is_refused(emitted):
    manifest, text = emitted(**FAST)
    with pytest.raises(ValueError, match=r"^tanh\.v is not what this version of softgate prints for its manifest"):
        area_by_part(target("ecp5"), manifest, text.replace("wire negative", "wire negated"))


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_carry_chains_and_registers(name):
    flow = find_flow(target(name))
    kinds = {cell for cells in flow.resources.values() for cell in cells}
    roles = {flow.role(cell.replace("*", "").replace("[RSCP]", "R").replace("[1-6]", "4")) for cell in kinds}
    assert {"carry", "register", "logic"} <= roles
