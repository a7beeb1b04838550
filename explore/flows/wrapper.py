"""The Verilog around a unit whose clock frequency is measured.

Every input and output passes two registers. The outer rank keeps the pins' routing out of the figure. The inner
one is the neighbour that a unit has in a design, free to be placed beside it.
"""

from collections.abc import Sequence

from ...hdl.interfaces import Ports

WRAPPER = "registered"
"""Name of the wrapper's module."""


def registered(top: str, unit_ports: Ports) -> str:
    """Return a module that holds one `top` with two registers before each input and two behind each output.

    Those of the handshake, reset and enable are registered likewise, which breaks the handshake but is the same for
    timing.
    """
    into = [(p.name, p.width) for p in unit_ports if p.direction == "input" and p.role != "clock"]
    out_of = [(p.name, p.width) for p in unit_ports if p.direction == "output"]

    ports = ["input clk"]
    ports += [f"input {_range(width)} {name}" for name, width in into]
    ports += [f"output reg {_range(width)} {name}" for name, width in out_of]
    signals = [f"reg {_range(width)} {name}_outer, {name}_inner;" for name, width in into]
    signals += [f"wire {_range(width)} {name}_unit; reg {_range(width)} {name}_inner;" for name, width in out_of]
    moves = [f"{name}_outer <= {name}; {name}_inner <= {name}_outer;" for name, _ in into]
    moves += [f"{name}_inner <= {name}_unit; {name} <= {name}_inner;" for name, _ in out_of]
    connections = [f".{unit_ports.of('clock').name}(clk)"] if unit_ports.has("clock") else []
    connections += [f".{name}({name}_inner)" for name, _ in into]
    connections += [f".{name}({name}_unit)" for name, _ in out_of]

    return f"""module {WRAPPER}(
  {_lines(ports, ",")}
);
  {_lines(signals)}
  always @(posedge clk) begin
    {_lines(moves, indent=4)}
  end
  {top} unit (
    {_lines(connections, ",", indent=4)}
  );
endmodule
"""


def _range(width: int) -> str:
    return f"[{width - 1}:0]"


def _lines(items: Sequence[str], separator: str = "", indent: int = 2) -> str:
    return (separator + "\n" + " " * indent).join(items)
