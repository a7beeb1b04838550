"""Units with an initiation interval, from the search to the check of what is emitted."""

from functools import cache

import pytest

from softgate import design, load
from softgate.hdl.manifest import Manifest
from softgate.sim.check import check_manifest
from softgate.sim.proofs.protocol import prove_manifest

pytestmark = pytest.mark.tools

OPTIONS = {"target": "ecp5", "frequency": 200, "objective": "luts", "dsp": 0, "bram": 0}


@cache
def unit(interval):
    return design(
        "tanh", "SQ3.9", "SQ1.11", method="polynomial", degree=2, max_error="1ulp", interval=interval, **OPTIONS
    )


def test_steps_take_turns_and_few_take_logic():
    assert unit(1).choice.chosen.luts > unit(4).choice.chosen.luts
    assert unit(4).schedule().units
    assert not unit(1).schedule().units


@pytest.mark.parametrize("interface", ["pipeline", "stream"])
def test_what_is_emitted_is_checked_and_proved(interface, tmp_path):
    manifest = unit(4).emit(tmp_path, interface=interface)
    assert manifest.as_dict()["initiation_interval"] == 4
    wrong = [result for result in check_manifest(tmp_path / "tanh.json") if not result.passed]
    assert not wrong
    text = (tmp_path / "tanh.v").read_text()
    assert "a result every 4 clocks" in text
    assert prove_manifest(manifest, text).verdict == "proved"
    assert load(tmp_path / "tanh.json").options.interval == 4
    assert Manifest.load(tmp_path / "tanh.json").held == (4 if interface == "pipeline" else 1)


def test_a_unit_that_shares_nothing_says_so(tmp_path):
    said = []
    table = design("tanh", "SQ2.3", "SQ1.4", method="table", interval=4)
    table.emit(tmp_path, notes=said.append)
    assert said == ["interval 4: nothing in this unit takes turns, so that interval 1 takes no more"]
