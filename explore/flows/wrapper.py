"""The Verilog around a unit whose clock frequency is measured (decision 009).

Every input and output passes two registers. The inner rank is the neighbour that a unit has in a design, free to be
placed beside it; the outer one is the neighbour's neighbour. Pins would pull at it, and a wide unit has more than a
package: so the outer rank before the inputs is a shift register with one pin, and that behind the outputs has none.
"""

from collections.abc import Iterator, Sequence

from ...hdl.interfaces import Port, Ports

__all__ = ["registered"]


def registered(wrapper: str, top: str, ports: Ports) -> str:
    """Return the module `wrapper`, which holds one `top` with two registers before each input and behind each output.

    Those of the handshake, reset and enable are registered likewise, which breaks the handshake but is the same for
    timing.
    """
    into = [port for port in ports if port.direction == "input" and port.role != "clock"]
    out_of = [port for port in ports if port.direction == "output"]
    into_range, out_of_range = (f"[{sum(port.width for port in side) - 1}:0]" for side in (into, out_of))
    connections = [f".{ports.of('clock').name}(clk)"] if ports.has("clock") else []
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
    for port in ports:
        yield port.name, f"[{position + port.width - 1}:{position}]"
        position += port.width
