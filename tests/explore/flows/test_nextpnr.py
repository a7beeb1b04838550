import importlib.util
import itertools
import json
import threading
from dataclasses import replace

import pytest
from small_units import XOR

from softgate.explore.flows import find_flow, nextpnr
from softgate.hdl.targets import target
from softgate.support.tools import MissingToolError, ToolError

FAMILIES = {"ecp5": "ecp5", "ice40": "hx8k", "gowin": "gowin", "gatemate": "gatemate"}
NAMES = {family: f"nextpnr-{'himbaechel-' * (family in ('gowin', 'gatemate'))}{family}" for family in FAMILIES}


@pytest.mark.tools
@pytest.mark.parametrize("family", FAMILIES)
def test_a_missing_nextpnr_names_the_extra(family, monkeypatch):
    find_spec, package = importlib.util.find_spec, f"yowasp_{NAMES[family].replace('-', '_')}"
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find_spec(name))
    message = rf'^{NAMES[family]} was not found: install it with: pip install "softgate\[{family}\]"\.$'
    with pytest.raises(MissingToolError, match=message):
        XOR.synthesise(FAMILIES[family])
    assert XOR.area(FAMILIES[family]).luts == 1


@pytest.mark.tools
@pytest.mark.parametrize("family", FAMILIES)
def test_a_netlist_that_nextpnr_refuses(family, tmp_path):
    chosen = target(FAMILIES[family])
    (tmp_path / "netlist.json").write_text("{}")
    tool = find_flow(chosen).place_and_route
    with pytest.raises(ToolError, match=rf"^{NAMES[family]} failed: (FATAL )?ERROR: "):
        tool.place_and_route(tmp_path / "netlist.json", chosen, [1], 100)


@pytest.mark.tools
def test_a_device_that_nextpnr_does_not_know(tmp_path):
    chosen = target("ecp5")
    tool = find_flow(chosen).place_and_route
    tool.require()  # its first start says that it takes a while
    with pytest.raises(ToolError, match=r"^nextpnr-ecp5 failed: unrecognised option '--13k'$"):
        tool.place_and_route(tmp_path / "netlist.json", replace(chosen, device={"nextpnr": ["--13k"]}), [1], 100)


def test_nextpnr_is_compiled_by_one_thread_or_process_at_a_time(monkeypatch):
    running, most = 0, 0

    def run(self, *arguments, cwd):
        nonlocal running, most
        assert arguments == ("--version",)
        running += 1
        most = max(most, running)
        threading.Event().wait(0.05)
        running -= 1

    monkeypatch.setattr(nextpnr.Nextpnr, "run", run)
    nextpnr._compile.cache_clear()
    tool = find_flow(target("ecp5")).place_and_route
    threads = [threading.Thread(target=tool.require) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_what_nextpnr_is_told_and_says(monkeypatch, tmp_path):
    told = []

    def run(self, *arguments, cwd):
        told.append(arguments)
        seed = arguments[arguments.index("--seed") + 1]
        achieved = {"clk": {"achieved": 100.0 + int(seed)}, "other": {"achieved": 150.0}}
        (cwd / arguments[arguments.index("--report") + 1]).write_text(json.dumps({"fmax": achieved}))

    monkeypatch.setattr(nextpnr.Nextpnr, "run", run)
    chosen = target("ecp5")
    tool = find_flow(chosen).place_and_route
    assert tool.place_and_route(tmp_path / "netlist.json", chosen, [3, 70], 77.5) == {3: 103.0, 70: 150.0}
    assert [arguments[arguments.index("--seed") + 1] for arguments in sorted(told, key=str)] == ["3", "70"]
    for arguments in told:
        pairs = set(itertools.pairwise(arguments))
        assert {("--freq", "77.5"), ("--speed", "6"), ("--package", "CABGA381"), ("--json", "netlist.json")} <= pairs
        assert {"--25k", "--lpf-allow-unconstrained", "--timing-allow-fail"} <= set(arguments)


def test_the_pins_are_named_where_they_must_be(monkeypatch, tmp_path):
    told = []

    def run(self, *arguments, cwd):
        told.append((cwd / nextpnr.PIN_FILE).read_text())
        assert f"cst={nextpnr.PIN_FILE}" in arguments
        (cwd / arguments[arguments.index("--report") + 1]).write_text(json.dumps({"fmax": {"clk": {"achieved": 1}}}))

    monkeypatch.setattr(nextpnr.Nextpnr, "run", run)
    chosen = target("gowin")
    find_flow(chosen).place_and_route.place_and_route(tmp_path / "netlist.json", chosen, [1], 77.5)
    assert told == ['IO_LOC "clk" 52;\nIO_LOC "serial_in" 3;\n']


@pytest.mark.tools
def test_a_report_without_a_clock_says_why_there_is_none(monkeypatch):
    def run(self, *arguments, cwd):
        if "--report" in arguments:
            (cwd / arguments[arguments.index("--report") + 1]).write_text(json.dumps({"fmax": {}}))

    monkeypatch.setattr(nextpnr.Nextpnr, "run", run)
    result = XOR.synthesise("ecp5")
    assert (result.luts, result.fmax) == (1, None)
    assert result.why_no_fmax == "nextpnr-ecp5 knows the delay of no path between registers"
