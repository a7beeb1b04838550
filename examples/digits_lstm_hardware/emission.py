"""The network as Verilog, and the ports of its module."""

from amaranth.back import rtlil
from amaranth.hdl import Signal, Value

from softgate.hdl.interfaces import Field, Port, Ports
from softgate.support.files import scratch_folder
from softgate.support.yosys import run_yosys

from .network import Network
from .parts import LANES, Parts

NAME = "digits_lstm"

_SCRIPT = """read_rtlil network.il
proc -nomux -norom
memory_collect
attrmap -remove generator -remove note -remove order -remove initial
write_verilog -norename network.v
"""
"""As in Amaranth's own back end, which needs Yosys as a program; without the attributes for softgate's printer."""


def network_verilog(parts: Parts) -> str:
    """Return the network as Verilog, with a module for each of its parts."""
    network = Network(parts)
    flat = network.signature.flatten(network)
    signals = {"_".join(map(str, path)): Value.cast(value) for path, _, value in flat}
    ports = {name: (signal, None) for name, signal in signals.items() if isinstance(signal, Signal)}
    with scratch_folder() as folder:
        (folder / "network.il").write_text(rtlil.convert(network, name=NAME, ports=ports, emit_src=False))
        run_yosys(_SCRIPT, cwd=folder)
        return (folder / "network.v").read_text()


def network_ports(parts: Parts) -> Ports:
    """Return the ports of the module: a stream of rows, one of answers, and the states that it stores."""
    element, share = parts.cell.hardware.formats["h"].width, parts.softmax.hardware.formats["y"].width
    lanes = [Field(f"x{lane}", "row_payload", lane * element, element, signed=True) for lane in range(LANES)]
    answer = Field("digit", "answer_payload", 0, 4), Field("share", "answer_payload", 4, share)
    return Ports(
        [
            Port("clk", "input", "clock"),
            Port("rst", "input", "reset"),
            Port("row_payload", "input", "data", LANES * element, parts=tuple(lanes)),
            Port("row_valid", "input", "valid"),
            Port("row_ready", "output", "ready"),
            Port("answer_payload", "output", "data", 4 + share, parts=answer),
            Port("answer_valid", "output", "valid"),
            Port("answer_ready", "input", "ready"),
            Port("hidden_payload", "output", "state", element, signed=True),
            Port("hidden_valid", "output", "state"),
        ]
    )
