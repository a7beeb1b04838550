"""Small cells that tests share, designed once in a process, and the cells in long doubles."""

from functools import cache

import numpy as np

from softgate import gru_cell, gru_gates, gru_update, lstm_cell

SLOPES = {"hard": 1 / np.longdouble(4), "keras2": 1 / np.longdouble(5), "keras3": 1 / np.longdouble(6)}


@cache
def small_lstm(z="SQ3.2", gate="UQ0.4", cell="SQ3.2", hidden="SQ1.3", **asked):
    return lstm_cell(z, gate, cell, hidden, **asked)


@cache
def small_gru(z="SQ3.2", gate="UQ0.4", hidden="SQ1.3", **asked):
    return gru_cell(z, gate, hidden, **asked)


@cache
def small_gates(z="SQ3.2", gate="UQ0.4", hidden="SQ1.3", **asked):
    return gru_gates(z, gate, hidden, **asked)


@cache
def small_update(z="SQ3.2", gate="UQ0.4", hidden="SQ1.3", **asked):
    return gru_update(z, gate, hidden, **asked)


def gate_of(x, gates):
    return 1 / (1 + np.exp(-x)) if gates == "soft" else np.clip(SLOPES[gates] * x + np.longdouble(0.5), 0, 1)


def limited(values, fmt, low=None, high=None):
    low, high = fmt.min_code if low is None else low, fmt.max_code if high is None else high
    return np.clip(values, np.longdouble(float(fmt.value(low))), np.longdouble(float(fmt.value(high))))


def real_inputs(unit, codes):
    return {name: codes[name] * np.longdouble(float(fmt.ulp)) for name, fmt in unit.asked.inputs.items()}


def real_lstm(unit, codes, stored=None):
    """Return h and c' of the real-valued cell, limited to their formats; h that of the state `stored`, if given."""
    asked, x = unit.asked, real_inputs(unit, codes)

    def gate(name, seen):
        return gate_of(x[name] + (x[f"p_{name}"] * seen if asked.peepholes else 0), asked.gates)

    state = limited(gate("f", x["c"]) * x["c"] + gate("i", x["c"]) * np.tanh(x["g"]), asked.cell, *asked.limits)
    kept = state if stored is None else stored * np.longdouble(float(asked.cell.ulp))
    return limited(gate("o", kept) * np.tanh(kept), asked.hidden), state


def real_gru(unit, codes):
    """Return h' of the real-valued cell, limited to its format."""
    x = real_inputs(unit, codes)
    r, u = (gate_of(x[name], unit.asked.gates) for name in "ru")
    n = np.tanh(x["n_x"] + r * x["n_h"])
    return limited((1 - u) * n + u * x["h"], unit.asked.hidden)


def real_gates(unit, codes):
    """Return u and r h of the real-valued gates, r h limited to its format."""
    x = real_inputs(unit, codes)
    r, u = (gate_of(x[name], unit.asked.gates) for name in "ru")
    return u, limited(r * x["h"], unit.asked.rh)


def real_update(unit, codes):
    """Return h' of the real-valued update, limited to its format."""
    x = real_inputs(unit, codes)
    n = np.tanh(x["n"])
    return limited(n + x["update"] * (x["h"] - n), unit.asked.hidden)


def random_codes(unit, count, seed=1):
    """Return codes of all inputs: a third spread over everything, a third small, and a third at corners."""
    random, found = np.random.default_rng(seed), {}
    for name, fmt in unit.asked.inputs.items():
        size = fmt.max_code - fmt.min_code + 1
        codes = random.integers(fmt.min_code, fmt.max_code + 1, count)
        small = np.clip(np.rint(random.normal(0, size / 16, count)).astype(np.int64), fmt.min_code, fmt.max_code)
        corners = random.choice([fmt.min_code, fmt.min_code + 1, -1, 0, 1, fmt.max_code - 1, fmt.max_code], count)
        corners = np.clip(corners, fmt.min_code, fmt.max_code)
        found[name] = np.choose(random.integers(0, 3, count), [codes, small, corners])
    return found


def every_code(unit, **fixed):
    """Return all combinations of codes of the inputs that are not fixed."""
    names = list(unit.asked.inputs)
    axes = [
        [fixed[name]] if name in fixed else np.arange(fmt.min_code, fmt.max_code + 1)
        for name, fmt in unit.asked.inputs.items()
    ]
    return dict(zip(names, (grid.ravel() for grid in np.meshgrid(*axes)), strict=True))
