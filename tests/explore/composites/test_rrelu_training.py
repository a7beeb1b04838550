"""RReLU in training inside an Amaranth design."""

from amaranth.sim import Simulator
from small_rrelu import small_rrelu

from softgate.hdl import RReluTraining


def test_streams_in_a_design():
    component = RReluTraining("SQ3.4", "SQ3.3", slope_bits=5)
    assert component.design.words == small_rrelu().words
    codes, found = [-64, 5, -1, -33, -64, -64, 63, -17], []

    async def send(ctx):
        for code in codes:
            ctx.set(component.x.valid, 1)
            ctx.set(component.x.payload, code)
            await ctx.tick().until(component.x.ready)
            ctx.set(component.x.valid, 0)
            await ctx.tick()

    async def receive(ctx):
        ctx.set(component.y.ready, 1)
        for _ in codes:
            (payload,) = await ctx.tick().sample(component.y.payload).until(component.y.valid)
            found.append(payload)

    simulator = Simulator(component)
    simulator.add_clock(1e-6)
    simulator.add_testbench(send)
    simulator.add_testbench(receive)
    simulator.run()
    assert found == small_rrelu().golden(codes).tolist()
