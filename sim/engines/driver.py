"""The C++ that drives a unit compiled by CXXRTL: one loop a protocol, over arrays of 64-bit words.

A clock is one evaluation where that is sound. Evaluated with the clock risen and this clock's inputs, the generated
code computes outputs from the registers as they stand (what a neighbour samples at the edge) and the registers' next
values, which `commit` then takes over. The falling edge would change nothing. This needs every register on the rising
edge of the clock and no value that settles only on a second evaluation; other units take two full steps a clock.
"""

from enum import IntEnum

from ...hdl.interfaces import Port, Ports


class Fault(IntEnum):
    """Faults that a run can find in a unit."""

    NONE = 0
    CHANGED = 1
    DROPPED = 2
    SURPLUS = 3
    TIMEOUT = 4
    NOT_HELD = 5


def cxx_name(name: str) -> str:
    """Return the C++ name that CXXRTL gives to the module or port `name`."""
    return "p_" + name.replace("_", "__")


def driver_source(top: str, ports: Ports) -> str:
    """Return the C++ to append to the CXXRTL source of `top`.

    The unit's words are those of its `inputs` and `outputs`, in order; padding of an input holds rubbish.
    """
    drive = "".join(f"\n    {_drive(i, port)}" for i, port in enumerate(ports.inputs))
    sample = "".join(f"\n    v[{i}] = {cxx_name(port.name)}.get<uint64_t>();" for i, port in enumerate(ports.outputs))
    clock = _CLOCK.format(clock=cxx_name(ports.of("clock").name)) if ports.has("clock") else _COMB_CLOCK
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
    player = _PLAYER.format(
        drive="".join(f"\n  u.{cxx_name(p.name)}.set<uint64_t>(in[{i}]);" for i, p in enumerate(inputs)),
        sample="".join(f"\n  out[{i}] = u.{cxx_name(p.name)}.get<uint64_t>();" for i, p in enumerate(outputs)),
    )
    return _PRELUDE + unit + _COMMON + _LOOPS[ports.protocol] + (player if ports.has("clock") else "")


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


_PRELUDE = """
#include <array>

namespace {

struct Random {
  uint64_t state;
  explicit Random(uint64_t seed) : state((2 * seed + 1) * 0x9e3779b97f4a7c15u) {}

  uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
};
"""

_COMB_CLOCK = """
  void evaluate() {
#if ONE_EVALUATION
    eval();
#else
    step();
#endif
  }
"""

_CLOCK = """
  // Outputs as a neighbour samples them at the coming edge.
  void evaluate() {{
#if ONE_EVALUATION
    prev_{clock}.set<bool>(false);
    {clock}.set<bool>(true);
    eval();
#else
    {clock}.set<bool>(false);
    step();
#endif
  }}

  void edge() {{
#if ONE_EVALUATION
    commit(nobody);
#else
    {clock}.set<bool>(true);
    step();
#endif
  }}
"""

_COMMON = """
In load(const uint64_t *const *x, uint64_t i) {
  In v;
  for (size_t port = 0; port < v.size(); port++) v[port] = x[port][i];
  return v;
}

void store(uint64_t *const *y, uint64_t i, const Out &v) {
  for (size_t port = 0; port < v.size(); port++) y[port][i] = v[port];
}

In rubbish(Random &random) {
  In v;
  for (auto &word : v) word = random.next();
  return v;
}

// Opens at random, in bursts of up to 64 clocks of one density each, from never to always.
struct Gate {
  uint64_t left = 0, density = 0;

  bool open(Random &random) {
    if (left == 0) {
      left = 1 + (random.next() >> 58);
      density = (random.next() >> 32) % 9;
    }
    left--;
    return (random.next() >> 61) < density;
  }
};

} // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))
#define RUN EXPORT int softgate_run( \\
    const uint64_t *const *x, uint64_t *const *y, uint64_t n, uint64_t latency, bool stalls, uint64_t seed, \\
    uint64_t *report)
"""

