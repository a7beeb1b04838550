"""The speed of the tool itself, on this machine."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softgate.accuracy.reference import make_reference
from softgate.explore.design import Design, design
from softgate.explore.rounded import rounded
from softgate.hdl.interfaces import ports
from softgate.hdl.module_text import module_text
from softgate.hdl.unit import choose_schedule
from softgate.methods.lut_networks import compiled_moves
from softgate.methods.lut_networks.network import Network
from softgate.methods.lut_networks.relation import Relation
from softgate.methods.lut_networks.search_state import SearchState, SearchTask
from softgate.sim.engines.compiled import compile_unit
from softgate.support.programs import ended_with_the_wait
from softgate.support.rows import Row

__all__ = ["machine", "measure_speed"]


_COMPOSITES = {
    "a softmax of 10": "softmax -n 10 -i SQ6.10 -o UQ0.16 --max-error 2^-11",
    "an LSTM cell": "lstm_cell --z SQ4.8 --gate UQ0.12 --cell SQ4.8 --hidden SQ1.11",
}
"""Composites that are timed, as the command line asks for them."""

_ECP5 = ("--target", "ecp5", "--frequency", "200")


def measure_speed() -> Iterator[Row]:
    """Time the tool on this machine; every figure is the best of three."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tool = [sys.executable, "-c", "from softgate.scripts.cli import main; main()"]

        def process(*arguments: str) -> float:
            return _best(lambda: _process([*tool, *arguments], folder))

        emit = ("emit", "hard_tanh", "-i", "SQ4.12", "-o", "SQ1.15")
        yield _seconds("`softgate --help`, whole process", process("--help"), 0.3)
        yield _seconds("`softgate emit hard_tanh`, 16 bits, whole process", process(*emit), 1.5)
        yield _seconds("100 different units emitted by one process", _best(lambda: _emit_many(folder)), 5)
        five = design("tanh", "SQ4.12", "SQ1.15", method="taylor", degree=5, segments=16)
        five.emit(folder, name="five", interface="pipeline")

        def check_afresh(manifest: str) -> None:
            with tempfile.TemporaryDirectory() as cache:
                environment = {"SOFTGATE_CACHE": cache, "PATH": _path()}
                _process([*tool, "check", manifest], folder, environment)

        checked = _best(lambda: check_afresh("five.json"))
        yield _seconds("`softgate check`, degree 5, 16 bits, nothing cached, whole process", checked, 2.5)
        for composite, options in _COMPOSITES.items():
            what = f"{composite}, ECP5, 200 MHz, nothing cached, whole process"
            yield _seconds(f"`softgate emit` of {what}", process("emit", *options.split(), *_ECP5), 10)
            name = options.partition(" ")[0]
            checked = _best(lambda name=name: check_afresh(f"{name}.json"))  # type: ignore[misc]
            yield _seconds(f"`softgate check` of {what}", checked, 15)
    hard = design("hard_tanh", "SQ4.12", "SQ1.15")
    yield _rate("compiled check in the loop, hard tanh, 16 bits, pipeline", *_compiled(hard), 50)
    yield _rate("compiled check in the loop, degree 5, 16 bits, pipeline", *_compiled(five), 15)
    yield from _models(five)
    yield _annealing()
    wide = design("tanh", "SQ4.20", "SQ1.23", method="taylor", degree=6, segments=64)
    with tempfile.TemporaryDirectory() as scratch:
        wide.emit(scratch, name="wide")
        yield _seconds("check of 2^24 inputs, error metrics included", _best(lambda: _check(Path(scratch)), 1), 60)


