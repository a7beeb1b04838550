import numpy as np
import pytest
from amaranth.hdl import Module
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import connect, flipped
from amaranth_benches import simulate

from softgate.hdl import FunctionUnit, HardLogistic, HardTanh, TaylorLogistic, TaylorTanh
from softgate.plan import FixedFormat
from softgate.sim.golden.model import golden

UNITS = [
    pytest.param(lambda **o: HardTanh("SQ3.5", "SQ1.7", **o), lambda x: np.clip(x, -1, 1), 0.5, id="hard_tanh"),
    pytest.param(
        lambda **o: HardLogistic("SQ4.4", "UQ0.8", variant="keras3", **o),
        lambda x: np.clip(x / 6 + 0.5, 0, 1),
        0.5,
        id="hard_logistic",
    ),
    pytest.param(
        lambda **o: TaylorTanh("SQ3.5", "SQ1.7", degree=2, segments=32, **o),
        np.tanh,
        1.0,
        id="taylor_tanh",
    ),
    pytest.param(
        lambda **o: TaylorLogistic("SQ4.4", "UQ0.8", degree=2, segments=16, **o),
        lambda x: 1 / (1 + np.exp(-x)),
        1.0,
        id="taylor_logistic",
    ),
]  # fmt: skip


class Surroundings(wiring.Component):
    """A unit whose streams are passed on by `connect`."""

    def __init__(self, unit):
        self.unit = unit
        super().__init__(unit.signature)

    def elaborate(self, platform):
        m = Module()
        m.submodules.unit = self.unit
        connect(m, flipped(self.x), self.unit.x)
        connect(m, self.unit.y, flipped(self.y))
        return m


def transfer(dut, codes):
    """Send codes through a stream without stalls; return the results, and the clocks to the first of them."""
    received, clocks = [], []

    async def send(ctx):
        ctx.set(dut.x.valid, 1)
        for code in codes:
            ctx.set(dut.x.payload, code)
            await ctx.tick().until(dut.x.ready)
        ctx.set(dut.x.valid, 0)

    async def receive(ctx):
        ctx.set(dut.y.ready, 1)
        clock = 0
        while len(received) < len(codes):
            *_, valid, payload = await ctx.tick().sample(dut.y.valid, dut.y.payload)
            if valid:
                received.append(payload)
                clocks.append(clock)
            clock += 1

    simulate(dut, send, receive)
    assert clocks == list(range(clocks[0], clocks[0] + len(codes)))  # a result every clock
    return received, clocks[0]


@pytest.mark.parametrize(("make", "function", "error"), UNITS)
def test_streams_inside_an_amaranth_design(make, function, error):
    unit = make()
    ((_, source),), (output,) = unit.plan.inputs, unit.plan.outputs
    codes = source.codes()
    received, clocks = transfer(Surroundings(unit), codes.tolist())
    assert clocks == unit.latency > 0
    assert received == golden(unit.plan)(codes).tolist()
    truth = np.clip(
        function(source.to_float(codes)) / float(output.format.ulp), output.format.min_code, output.format.max_code
    )
    assert np.abs(received - truth).max() <= error + 1e-9


@pytest.mark.parametrize(("make", "function", "error"), UNITS)
def test_latency_is_that_asked_for(make, function, error):
    assert make(stages=2).latency == 2
    assert make(interface="comb").latency == 0
    assert make(interface="pipeline", stages=4).latency == 4
    assert make(registers=["x"]).latency == 1


def test_streams_by_default():
    assert TaylorTanh("SQ3.5", "SQ1.7").interface == "stream"
    assert isinstance(HardTanh("SQ3.5", "SQ1.7").x.signature, stream.Signature)


def test_formats_may_be_objects():
    unit = HardTanh(FixedFormat.parse("SQ3.5"), "ap_fixed<8,1>")
    assert str(unit.specification.output_format) == "SQ1.7"


def test_limits():
    unit = HardTanh("SQ3.5", "SQ2.6", min=-0.5, max="3/2", interface="comb")
    assert golden(unit.plan).floats([-4, -0.5, 0.25, 1.5, 3]).tolist() == [-0.5, -0.5, 0.25, 1.5, 1.5]


