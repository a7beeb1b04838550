"""The fixed parts of the C++ that drives a compiled unit (see `driver`).

Those with doubled braces are formats: the clock's name, and the statements that move the words of the ports.
"""

__all__ = ["CLOCK", "COMB_CLOCK", "COMMON", "FIELDS", "LOOPS", "PLAYER", "PRELUDE"]

PRELUDE = """
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

FIELDS = """
// Fields of a port, which may be wider than a word.
template <size_t Bits>
uint64_t fetch(const cxxrtl::value<Bits> &port, size_t low, size_t width) {
  uint64_t word = 0;
  for (size_t bit = 0; bit < width; bit++)
    word |= uint64_t(port.data[(low + bit) / 32] >> (low + bit) % 32 & 1) << bit;
  return word;
}

template <size_t Bits>
uint64_t fetch(const cxxrtl::wire<Bits> &port, size_t low, size_t width) {
  return fetch(port.curr, low, width);
}

template <size_t Bits>
void put(cxxrtl::value<Bits> &port, size_t low, size_t width, uint64_t word) {
  for (size_t bit = 0; bit < width; bit++) {
    uint32_t one = uint32_t(1) << (low + bit) % 32;
    uint32_t &chunk = port.data[(low + bit) / 32];
    chunk = word >> bit & 1 ? chunk | one : chunk & ~one;
  }
}
"""

COMB_CLOCK = """
  void evaluate() {
#if ONE_EVALUATION
    eval();
#else
    step();
#endif
  }
"""

CLOCK = """
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

COMMON = """
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
    const uint64_t *due, uint64_t *report)
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

  // Transfers that answer the first so many, all of them if that is not said otherwise.
  auto answers = [due](uint64_t taken) { return due ? due[taken] : taken; };
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
    if (valid && received == answers(sent) && !answering) return SURPLUS;
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
  return received == answers(n) ? NONE : TIMEOUT;
}
"""

PLAYER = """
EXPORT void *softgate_new() {{ return new Unit; }}

EXPORT void softgate_delete(void *unit) {{ delete static_cast<Unit *>(unit); }}

// A clock with the words of all inputs but the clock itself: the words of all outputs before its edge.
EXPORT void softgate_clock(void *unit, const uint64_t *in, uint64_t *out) {{
  Unit &u = *static_cast<Unit *>(unit);{drive}
  u.evaluate();{sample}
  u.edge();
}}
"""

LOOPS = {"comb": _COMB, "pipeline": _PIPELINE, "stream": _STREAM}
