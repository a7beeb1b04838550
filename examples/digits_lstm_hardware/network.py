"""The network in Amaranth: the parts, the memories of its state, and the control that moves vectors between them."""

from typing import Any

from amaranth.hdl import Cat, Module, Mux, Signal, signed, unsigned
from amaranth.lib import data, stream, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from .parts import LANES, Parts
from .weights import CELLS, CLASSES, ROWS

H_TRANSFERS = CELLS // LANES

_IN_LOGIC = {"ram_style": "distributed"}


class Network(wiring.Component):
    """An LSTM that reads the rows of an image, and a layer and a softmax that name its digit.

    A row goes to the layer, followed by the old h. The sums of the layer, four for each cell, go to the LSTM cell with
    the old c, and h and c of the cell to memories. After the last row h goes to the layer of the classes, whose sums go
    to the softmax; meanwhile the next image comes in.

    Parameters
    ----------
    parts
        The composites.

    Attributes
    ----------
    row
        Stream of rows: codes ``x0`` to ``x7`` of pixels.
    answer
        Stream of answers, one for each image: ``digit``, the first of those with the largest share, and its ``share``.
    hidden
        Stream, always ready, of the codes of h as they are stored, cell by cell and row by row.

    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        element, share = parts.cell.hardware.formats["h"].width, parts.softmax.hardware.formats["y"].width
        row = data.StructLayout({f"x{lane}": signed(element) for lane in range(LANES)})
        answer = data.StructLayout({"digit": unsigned((CLASSES - 1).bit_length()), "share": unsigned(share)})
        super().__init__(
            {
                "row": In(stream.Signature(row)),
                "answer": Out(stream.Signature(answer)),
                "hidden": Out(stream.Signature(signed(element), always_ready=True)),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        parts: dict[str, Any] = {name: design.component() for name, design in vars(self._parts).items()}
        for name, part in parts.items():
            m.submodules[name] = part
        cell = parts["cell"]
        h = Memory(shape=unsigned(LANES * len(cell.h.payload.h)), depth=H_TRANSFERS, init=[], attrs=_IN_LOGIC)
        c = Memory(shape=signed(len(cell.h.payload.c_next)), depth=CELLS, init=[], attrs=_IN_LOGIC)
        m.submodules.h, m.submodules.c = h, c
        rows, first, stored = Signal(range(ROWS)), Signal(), Signal()
        m.d.comb += first.eq(rows == 0)
        self._feed(m, parts["layer"], parts["classes"], h, rows, first, stored)
        self._gather(m, parts["layer"].z, cell.i)
        self._keep(m, cell, h, c, first, stored)
        sums, softmax = parts["classes"].z, parts["softmax"]
        m.d.comb += [
            softmax.x.payload.x.eq(sums.payload.z),
            softmax.x.payload.last.eq(sums.payload.last),
            softmax.x.valid.eq(sums.valid),
            sums.ready.eq(softmax.x.ready),
        ]
        self._name(m, softmax.y)
        return m

    def _feed(
        self, m: Module, layer: Any, classes: Any, memory: Memory, rows: Signal, first: Signal, stored: Signal
    ) -> None:
        """Give the layer each row with h behind it and, once h of the last row is stored, h to the classes."""
        place = Signal(range(H_TRANSFERS))
        ends = place == H_TRANSFERS - 1
        port = memory.read_port(domain="comb")
        old = [port.data.word_select(lane, len(port.data) // LANES).as_signed() for lane in range(LANES)]
        m.d.comb += [port.addr.eq(place), layer.x0.payload.last.eq(ends), classes.x0.payload.last.eq(ends)]
        for lane, h in enumerate(old):
            m.d.comb += [
                layer.x0.payload[f"x{lane}"].eq(Mux(first, 0, h)),
                classes.x0.payload[f"x{lane}"].eq(h),
            ]
        with m.FSM(name="feed"):
            with m.State("ROW"):
                m.d.comb += [
                    *(layer.x0.payload[f"x{lane}"].eq(self.row.payload[f"x{lane}"]) for lane in range(LANES)),
                    layer.x0.payload.last.eq(0),
                    layer.x0.valid.eq(self.row.valid),
                    self.row.ready.eq(layer.x0.ready),
                ]
                with m.If(self.row.valid & layer.x0.ready):
                    m.next = "HIDDEN"
            with m.State("HIDDEN"):
                m.d.comb += layer.x0.valid.eq(1)
                with m.If(layer.x0.ready):
                    m.d.sync += place.eq(place + 1)
                    with m.If(ends):
                        m.next = "CELLS"
            with m.State("CELLS"), m.If(stored):
                m.d.sync += rows.eq(rows + 1)
                m.next = "ROW"
                with m.If(rows == ROWS - 1):
                    m.next = "CLASSES"
            with m.State("CLASSES"):
                m.d.comb += classes.x0.valid.eq(1)
                with m.If(classes.x0.ready):
                    m.d.sync += place.eq(place + 1)
                    with m.If(ends):
                        m.next = "ROW"

    def _gather(self, m: Module, sums: Any, cell: Any) -> None:
        """Give the cell the sums of its gates, which come one by one, and its c."""
        gates = "ifgo"
        held = {gate: Signal.like(sums.payload.z, name=f"sum_{gate}") for gate in gates[:-1]}
        number = Signal(range(len(gates)))
        m.d.comb += [
            *(cell.payload[gate].eq(value) for gate, value in held.items()),
            cell.payload.o.eq(sums.payload.z),
            cell.valid.eq(sums.valid & (number == len(held))),
            sums.ready.eq(cell.ready | (number != len(held))),
        ]
        with m.If(sums.valid & sums.ready):
            m.d.sync += number.eq(number + 1)
            for value, after in zip(held.values(), [*list(held.values())[1:], sums.payload.z], strict=True):
                m.d.sync += value.eq(after)

    def _keep(self, m: Module, cell: Any, h_memory: Memory, c_memory: Memory, first: Signal, stored: Signal) -> None:
        """Store h and c of the cells in turn; `stored` is high with the last of them."""
        new, asked, number = Signal(range(CELLS)), Signal(range(CELLS)), Signal(range(LANES))
        h, c = cell.h.payload.h, cell.h.payload.c_next
        read, write_c = c_memory.read_port(domain="comb"), c_memory.write_port()
        write_h = h_memory.write_port(granularity=len(h))
        m.d.comb += [
            read.addr.eq(asked),
            cell.i.payload.c.eq(Mux(first, 0, read.data)),
            cell.h.ready.eq(1),
            write_c.addr.eq(new),
            write_c.data.eq(c),
            write_c.en.eq(cell.h.valid),
            number.eq(new),
            write_h.addr.eq(new[number.shape().width :]),
            write_h.data.eq(Cat([h.as_unsigned()] * LANES)),
            write_h.en.eq(cell.h.valid << number),
            stored.eq(cell.h.valid & (new == CELLS - 1)),
            self.hidden.valid.eq(cell.h.valid),
            self.hidden.payload.eq(h),
        ]
        with m.If(cell.i.valid & cell.i.ready):
            m.d.sync += asked.eq(asked + 1)
        with m.If(cell.h.valid):
            m.d.sync += new.eq(new + 1)

    def _name(self, m: Module, shares: Any) -> None:
        """Answer with the place of the first of the largest shares of a vector."""
        at = Signal(range(CLASSES))
        answer, best, place = self.answer, Signal.like(shares.payload.y), Signal(range(CLASSES))
        larger = (at == 0) | (shares.payload.y > best)
        m.d.comb += [
            shares.ready.eq(~answer.valid | answer.ready),
            answer.payload.digit.eq(place),
            answer.payload.share.eq(best),
        ]
        with m.If(answer.ready):
            m.d.sync += answer.valid.eq(0)
        with m.If(shares.valid & shares.ready):
            m.d.sync += [at.eq(Mux(shares.payload.last, 0, at + 1)), answer.valid.eq(shares.payload.last)]
            with m.If(larger):
                m.d.sync += [best.eq(shares.payload.y), place.eq(at)]