def test_slope_and_offset():
    unit = HardLogistic("SQ3.5", "UQ0.8", slope=1, offset=0.25, interface="comb")
    assert golden(unit.plan).floats([-1, 0, 0.5]).tolist() == [0, 0.25, 0.75]


def test_reports_its_specification():
    unit = HardLogistic("SQ3.5", "UQ0.8", variant="torch")
    assert str(unit.specification.function) == "hard_logistic(variant=keras3)"
    assert str(unit.specification.budget) == "0.5ulp"
    assert TaylorTanh("SQ3.5", "SQ1.7").specification.budget is None


def test_the_best_unit_of_any_method():
    unit = FunctionUnit("logistic", "SQ3.4", "UQ0.7", max_error="1ulp", target="ecp5", objective="luts", saturate=True)
    assert (unit.interface, unit.options.target, unit.options.objective) == ("stream", "ecp5", "luts")
    assert unit.design.errors.largest < 1
    assert len(unit.design.choice.weighed) > 3
    assert unit.verilog("logistic") == unit.design.unit().verilog("logistic")


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: HardTanh("Q3.5", "SQ1.7"), ValueError, "format 'Q3.5' is ambiguous"),
        (lambda: HardTanh(8, "SQ1.7"), TypeError, "format must be text"),
        (lambda: HardTanh("SQ3.5", "SQ1.7", min=1, max=-1), ValueError, "min must be below max"),
        (lambda: HardTanh("SQ3.5", "SQ1.7", min="low"), ValueError, "min must be a number, not 'low'"),
        (lambda: HardLogistic("SQ3.5", "UQ0.8", variant="kears3"), ValueError, r"did you mean keras3\?"),
        (lambda: HardLogistic("SQ3.5", "UQ0.8", slope=0), ValueError, "slope must be above 0, not 0"),
        (lambda: TaylorTanh("SQ3.5", "SQ1.7", degree=-1), ValueError, r"degree must be .* from 0 to 12, not -1"),
        (lambda: TaylorTanh("SQ3.5", "SQ1.7", degree=2.5), ValueError, "degree must be a whole number from 0 to 12"),
        (lambda: TaylorTanh("SQ3.5", "SQ1.7", segments=0), ValueError, r"segments must be .* from 1 to 4096"),
        (lambda: TaylorTanh("SQ3.5", "UQ0.8"), ValueError, "choose a format that holds them, or accept the loss"),
        (lambda: TaylorTanh("SQ3.5", "SQ1.7", interface="apb"), ValueError, "there is no interface 'apb'"),
        (lambda: TaylorTanh("SQ3.5", "SQ1.7", stages=1.5), TypeError, "stages must be an integer, not 1.5"),
        (lambda: TaylorTanh("SQ3.5", "SQ1.7", segment=4), ValueError, "'segment'; did you mean segments"),
        (lambda: FunctionUnit("tanh", "SQ3.5", "SQ1.7", degree=4), ValueError, "degree is a parameter of methods"),
    ],
)  # fmt: skip
def test_wrong_parameters_are_named(make, error, match):
    with pytest.raises(error, match=match):
        make()


def test_a_format_that_does_not_hold_the_values_may_be_accepted():
    unit = TaylorTanh("SQ3.5", "UQ0.8", saturate=True, interface="comb")
    assert golden(unit.plan).floats([-1.0, 0.5]).tolist() == pytest.approx([0.0, np.tanh(0.5)], abs=1 / 256)


def test_an_input_range():
    unit = TaylorTanh("SQ3.5", "SQ1.7", degree=2, segments=8, input_range=(-0.5, "1/4"), interface="comb")
    assert unit.specification.codes == unit.plan.ranges["x"] == (-16, 8)
    with pytest.raises(ValueError, match=r"x is promised to stay within -0.5 to 0.25 \(codes -16 to 8\)"):
        golden(unit.plan)([9])
    with pytest.raises(ValueError, match="input range '1:0' is the wrong way round"):
        HardTanh("SQ3.5", "SQ1.7", input_range="1:0")
