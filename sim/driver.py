"""The C++ that drives a unit compiled by CXXRTL: one loop an interface, over arrays of 64-bit words.

A clock is one evaluation where that is sound. Evaluated with the clock risen and this clock's inputs, the generated
code computes outputs from the registers as they stand (what a neighbour samples at the edge) and the registers' next
values, which `commit` then takes over. The falling edge would change nothing. This needs every register on the rising
edge of `clk` and no value that settles only on a second evaluation; other units take two full steps a clock.
"""

from collections.abc import Sequence
from enum import IntEnum

Port = tuple[str, int]
"""A port's name and its width in bits."""


class Fault(IntEnum):
    """What a run can find wrong with a unit."""

    NONE = 0
    CHANGED = 1
    DROPPED = 2
    SURPLUS = 3
    TIMEOUT = 4
    NOT_HELD = 5


CONTROL_PORTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "comb": ((), ()),
    "pipeline": (("clk", "en"), ()),
    "stream": (("clk", "rst", "x_valid", "y_ready"), ("x_ready", "y_valid")),
}
"""The one-bit inputs and outputs of each interface, besides the data."""


def cxx_name(name: str) -> str:
    """Return the C++ name that CXXRTL gives to the module or port `name`."""
    return "p_" + name.replace("_", "__")


def driver_source(top: str, inputs: Sequence[Port], outputs: Sequence[Port], interface: str) -> str:
    """Return the C++ to append to the CXXRTL source of `top`."""
    drive = "".join(
        f"\n    {cxx_name(name)}.set<uint64_t>(v[{i}] & {hex((1 << width) - 1)}u);"
        for i, (name, width) in enumerate(inputs)
    )
    sample = "".join(f"\n    v[{i}] = {cxx_name(name)}.get<uint64_t>();" for i, (name, _) in enumerate(outputs))
    unit = f"""
enum Fault {{ {", ".join(Fault.__members__)} }};
using In = std::array<uint64_t, {len(inputs)}>;
using Out = std::array<uint64_t, {len(outputs)}>;

struct Unit : cxxrtl_design::{cxx_name(top)} {{
  cxxrtl::observer nobody;

  void drive(const In &v) {{{drive}
  }}

  Out sample() const {{
    Out v;{sample}
    return v;
  }}
{_COMB_CLOCK if interface == "comb" else _CLOCK}}};
"""
    return _PRELUDE + unit + _COMMON + _LOOPS[interface]


_PRELUDE = """
#include <array>

namespace {
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
  void evaluate() {
#if ONE_EVALUATION
    prev_p_clk.set<bool>(false);
    p_clk.set<bool>(true);
    eval();
#else
    p_clk.set<bool>(false);
    step();
#endif
  }

  void edge() {
#if ONE_EVALUATION
    commit(nobody);
#else
    p_clk.set<bool>(true);
    step();
#endif
  }
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

struct Random {
  uint64_t state;
  explicit Random(uint64_t seed) : state((2 * seed + 1) * 0x9e3779b97f4a7c15u) {}

  uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }

  In rubbish() {
    In v;
    for (auto &word : v) word = next();
    return v;
  }
};

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

#define RUN extern "C" __attribute__((visibility("default"))) int softgate_run( \\
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
    unit.p_en.set<bool>(enable);
    unit.drive(enable && i < n ? load(x, i) : STALLS ? random.rubbish() : In{});
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

  unit.p_rst.set<bool>(true);
  unit.p_x__valid.set<bool>(false);
  unit.p_y__ready.set<bool>(false);
  for (int clock = 0; clock < 2; clock++) {
    unit.evaluate();
    unit.edge();
  }
  unit.p_rst.set<bool>(false);

  // Long beyond any stall of ours, and also how long a surplus output is waited for.
  const uint64_t patience = 1024 + 16 * latency;
  uint64_t sent = 0, received = 0, clock = 0, first_sent = 0, first_valid = 0;
  bool offering = false, waiting = false, seen = false;
  Out before{};
  for (uint64_t idle = 0; idle < patience; idle++, clock++) {
    // An offer, once made, stands until it is accepted. The first clock has none: what is valid there has no source.
    if (!offering) offering = clock > 0 && sent < n && (!stalls || x_gate.open(random));
    bool ready = !stalls || y_gate.open(random);
    unit.drive(offering ? load(x, sent) : random.rubbish());
    unit.p_x__valid.set<bool>(offering);
    unit.p_y__ready.set<bool>(ready);
    unit.evaluate();
    Out now = unit.sample();
    bool accepted = offering && unit.p_x__ready.get<bool>();
    bool valid = unit.p_y__valid.get<bool>();
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

_LOOPS = {"comb": _COMB, "pipeline": _PIPELINE, "stream": _STREAM}