_COMB = """
RUN {
  Unit unit;
  for (uint64_t i = 0; i < n; i++) {
    unit.drive(load(x, i));
    unit.evaluate();
    store(y, i, unit.sample());
  }
  return NONE;
}
"""

_PIPELINE = """
template <bool STALLS>
int run(const uint64_t *const *x, uint64_t *const *y, uint64_t n, uint64_t latency, uint64_t seed, uint64_t *report) {
  Unit unit;
  Random random(seed);
  Gate gate;
  Out before{};
  bool held = false;
  for (uint64_t i = 0; i < n + latency;) {
    bool enable = !STALLS || gate.open(random);
    unit.enable(enable);
    unit.drive(enable && i < n ? load(x, i) : STALLS ? rubbish(random) : In{});
    unit.evaluate();
    Out now = unit.sample();
    unit.edge();
    if (STALLS && held && now != before) {
      report[0] = i < latency ? 0 : i - latency;
      return NOT_HELD;
    }
    held = !enable && latency > 0;
    before = now;
    if (enable) {
      if (i >= latency) store(y, i - latency, now);
      i++;
    }
  }
  return NONE;
}

RUN {
  return stalls ? run<true>(x, y, n, latency, seed, report) : run<false>(x, y, n, latency, seed, report);
}
"""

_STREAM = """
RUN {
  Unit unit;
  Random random(seed);
  Gate x_gate, y_gate;

  // A reset drops what is in flight: the unit is full when it comes, for one clock in which nothing else moves it on.
  for (uint64_t left = latency + 2; left-- > 0;) {
    unit.reset(left == 0);
    unit.offer(left > 0);
    unit.take(left > 0);
    unit.drive(rubbish(random));
    unit.evaluate();
    unit.edge();
  }
  unit.reset(false);

  // Long beyond any stall of ours, and also how long a surplus output is waited for.
  const uint64_t patience = 1024 + 16 * latency;
  uint64_t sent = 0, received = 0, clock = 0, first_sent = 0, first_valid = 0;
  bool offering = false, waiting = false, seen = false;
  Out before{};
  for (uint64_t idle = 0; idle < patience; idle++, clock++) {
    // An offer, once made, stands until it is accepted. The first clock has none: what is valid there has no source.
    if (!offering) offering = clock > 0 && sent < n && (!stalls || x_gate.open(random));
    // Valid must not wait for ready: every other output is taken only once it has been seen to wait.
    bool ready = !stalls || (y_gate.open(random) && (waiting || received % 2 == 0));
    unit.drive(offering ? load(x, sent) : rubbish(random));
    unit.offer(offering);
    unit.take(ready);
    unit.evaluate();
    Out now = unit.sample();
    bool accepted = offering && unit.accepts();
    bool valid = unit.valid();
    unit.edge();

    report[0] = received;
    if (waiting && !valid) return DROPPED;
    if (waiting && now != before) return CHANGED;
    if (accepted) {
      if (sent == 0) first_sent = clock;
      sent++;
      offering = false;
      idle = 0;
    }
    // A unit without registers answers an offer before it accepts it.
    bool answering = latency == 0 && offering;
    if (valid && received == sent && !answering) return SURPLUS;
    if (valid && !seen) {
      first_valid = clock;
      seen = true;
    }
    if (valid && ready) {
      store(y, received, now);
      received++;
      idle = 0;
    }
    waiting = valid && !ready;
    before = now;
  }
  report[0] = received;
  report[1] = first_valid - first_sent;
  return received == n ? NONE : TIMEOUT;
}
"""

_PLAYER = """
EXPORT void *softgate_new() {{ return new Unit; }}

EXPORT void softgate_delete(void *unit) {{ delete static_cast<Unit *>(unit); }}

// A clock with the words of all inputs but the clock itself: the words of all outputs before its edge.
EXPORT void softgate_clock(void *unit, const uint64_t *in, uint64_t *out) {{
  Unit &u = *static_cast<Unit *>(unit);{drive}
  u.evaluate();{sample}
  u.edge();
}}
"""

_LOOPS = {"comb": _COMB, "pipeline": _PIPELINE, "stream": _STREAM}
