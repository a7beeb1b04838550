"""By which names things are kept in the cache: whatever they are made of must change their names."""

import shutil
from dataclasses import replace
from functools import partial

import pytest

from softgate import design
from softgate.explore.flows import measure
from softgate.hdl.interfaces import interface_ports
from softgate.hdl.targets import target
from softgate.plan import FixedFormat
from softgate.sim import cocotb_runner, simulate
from softgate.sim.engines import compiled

UNIT = design("hard_tanh", "SQ3.3", "SQ1.5")
ECP5 = target("ecp5")


class _KnownError(Exception):
    pass


def key_of(module, call):
    """Return the key that a module asks the cache for in a call, before anything is built."""
    keys, real = [], module.content_key

    def content_key(parts):
        keys.append(real(list(parts)))
        raise _KnownError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "content_key", content_key)
        with pytest.raises(_KnownError):
            call()
    return keys[0]


@pytest.mark.tools
def test_a_compiled_unit(monkeypatch):
    eight = FixedFormat.parse("SQ8.0")

    def key(verilog="module unit;", top="unit", prepare="", **inputs):
        ports = interface_ports("comb", inputs or {"x": eight}, {"y": eight})
        unit = {"ports": ports, "latency": 0, "prepare": prepare}
        return key_of(compiled, lambda: compiled.compile_unit(verilog, top, **unit))

    keys = [
        key(),
        key("module unit; "),
        key(top="other"),
        key(w=eight),  # another driver
        key(prepare="opt"),
        key("module unit;opt"),
        key(top="unitopt"),
    ]
    monkeypatch.setattr(compiled, "_CXX_FLAGS", (*compiled._CXX_FLAGS, "-O3"))
    keys.append(key())
    monkeypatch.setattr(compiled, "compiler_version", lambda compiler: "g++ 99")
    keys.append(key())
    monkeypatch.setattr(compiled.importlib.metadata, "version", lambda package: f"{package} 99")
    keys.append(key())
    assert len(set(keys)) == len(keys)
    assert keys[-1] == key()


@pytest.mark.tools
def test_a_model_of_a_simulator(tmp_path, monkeypatch):
    monkeypatch.setattr(simulate, "simulator_environment", lambda simulator: {})
    UNIT.emit(tmp_path, name="unit", interface="comb")
    text = (tmp_path / "unit.v").read_text()

    def key(added="", simulator="verilator", **options):
        (tmp_path / "unit.v").write_text(text + added)
        options |= {"simulator": simulator, "build_dir": tmp_path / "build"}
        return key_of(cocotb_runner, lambda: simulate.simulate(tmp_path / "unit.json", **options))

    keys = [key(), key(" "), key(waves=True)]
    if shutil.which("iverilog") is not None:
        keys.append(key(simulator="icarus"))
    monkeypatch.setattr(cocotb_runner.importlib.metadata, "version", lambda package: f"{package} 99")
    keys.append(key())
    monkeypatch.setattr(cocotb_runner.sys, "prefix", str(tmp_path))  # where a model finds cocotb's libraries
    keys.append(key())
    assert len(set(keys)) == len(keys)
    assert keys[-1] == key()


def test_a_figure_of_synthesis(monkeypatch):
    def key(on=ECP5, unit=UNIT, interface="pipeline", **options):
        return key_of(
            measure, lambda: measure.measure(on, unit.schedule(interface=interface, stages=1), interface, **options)
        )

    keys = [
        key(),
        key(unit=design("hard_tanh", "SQ3.4", "SQ1.5")),
        key(interface="stream"),
        key(replace(ECP5, name="other")),
        key(replace(ECP5, device={**ECP5.device, "nextpnr": ["--speed", "8"]})),
        key(seeds=(1,)),
        key(seeds=(2,)),
        key(seeds=(1, 2)),
        key(seeds=(1,), frequency=101.0),
        key(seeds=(1,), frequency=151.0),
        key(dsp=False),
        key(bram=False),
        key(dsp=False, bram=False),
    ]
    monkeypatch.setattr(measure, "tool_versions", lambda _: {"yosys": "99"})
    keys.append(key())
    assert len(set(keys)) == len(keys)
    assert keys[-1] == key()


def test_a_figure_depends_on_the_packages_that_its_flow_names(monkeypatch):
    asked = []
    monkeypatch.setattr(measure, "tool_versions", lambda packages: asked.append(packages) or {})
    for name in ("ecp5", "gowin", "xc7"):
        key_of(measure, partial(measure.measure, target(name), UNIT.schedule(interface="comb"), "comb"))
    nextpnr = [("pyosys", f"yowasp-nextpnr-{family}") for family in ("ecp5", "himbaechel-gowin")]
    assert asked == [*nextpnr, ("pyosys",)]
