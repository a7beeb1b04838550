"""The printed Verilog of neurons against the golden model, bit for bit, whatever the stalls, lengths and resets."""

from itertools import cycle

import numpy as np
import pytest
from small_neurons import SHAPES, emitted, small_neuron

from softgate import neuron
from softgate.hdl.scheduling.clocked_schedule import TimingError
from softgate.sim.composite_stimulus import stimulus
from softgate.sim.composites.check import measured_latency
from softgate.sim.engines.bit_patterns import decode
from softgate.sim.engines.compiled import compile_unit

pytestmark = pytest.mark.tools


MORE = {"streamed, all at once", "constant", "layer, all at once"}
"""Shapes whose parts others have too."""


@pytest.mark.parametrize(
    "shape", [pytest.param(each, marks=[pytest.mark.slow] if each in MORE else []) for each in SHAPES]
)
def test_verilog_equals_golden(shape, tmp_path):
    unit = small_neuron(**SHAPES[shape])
    manifest, text = emitted(unit, tmp_path)
    compiled = compile_unit(text, "neuron", ports=manifest.ports, latency=manifest.latency)
    columns = stimulus(manifest, 1500)
    expected, due = unit.golden.transfers(columns), unit.golden.answered(columns)
    for stalls in (None, 1, 2):
        found = compiled.run(*columns, stalls=stalls, due=due)
        for field, want, words in zip(manifest.ports.fields("output"), expected, found, strict=True):
            assert (decode(words, field.width, field.signed) == want).all(), (field.label, stalls)
    assert measured_latency(manifest, compiled) == manifest.latency


@pytest.mark.parametrize("shape", ["streamed", "layer"])
def test_resets_amid_a_vector(shape, tmp_path):
    unit = small_neuron(**SHAPES[shape])
    manifest, text = emitted(unit, tmp_path)
    compiled = compile_unit(text, "neuron", ports=manifest.ports, latency=manifest.latency)
    x, w = [3, -2, 1, 7, -8], [1, 2, -3, 0, 5]
    wanted = np.atleast_1d(unit.golden(x, w) if unit.asked.weights is None else unit.golden(x)).tolist()
    idle = {"rst": 0, "x_valid": 0, "z_ready": 1}

    def offered(at):
        given = {"x_valid": 1, "x": x[at] & 15, "x_last": at == 4}
        return given | ({"w": w[at] & 15} if unit.asked.weights is None else {})

    for clocks in range(1, manifest.latency + 12, 2):
        with compiled.player() as clock:
            places = cycle(range(5))
            place = next(places)
            for _ in range(clocks):
                if clock({**idle, **offered(place)})["x_ready"]:
                    place = next(places)
            clock({**idle, "rst": 1})
            found = []
            for at in range(manifest.latency + 20):
                seen = clock({**idle, **(offered(at) if at < 5 else {})})
                if seen["z_valid"]:
                    found.append((at, decode(np.array([seen["z"]], np.uint64), 6, True)[0], seen["z_last"]))
        first = manifest.latency
        assert found == [(first + 5 * i, z, i == len(wanted) - 1) for i, z in enumerate(wanted)], clocks


@pytest.mark.parametrize("shape", ["streamed, axis, two a clock", "constant, all at once", "layer, all at once"])
def test_other_tools_accept_the_text(shape, tmp_path):
    import lint

    small_neuron(**SHAPES[shape]).emit(tmp_path)
    for tool in (lint.icarus, lint.verilator, lint.slang, lint.yosys):
        assert tool(tmp_path / "neuron.v") == [], tool.__name__


def test_where_weights_and_products_are():
    def text(**asked):
        return small_neuron("layer", target="ecp5", frequency=60, **asked).verilog()

    assert 'rom_style = "block"' in text(memory="bram", bias="1/2")
    assert 'rom_style = "block"' not in text(memory="logic")
    assert 'rom_style = "block"' not in text()  # fifteen weights take less in logic
    assert "product = $signed" in text()
    assert "product = $signed" not in text(products="logic")


def test_a_layer_keeps_long_vectors_in_block_ram(tmp_path):
    weights = np.random.default_rng(1).integers(-128, 128, (3, 200))
    asked = {"weight_format": "SQ1.7", "target": "ecp5"}
    unit = neuron(200, "SQ1.11", weights, "linear", "SQ4.12", **asked)
    manifest, text = emitted(unit, tmp_path)
    assert '(* ram_style = "block" *) reg [11:0] elements' in text
    assert (
        '(* ram_style = "block" *)'
        not in neuron(200, "SQ1.11", weights, "linear", "SQ4.12", memory="logic", **asked).verilog()
    )
    compiled = compile_unit(text, "neuron", ports=manifest.ports, latency=manifest.latency)
    columns = stimulus(manifest, 2000)
    found = compiled.run(*columns, stalls=1, due=unit.golden.answered(columns))[0]
    assert (decode(found, 16, True) == unit.golden.transfers(columns)[0]).all()
    assert measured_latency(manifest, compiled) == manifest.latency


def test_refusals():
    with pytest.raises(ValueError, match="memory cannot be bram: target generic has no block RAM; choose logic"):
        small_neuron("layer", memory="bram").verilog()
    with pytest.raises(TimingError, match="a block RAM of ecp5 does not keep 200 MHz; choose logic, or a lower"):
        small_neuron("layer", memory="bram", target="ecp5", frequency=200).verilog()
    with pytest.raises(ValueError, match="memory must be logic or auto, not bram: each product has one constant"):
        small_neuron("one", parallel=5, memory="bram", target="ecp5", frequency=60).verilog()
    with pytest.raises(ValueError, match="there is no interface of vectors 'pipeline'"):
        small_neuron(interface="pipeline").verilog()


@pytest.mark.slow
def test_a_layer_of_128_neurons(tmp_path):
    random = np.random.default_rng(1)
    weights = np.clip(random.normal(0, 0.3, (128, 64)), -1, 127 / 128)
    asked = {"weight_format": "SQ1.7", "bias": random.uniform(-1, 1, 128), "parallel": 4, "target": "ecp5"}
    unit = neuron(64, "SQ1.7", weights, "linear", "SQ4.8", **asked)
    assert unit.hardware._products.blocks == {"w0", "w1", "w2", "w3"}
    manifest, text = emitted(unit, tmp_path)
    compiled = compile_unit(text, "neuron", ports=manifest.ports, latency=manifest.latency)
    columns = stimulus(manifest, 1000)
    for stalls in (None, 1):
        found = compiled.run(*columns, stalls=stalls, due=unit.golden.answered(columns))[0]
        assert (decode(found, 12, True) == unit.golden.transfers(columns)[0]).all()
