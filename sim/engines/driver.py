"""The C++ that drives a unit compiled by CXXRTL: one loop a protocol, over arrays of 64-bit words.

A clock is one evaluation where that is sound. Evaluated with the clock risen and this clock's inputs, the generated
code computes outputs from the registers as they stand (what a neighbour samples at the edge) and the registers' next
values, which `commit` then takes over. The falling edge would change nothing. This needs every register on the rising
edge of the clock and no value that settles only on a second evaluation; other units take two full steps a clock.
"""

from ...hdl.interfaces import Port, Ports
from .driver_texts import CLOCK, COMB_CLOCK, COMMON, LOOPS, PLAYER, PRELUDE
from .faults import Fault


def cxx_name(name: str) -> str:
    """Return the C++ name that CXXRTL gives to the module or port `name`."""
    return "p_" + name.replace("_", "__")


def driver_source(top: str, ports: Ports) -> str:
    """Return the C++ to append to the CXXRTL source of `top`.

    The unit's words are those of its `inputs` and `outputs`, in order; padding of an input holds rubbish.
    """
    drive = "".join(f"\n    {_drive(i, port)}" for i, port in enumerate(ports.inputs))
    sample = "".join(f"\n    v[{i}] = {cxx_name(port.name)}.get<uint64_t>();" for i, port in enumerate(ports.outputs))
    clock = CLOCK.format(clock=cxx_name(ports.of("clock").name)) if ports.has("clock") else COMB_CLOCK
    unit = f"""
enum Fault {{ {", ".join(Fault.__members__)} }};
using In = std::array<uint64_t, {len(ports.inputs)}>;
using Out = std::array<uint64_t, {len(ports.outputs)}>;

struct Unit : cxxrtl_design::{cxx_name(top)} {{
  cxxrtl::observer nobody;
  Random padding{{0}};

  void drive(const In &v) {{{drive}
  }}

  Out sample() const {{
    Out v;{sample}
    return v;
  }}
{_controls(ports)}{clock}}};
"""
    inputs = [port for port in ports if port.direction == "input" and port.role != "clock"]
    outputs = [port for port in ports if port.direction == "output"]
    player = PLAYER.format(
        drive="".join(f"\n  u.{cxx_name(p.name)}.set<uint64_t>(in[{i}]);" for i, p in enumerate(inputs)),
        sample="".join(f"\n  out[{i}] = u.{cxx_name(p.name)}.get<uint64_t>();" for i, p in enumerate(outputs)),
    )
    return PRELUDE + unit + COMMON + LOOPS[ports.protocol] + (player if ports.has("clock") else "")


def _drive(index: int, port: Port) -> str:
    """Return the statement that drives a data port with a word, and rubbish into its padding."""
    code = (1 << port.width - port.padding) - 1
    rubbish = (1 << port.width) - 1 - code
    extra = f" | (padding.next() & {rubbish:#x}u)" if rubbish else ""
    return f"{cxx_name(port.name)}.set<uint64_t>((v[{index}] & {code:#x}u){extra});"


def _controls(ports: Ports) -> str:
    """Return functions that drive the control inputs and read the control outputs, called by what they are for."""
    functions = {
        ("enable", "input"): "enable",
        ("reset", "input"): "reset",
        ("valid", "input"): "offer",
        ("ready", "output"): "accepts",
        ("valid", "output"): "valid",
        ("ready", "input"): "take",
    }
    text = ""
    for port in ports:
        function, name = functions.get((port.role, port.direction)), cxx_name(port.name)
        if function and port.direction == "input":
            text += f"\n  void {function}(bool on) {{ {name}.set<bool>({'!' if port.active_low else ''}on); }}\n"
        elif function:
            text += f"\n  bool {function}() const {{ return {name}.get<bool>(); }}\n"
    return text
