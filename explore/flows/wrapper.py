"""The Verilog around a unit whose clock frequency is measured.

Every input and output passes two registers. The inner rank is the neighbour that a unit has in a design, free to be
placed beside it; the outer one is the neighbour's neighbour. Pins would pull at it, and a wide unit has more than a
package: so the outer rank before the inputs is a shift register with one pin, and that behind the outputs has none.
"""

from collections.abc import Iterator, Sequence

from ...sim.driver import CONTROL_PORTS, Port

__all__ = ["registered"]


def registered(wrapper: str, top: str, inputs: Sequence[Port], outputs: Sequence[Port], interface: str) -> str:
    """Return the module `wrapper`, which holds one `top` with two registers before each input and behind each output.

    `inputs` and `outputs` are the data ports (name, width); those of the handshake, reset and enable are registered
    likewise, which breaks the handshake but is the same for timing.
    """
    control_inputs, control_outputs = CONTROL_PORTS[interface]
    into = [*((name, 1) for name in control_inputs if name != "clk"), *inputs]
    out_of = [*((name, 1) for name in control_outputs), *outputs]
    into_range, out_of_range = (f"[{sum(width for _, width in ports) - 1}:0]" for ports in (into, out_of))
    connections = [".clk(clk)"] if "clk" in control_inputs else []
    connections += [f".{name}(into_inner{bits})" for name, bits in _slices(into)]
    connections += [f".{name}(from_unit{bits})" for name, bits in _slices(out_of)]
    separator = ",\n    "
    return f"""module {wrapper}(input clk, input serial_in);
  reg {into_range} into_outer, into_inner;
  wire {out_of_range} from_unit;
  reg {out_of_range} from_inner;
  (* keep *) reg {out_of_range} from_outer;
  always @(posedge clk) begin
    into_outer <= {{into_outer, serial_in}};
    into_inner <= into_outer;
    from_inner <= from_unit;
    from_outer <= from_inner;
  end
  {top} unit (
    {separator.join(connections)}
  );
endmodule
"""


def _slices(ports: Sequence[Port]) -> Iterator[tuple[str, str]]:
    """Give every port its part of a vector that holds them all."""
    position = 0
    for name, width in ports:
        yield name, f"[{position + width - 1}:{position}]"
        position += width
