// The random moves of `moves.py`, compiled. From the same state it makes the same moves in the same order, with the same
// random numbers: where the two differ, one of them is wrong. Names are those of the Python module.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

using Word = uint64_t;
using Signals = std::vector<int>;
using Table = std::vector<uint8_t>;

// MT19937, as Python's `random` uses it (M. Matsumoto, T. Nishimura, Mersenne Twister, 1998).
class Random {
public:
  explicit Random(uint32_t *state) : state_(state) {}

  double random() {
    const uint32_t high = next() >> 5, low = next() >> 6;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
  }

  int bit() { return next() >> 31; }

  int below(int bound) {
    const int unused = __builtin_clz(static_cast<unsigned>(bound));
    uint32_t drawn;
    do
      drawn = next() >> unused;
    while (drawn >= static_cast<uint32_t>(bound));
    return static_cast<int>(drawn);
  }

  // As `random.sample`: from a list of what is left, or of a long one by number until a new one is drawn.
  Signals sample(const Signals &from, int count) {
    const int size = static_cast<int>(from.size());
    int listed = 21;
    if (count > 5)
      for (int reach = 1; reach < 3 * count; reach *= 4)
        listed += reach * 4 >= 3 * count ? reach * 4 : 0;
    Signals found;
    if (size <= listed) {
      Signals left = from;
      for (int i = 0; i < count; i++) {
        const int j = below(size - i);
        found.push_back(left[j]);
        left[j] = left[size - i - 1];
      }
      return found;
    }
    Signals drawn;
    while (static_cast<int>(drawn.size()) < count) {
      const int j = below(size);
      if (std::find(drawn.begin(), drawn.end(), j) == drawn.end()) {
        drawn.push_back(j);
        found.push_back(from[j]);
      }
    }
    return found;
  }

private:
  uint32_t next() {
    uint32_t &index = state_[624];
    if (index >= 624) {
      for (int i = 0; i < 624; i++) {
        const uint32_t mixed = (state_[i] & 0x80000000u) | (state_[(i + 1) % 624] & 0x7fffffffu);
        state_[i] = state_[(i + 397) % 624] ^ (mixed >> 1) ^ (mixed & 1 ? 0x9908b0dfu : 0);
      }
      index = 0;
    }
    uint32_t y = state_[index++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }

  uint32_t *state_;
};

struct Problem {
  int64_t inputs, depth, lut_inputs, wider, moves, first, last, flip;
  double hot, cold;
  const uint64_t *starts, *low, *high;  // of each pattern its intervals, by rising `low`
};

template <int W> class Search {
  using Value = std::array<Word, W>;

  struct Node {
    Signals support;
    Table table;
    Value value;
  };

public:
  Search(const Problem &problem, uint32_t *random) : problem_(problem), random_(random) {
    inputs_ = static_cast<int>(problem.inputs);
    patterns_ = 1 << inputs_;
    every_.fill(~Word(0));
    if (patterns_ < 64)
      every_[0] = (Word(1) << patterns_) - 1;
    nodes_.resize(inputs_);
    for (int bit = 0; bit < inputs_; bit++) {
      nodes_[bit].value.fill(0);
      for (int p = 0; p < patterns_; p++)
        if (p >> bit & 1)
          nodes_[bit].value[p >> 6] |= Word(1) << (p & 63);
    }
    codes_.resize(patterns_);
    differences_.resize(patterns_);
  }

  void read(const int32_t *from) {
    int count = *from++;
    while (count--) {
      Node node;
      int inputs = *from++;
      node.support.assign(from, from + inputs);
      from += inputs;
      node.table.assign(from, from + (1 << inputs));
      from += 1 << inputs;
      order_.push_back(static_cast<int>(nodes_.size()));
      nodes_.push_back(node);
      value(nodes_.back(), [&](int s) -> const Value & { return nodes_[s].value; }, nodes_.back().value);
    }
    count = *from++;
    outputs_.assign(from, from + count);
    grow();
    code();
  }

  // Writes the network with the nodes numbered in their order; returns the number of integers, or -1 without room.
  int64_t write(int32_t *to, int64_t room) const {
    std::vector<int32_t> text, number(nodes_.size());
    for (int s = 0; s < inputs_; s++)
      number[s] = s;
    text.push_back(static_cast<int32_t>(order_.size()));
    for (size_t i = 0; i < order_.size(); i++)
      number[order_[i]] = inputs_ + static_cast<int32_t>(i);
    for (int n : order_) {
      text.push_back(static_cast<int32_t>(nodes_[n].support.size()));
      for (int s : nodes_[n].support)
        text.push_back(number[s]);
      text.insert(text.end(), nodes_[n].table.begin(), nodes_[n].table.end());
    }
    text.push_back(static_cast<int32_t>(outputs_.size()));
    for (int s : outputs_)
      text.push_back(number[s]);
    if (static_cast<int64_t>(text.size()) > room)
      return -1;
    std::copy(text.begin(), text.end(), to);
    return static_cast<int64_t>(text.size());
  }

  int64_t size() const {
    int64_t total = 0;
    for (int n : order_)
      total += node_size(static_cast<int>(nodes_[n].support.size()));
    for (size_t i = 0; i < outputs_.size(); i++)
      total += nodes_[outputs_[i]].support.size() == 1 &&
               std::find(outputs_.begin(), outputs_.begin() + i, outputs_[i]) == outputs_.begin() + i;
    return total;
  }

  bool move(int64_t number) {
    if (order_.empty())
      return false;
    number_ = number;
    const int node = order_[random_.below(static_cast<int>(order_.size()))];
    const bool wide = static_cast<int64_t>(nodes_[node].support.size()) > problem_.lut_inputs;
    const bool moved = wide && random_.random() < 0.5 ? split(node) : reconnected(node);
    if (moved) {
      code();
      std::fill(known_.begin(), known_.end(), 0);
    }
    return moved;
  }

private:
  int node_size(int inputs) const {
    return inputs < 2 ? 0 : 1 << std::max(inputs - static_cast<int>(problem_.lut_inputs), 0);
  }

  bool accepted(int growth) {
    if (growth <= 0)
      return true;
    const double drawn = random_.random();
    const double share = static_cast<double>(number_) / static_cast<double>(problem_.moves);
    return drawn < std::exp(-growth / (problem_.hot * std::pow(problem_.cold / problem_.hot, share)));
  }

  bool admitted(int pattern, Word code) const {
    code ^= static_cast<Word>(problem_.flip);
    const uint64_t *begin = problem_.low + problem_.starts[pattern], *end = problem_.low + problem_.starts[pattern + 1];
    const uint64_t *after = std::upper_bound(begin, end, code);
    return after != begin && code <= problem_.high[after - 1 - problem_.low];
  }

  // Computes a node's value from those of its support by multiplexers, the first signal choosing first.
  template <class Get> void value(const Node &node, Get get, Value &result) {
    const size_t inputs = node.support.size();
    parts_.resize(std::max<size_t>(node.table.size() / 2, 1));
    if (!inputs) {
      result = node.table[0] ? every_ : Value{};
      return;
    }
    const Value &first = get(node.support[0]);
    size_t count = node.table.size() / 2;
    for (size_t i = 0; i < count; i++) {
      const Word zero = -Word(node.table[2 * i]), one = -Word(node.table[2 * i + 1]);
      for (int w = 0; w < W; w++)
        parts_[i][w] = ((zero & ~first[w]) | (one & first[w])) & every_[w];
    }
    for (size_t s = 1; s < inputs; s++) {
      const Value &chosen = get(node.support[s]);
      count /= 2;
      for (size_t i = 0; i < count; i++)
        for (int w = 0; w < W; w++)
          parts_[i][w] = parts_[2 * i][w] ^ ((parts_[2 * i][w] ^ parts_[2 * i + 1][w]) & chosen[w]);
    }
    result = parts_[0];
  }

  void cells(const Signals &support, std::vector<Value> &found) const {
    found.resize(size_t(1) << support.size());
    found[0] = every_;
    size_t count = 1;
    for (int s : support) {
      const Value &value = nodes_[s].value;
      for (size_t i = 0; i < count; i++)
        for (int w = 0; w < W; w++) {
          found[count + i][w] = found[i][w] & value[w];
          found[i][w] &= ~value[w];
        }
      count *= 2;
    }
  }

  static bool meet(const Value &left, const Value &right) {
    Word any = 0;
    for (int w = 0; w < W; w++)
      any |= left[w] & right[w];
    return any != 0;
  }

  // Marks a node and all that read it, directly or not.
  void mark_below(int node) {
    std::fill(below_.begin(), below_.end(), 0);
    below_[node] = 1;
    const auto at = std::find(order_.begin(), order_.end(), node);
    for (auto other = at + 1; other < order_.end(); ++other)
      for (int s : nodes_[*other].support)
        if (below_[s]) {
          below_[*other] = 1;
          break;
        }
  }

  // Finds the patterns where a node must be one, and those where it must be zero.
  void cared(int node, Value &on, Value &off) {
    if (!known_[node]) {
      care_[node] = outside_with_inverted(node);
      known_[node] = 1;
    }
    for (int w = 0; w < W; w++) {
      on[w] = care_[node][w] & nodes_[node].value[w];
      off[w] = care_[node][w] & ~nodes_[node].value[w];
    }
  }

  // Returns the patterns with an output that is not admitted if a node is inverted. All are admitted if it is not.
  Value outside_with_inverted(int node) {
    std::fill(changed_.begin(), changed_.end(), 0);
    changed_[node] = 1;
    for (int w = 0; w < W; w++)
      mixed_[node][w] = every_[w] ^ nodes_[node].value[w];
    auto get = [&](int s) -> const Value & { return changed_[s] ? mixed_[s] : nodes_[s].value; };
    const auto at = std::find(order_.begin(), order_.end(), node);
    for (auto other = at + 1; other < order_.end(); ++other) {
      bool reads = false;
      for (int s : nodes_[*other].support)
        reads |= changed_[s] != 0;
      if (!reads)
        continue;
      value(nodes_[*other], get, mixed_[*other]);
      changed_[*other] = mixed_[*other] != nodes_[*other].value;
    }
    Value touched{}, outside{};
    for (size_t bit = 0; bit < outputs_.size(); bit++) {
      const int s = outputs_[bit];
      if (!changed_[s])
        continue;
      for (int w = 0; w < W; w++) {
        Word left = mixed_[s][w] ^ nodes_[s].value[w];
        touched[w] |= left;
        for (; left; left &= left - 1)
          differences_[64 * w + __builtin_ctzll(left)] ^= Word(1) << bit;
      }
    }
    for (int w = 0; w < W; w++)
      for (Word left = touched[w]; left; left &= left - 1) {
        const int pattern = 64 * w + __builtin_ctzll(left);
        if (!admitted(pattern, codes_[pattern] ^ differences_[pattern]))
          outside[w] |= left & -left;
        differences_[pattern] = 0;
      }
    return outside;
  }

  bool reconnected(int node) {
    const Signals &old = nodes_[node].support;
    Signals support = old;
    const double kind = random_.random();
    for (int removed = kind >= 0.9 ? 0 : kind < 0.1 ? 2 : 1; removed; removed--)
      if (!support.empty())
        support.erase(support.begin() + random_.below(static_cast<int>(support.size())));
    if (kind < 0.1 || kind >= 0.45) {
      const int number = random_.below(inputs_ + static_cast<int>(order_.size()));
      const int signal = number < inputs_ ? number : order_[number - inputs_];
      if (std::find(support.begin(), support.end(), signal) != support.end())
        return false;
      mark_below(node);
      if (below_[signal])
        return false;
      support.push_back(signal);
    }
    if (support.size() > std::max<size_t>(problem_.lut_inputs + problem_.wider, old.size()))
      return false;
    if (!accepted(node_size(static_cast<int>(support.size())) - node_size(static_cast<int>(old.size()))))
      return false;
    Value on, off;
    cared(node, on, off);
    Table found;
    if (!table(support, on, off, found))
      return false;
    if (std::any_of(support.begin(), support.end(), [&](int s) { return s >= inputs_; })) {
      measure();
      int deepest = 0;
      for (int s : support)
        deepest = std::max(deepest, levels_[s]);
      if (deepest + heights_[node] > problem_.depth)
        return false;
    }
    replace(node, support, found);
    return true;
  }

  // Finds a table that is 1 all over `on` and 0 all over `off`, and random elsewhere, if the support separates them.
  bool table(const Signals &support, const Value &on, const Value &off, Table &found) {
    cells(support, cells_);
    found.clear();
    for (const Value &cell : cells_) {
      const bool one = meet(cell, on), zero = meet(cell, off);
      if (one && zero)
        return false;
      found.push_back(static_cast<uint8_t>(one ? 1 : zero ? 0 : random_.bit()));
    }
    return true;
  }

  bool split(int node) {
    const Signals old = nodes_[node].support;
    const int lut_inputs = static_cast<int>(problem_.lut_inputs);
    const int free = lut_inputs - random_.below(2);
    if (!accepted(1 + node_size(free + 1) - node_size(static_cast<int>(old.size()))))
      return false;
    mark_below(node);
    Signals pool;
    for (int s = 0; s < inputs_; s++)
      pool.push_back(s);
    for (int other : order_)
      if (!below_[other])
        pool.push_back(other);
    const Signals source = random_.random() < 0.7 ? Signals(pool.begin(), pool.begin() + inputs_) : pool;
    const Signals bound = random_.sample(source, std::min(lut_inputs, static_cast<int>(source.size())));
    const auto in = [](const Signals &some, int s) { return std::find(some.begin(), some.end(), s) != some.end(); };
    Signals rest, others;
    if (random_.random() < 0.6)
      for (int s : old)
        if (!in(bound, s))
          rest.push_back(s);
    for (int s : pool)
      if (!in(rest, s))
        others.push_back(s);
    const Signals more = random_.sample(others, std::min(free, static_cast<int>(others.size())));
    rest.insert(rest.end(), more.begin(), more.end());
    if (static_cast<int>(rest.size()) > free)
      rest.resize(free);
    Value on, off;
    cared(node, on, off);
    Table colours;
    if (!bound_table(bound, rest, on, off, colours))
      return false;
    measure();
    int deepest = 0;
    for (int s : bound)
      deepest = std::max(deepest, levels_[s] + 1);
    for (int s : rest)
      deepest = std::max(deepest, levels_[s]);
    if (deepest + heights_[node] > problem_.depth)
      return false;
    rest.push_back(add(bound, colours));
    Table whole;
    table(rest, on, off, whole);
    replace(node, rest, whole);
    return true;
  }

  // Finds a table of the bound signals that lets the rest separate `on` from `off`: a colouring with two colours of the
  // graph whose edges are the patterns of the bound signals that must be separated.
  bool bound_table(const Signals &bound, const Signals &rest, const Value &on, const Value &off, Table &colours) {
    cells(bound, cells_);
    cells(rest, others_);
    std::array<Word, 64> edges{};
    for (const Value &part : others_) {
      Value ones, zeros;
      Word any_one = 0, any_zero = 0;
      for (int w = 0; w < W; w++) {
        any_one |= ones[w] = part[w] & on[w];
        any_zero |= zeros[w] = part[w] & off[w];
      }
      if (!any_one || !any_zero)
        continue;
      Word first = 0, second = 0;
      for (size_t number = 0; number < cells_.size(); number++) {
        const bool one = meet(cells_[number], ones), zero = meet(cells_[number], zeros);
        if (one && zero)
          return false;
        first |= Word(one) << number;
        second |= Word(zero) << number;
      }
      for (size_t number = 0; number < cells_.size(); number++)
        edges[number] |= first >> number & 1 ? second : second >> number & 1 ? first : 0;
    }
    Word coloured = 0, ones = 0;
    for (size_t start = 0; start < cells_.size(); start++) {
      if (coloured >> start & 1)
        continue;
      coloured |= Word(1) << start;
      ones |= Word(random_.bit()) << start;
      std::vector<int> waiting{static_cast<int>(start)};
      while (!waiting.empty()) {
        const int vertex = waiting.back();
        waiting.pop_back();
        const Word same = ones >> vertex & 1 ? ones : coloured & ~ones;
        if (edges[vertex] & same)
          return false;
        Word fresh = edges[vertex] & ~coloured;
        coloured |= fresh;
        if (!(ones >> vertex & 1))
          ones |= fresh;
        for (; fresh; fresh &= fresh - 1)
          waiting.push_back(__builtin_ctzll(fresh));
      }
    }
    colours.clear();
    for (size_t number = 0; number < cells_.size(); number++)
      colours.push_back(static_cast<uint8_t>(ones >> number & 1));
    return true;
  }

  // Finds for each signal the tables on the longest path to it, and for each node those from it to an output.
  void measure() {
    std::fill(levels_.begin(), levels_.end(), 0);
    for (int n : order_) {
      int level = 0;
      for (int s : nodes_[n].support)
        level = std::max(level, levels_[s]);
      levels_[n] = level + 1;
      heights_[n] = 1;
    }
    for (auto n = order_.rbegin(); n != order_.rend(); ++n)
      for (int s : nodes_[*n].support)
        if (s >= inputs_)
          heights_[s] = std::max(heights_[s], heights_[*n] + 1);
  }

  int add(const Signals &support, const Table &found) {
    int node;
    if (unused_.empty()) {
      node = static_cast<int>(nodes_.size());
      nodes_.emplace_back();
      grow();
    } else {
      node = unused_.back();
      unused_.pop_back();
    }
    nodes_[node].support = support;
    nodes_[node].table = found;
    order_.push_back(node);
    value(nodes_[node], [&](int s) -> const Value & { return nodes_[s].value; }, nodes_[node].value);
    return node;
  }

  void grow() {
    for (auto *flags : {&below_, &changed_, &known_, &done_})
      flags->resize(nodes_.size());
    mixed_.resize(nodes_.size());
    care_.resize(nodes_.size());
    levels_.resize(nodes_.size());
    heights_.resize(nodes_.size());
  }

  void replace(int node, const Signals &support, const Table &found) {
    nodes_[node].support = support;
    nodes_[node].table = found;
    sort();
    std::fill(changed_.begin(), changed_.end(), 0);
    for (int other : order_) {
      bool reads = other == node;
      for (int s : nodes_[other].support)
        reads |= changed_[s] != 0;
      if (!reads)
        continue;
      Value fresh;
      value(nodes_[other], [&](int s) -> const Value & { return nodes_[s].value; }, fresh);
      if (fresh != nodes_[other].value) {
        nodes_[other].value = fresh;
        changed_[other] = 1;
      }
    }
    drop();
  }

  void sort() {
    std::fill(done_.begin(), done_.end(), 0);
    std::fill(done_.begin(), done_.begin() + inputs_, 1);
    Signals waiting;
    waiting.swap(order_);
    while (!waiting.empty()) {
      Signals left;
      for (int n : waiting) {
        const Signals &support = nodes_[n].support;
        if (std::all_of(support.begin(), support.end(), [&](int s) { return done_[s] != 0; })) {
          done_[n] = 1;
          order_.push_back(n);
        } else {
          left.push_back(n);
        }
      }
      waiting.swap(left);
    }
  }

  void drop() {
    std::fill(done_.begin(), done_.end(), 0);
    for (int s : outputs_)
      done_[s] = 1;
    Signals kept;
    for (auto n = order_.rbegin(); n != order_.rend(); ++n) {
      if (!done_[*n]) {
        unused_.push_back(*n);
        continue;
      }
      for (int s : nodes_[*n].support)
        done_[s] = 1;
      kept.push_back(*n);
    }
    order_.assign(kept.rbegin(), kept.rend());
  }

  // Notes the output's code at every pattern.
  void code() {
    std::fill(codes_.begin(), codes_.end(), 0);
    for (size_t bit = 0; bit < outputs_.size(); bit++)
      for (int w = 0; w < W; w++)
        for (Word left = nodes_[outputs_[bit]].value[w]; left; left &= left - 1)
          codes_[64 * w + __builtin_ctzll(left)] |= Word(1) << bit;
  }

  Problem problem_;
  Random random_;
  int inputs_, patterns_;
  int64_t number_ = 0;
  Value every_;
  std::vector<Node> nodes_;  // the inputs first
  Signals order_, outputs_, unused_;
  std::vector<uint8_t> below_, changed_, known_, done_;
  std::vector<Value> mixed_, care_, parts_, cells_, others_;
  std::vector<int> levels_, heights_;
  std::vector<Word> codes_, differences_;
};

template <int W>
int64_t run(const Problem &problem, uint32_t *random, const int32_t *network, int64_t least, int32_t *current,
            int32_t *best, int64_t room, int64_t *best_length) {
  Search<W> search(problem, random);
  search.read(network);
  *best_length = 0;
  for (int64_t number = problem.first; number < problem.last; number++)
    if (search.move(number)) {
      const int64_t size = search.size();
      if (size < least) {
        least = size;
        *best_length = search.write(best, room);
      }
    }
  return search.write(current, room);
}

}  // namespace

// Makes the moves from `first` to `last` and returns the number of integers of the network that results, in `current`;
// `best` holds a smaller network than `least`, if one was found, and `best_length` its number of integers.
extern "C" __attribute__((visibility("default"))) int64_t softgate_anneal(
    const Problem *problem, uint32_t *random, const int32_t *network, int64_t least, int32_t *current, int32_t *best,
    int64_t room, int64_t *best_length) {
  if (problem->inputs <= 6)
    return run<1>(*problem, random, network, least, current, best, room, best_length);
  if (problem->inputs == 7)
    return run<2>(*problem, random, network, least, current, best, room, best_length);
  if (problem->inputs == 8)
    return run<4>(*problem, random, network, least, current, best, room, best_length);
  if (problem->inputs == 9)
    return run<8>(*problem, random, network, least, current, best, room, best_length);
  return run<16>(*problem, random, network, least, current, best, room, best_length);
}