def _models(unit: Design) -> Iterator[Row]:
    """Time the golden model of a unit of 16 bits, and the correctly rounded one."""
    held = unit.specification.codes
    codes = np.tile(unit.specification.input_format.codes(*held), 128)
    table, one, model = unit.golden.table(), codes[:1], unit.golden
    shifted = codes - held.low
    looked_up, gathered = _best(lambda: model(codes)), _best(lambda: table[shifted])
    yield _rate("golden model, 16 bits, looked up", len(codes), looked_up, 200)
    yield Row(
        "the same as a share of a numpy gather's speed",
        {"measured": f"{gathered / looked_up:.2f}", "wanted": "at least 0.5"},
    )
    values = unit.specification.input_format.to_float(codes)
    yield _rate("golden model, 16 bits, floats", len(values), _best(lambda: model.floats(values)))
    calls = 100
    for label, each, wanted in (
        ("golden model, one code a call", lambda: model(one), "at most 20 us"),
        ("golden model, one float a call", lambda: model.floats(values[:1]), ""),
    ):
        single = _best(partial(_repeat, each, calls), 100) / calls
        yield Row(label, {"measured": f"{1e6 * single:.0f} us", "wanted": wanted})
    for label, call, given in (
        ("memory of a call beside its output, by that of its input: codes in int16", model, codes.astype(np.int16)),
        ("the same: masked codes in int64", model, np.ma.MaskedArray(codes, codes % 2 == 0)),
        ("the same: floats in float32", model.floats, values.astype(np.float32)),
    ):
        yield Row(label, {"measured": f"{_memory(call, given):.2f}", "wanted": "at most 3"})
    yield _seconds("correctly rounded model, 16 bits", _best(_round), 0.03)


def _annealing() -> Row:
    """Time the search for small tables: six inputs, as many as tables of 64 segments have, and 20 columns."""
    random, moves = np.random.default_rng(1), 100_000
    codes = random.integers(0, 1 << 20, 64)
    start = Network(6)
    for bit in range(20):
        start.outputs.append(start.add(range(6), (codes >> bit & 1).tolist()))
    task = SearchTask(Relation(list(np.stack([codes, codes | 7], axis=1)[:, None]), 20, False), moves, 5, 4, 0.4, 0.1)
    compiled_moves.advance(task, SearchState.start(start, 1), 1)  # compiles, if it has not been before

    def search() -> None:
        compiled_moves.advance(task, SearchState.start(start, 1), moves)

    rate = moves / _best(search)
    return Row(
        f"annealing of tables, {start.size(4)} look-up tables",
        {"measured": f"{rate:,.0f} moves/s", "wanted": "at least 200,000"},
    )


def _repeat(call: Callable[[], object], times: int) -> None:
    for _ in range(times):
        call()


def _memory(call: Callable[[Any], Any], given: NDArray[Any]) -> float:
    """Return the most memory that a call takes at any time beside its output, by that of what it is given."""
    tracemalloc.start()
    try:
        result = call(given)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return float((peak - result.nbytes) / given.nbytes)


def _round() -> None:
    make_reference.cache_clear()
    rounded("tanh", "SQ4.12", "SQ1.15")


def _process(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run softgate, which ends what it has started when it is terminated."""
    with (
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as job,
        ended_with_the_wait(job.terminate),
    ):
        if status := job.wait():
            raise subprocess.CalledProcessError(status, command)


def machine() -> str:
    """Describe the machine in a line."""
    name = next(
        (line.split(":")[1].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    return f"{name}, Python {platform.python_version()}, {platform.system()}"


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _path() -> str:
    import os

    return os.environ.get("PATH", "")


def _best(run: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of a few timings, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def _emit_many(folder: Path) -> None:
    count = 0
    for width in range(6, 16):
        for degree in range(1, 6):
            for function, output in (("tanh", f"SQ1.{width - 1}"), ("logistic", f"UQ0.{width}")):
                found = design(function, f"SQ4.{width - 4}", output, method="taylor", degree=degree, segments=8)
                found.emit(folder, name=f"unit{count}", interface="stream")
                count += 1
    if count != 100:
        raise AssertionError(count)


def _compiled(found: Design) -> tuple[int, float]:
    schedule = choose_schedule(found.plan, "pipeline")
    unit = compile_unit(
        module_text(schedule, "pipeline", "unit"),
        "unit",
        ports=ports(found.plan, "pipeline"),
        latency=schedule.latency,
    )
    codes = np.tile(found.specification.input_format.codes(*found.specification.codes), 64)
    return len(codes), _best(lambda: unit.run(codes))


def _check(folder: Path) -> None:
    from softgate.sim.check import check_manifest

    if not all(result.passed for result in check_manifest(folder / "wide.json")):
        raise RuntimeError("the check failed")


def _seconds(label: str, seconds: float, limit: float) -> Row:
    return Row(label, {"measured": f"{seconds:.2f} s", "wanted": f"at most {limit:g} s"})


def _rate(label: str, count: int, seconds: float, limit: float | None = None) -> Row:
    wanted = "" if limit is None else f"at least {limit:g} M/s"
    return Row(label, {"measured": f"{count / seconds / 1e6:.0f} M/s", "wanted": wanted})
