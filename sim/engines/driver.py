"""The C++ that drives a unit compiled by CXXRTL: one loop a protocol, over arrays of 64-bit words.

A clock is one evaluation where that is sound. Evaluated with the clock risen and this clock's inputs, the generated
code computes outputs from the registers as they stand (what a neighbour samples at the edge) and the registers' next
values, which `commit` then takes over. The falling edge would change nothing. This needs every register on the rising
edge of the clock and no value that settles only on a second evaluation; other units take two full steps a clock.
"""

from ...hdl.interfaces import Field, Ports
from .driver_texts import CLOCK, COMB_CLOCK, COMMON, FIELDS, LOOPS, PLAYER, PRELUDE
from .faults import Fault


def cxx_name(name: str) -> str:
    """Return the C++ name that CXXRTL gives to the module or port `name`."""
    return "p_" + name.replace("_", "__")


def driver_source(top: str, ports: Ports) -> str:
    """Return the C++ to append to the CXXRTL source of `top`.

    The unit's words are those of the fields of its inputs and outputs, in order; padding of an input holds rubbish.
    """
    sides = ports.fields("input"), ports.fields("output")
    drive = "".join(f"\n    {_drive(i, field)}" for i, field in enumerate(sides[0]))
    sample = "".join(f"\n    v[{i}] = {_word(field)};" for i, field in enumerate(sides[1]))
    clock = CLOCK.format(clock=cxx_name(ports.of("clock").name)) if ports.has("clock") else COMB_CLOCK
    unit = f"""
enum Fault {{ {", ".join(Fault.__members__)} }};
using In = std::array<uint64_t, {len(sides[0])}>;
using Out = std::array<uint64_t, {len(sides[1])}>;

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
    player = PLAYER.format(
        drive="".join(f"\n  {_set(f, f'in[{i}]', 'u.')}" for i, f in enumerate(player_words(ports, "input"))),
        sample="".join(f"\n  out[{i}] = {_word(f, 'u.')};" for i, f in enumerate(player_words(ports, "output"))),
    )
    parted = any(port.parts for port in ports)
    return (
        PRELUDE
        + (FIELDS if parted else "")
        + unit
        + COMMON
        + LOOPS[ports.protocol]
        + (player if ports.has("clock") else "")
    )


def player_words(ports: Ports, direction: str) -> list[Field]:
    """Return the words of a clock of the player: each port but the clock, or the fields of one that has several."""
    listed = (port for port in ports if port.direction == direction and port.role != "clock")
    return [field for port in listed for field in port.fields]


def _drive(index: int, field: Field) -> str:
    """Return the statement that drives a field with a word, and rubbish into its padding."""
    code = (1 << field.width - field.padding) - 1
    rubbish = (1 << field.width) - 1 - code
    extra = f" | (padding.next() & {rubbish:#x}u)" if rubbish else ""
    return _set(field, f"(v[{index}] & {code:#x}u){extra}")


def _set(field: Field, word: str, unit: str = "") -> str:
    """Return the statement that writes a word to a field; `unit` precedes the name of its port."""
    if field.name == field.port:
        return f"{unit}{cxx_name(field.port)}.set<uint64_t>({word});"
    return f"put({unit}{cxx_name(field.port)}, {field.low}, {field.width}, {word});"


def _word(field: Field, unit: str = "") -> str:
    """Return the expression for the word of a field."""
    if field.name == field.port:
        return f"{unit}{cxx_name(field.port)}.get<uint64_t>()"
    return f"fetch({unit}{cxx_name(field.port)}, {field.low}, {field.width})"


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
