"""Emitted Verilog, or a netlist made of it, compiled and run over whole arrays.

The Verilog text itself is read back: Yosys turns it into C++ (CXXRTL), the C++ compiler into a shared object, and
ctypes runs that over numpy arrays at tens of millions of samples a second. CXXRTL knows no `x`: an uninitialised
register starts at 0, and a read outside a memory gives 0.
"""

import ctypes
import importlib.metadata
import platform
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...hdl.interfaces import Ports
from ...support.cache import cached, content_key
from ...support.files import scratch_folder
from ...support.shared_library import compile_library, compiler_version, load_library
from ...support.tools import require_program
from ...support.yosys import pyosys_folder, run_yosys
from .bit_patterns import Words, as_words, released
from .driver import cxx_name, driver_source, player_words
from .faults import Fault, ProtocolError, describe_fault

# Without hidden visibility the compiler may not inline across functions of a shared object: two thirds of the speed.
# CXXRTL's assertions (an address outside a memory) would end the caller's process, and fire on the rubbish that a
# pipeline holds before its first input arrives.
# With -fipa-modref, which -O2 turns on, g++ 12 returns 0 for an output that is nothing but an input.
_CXX_FLAGS = (
    "-std=c++17",
    "-O2",
    "-fno-ipa-modref",
    "-shared",
    "-fPIC",
    "-fvisibility=hidden",
    "-w",
    "-DCXXRTL_NDEBUG",
)


class CompiledUnit:
    """A unit as compiled C++; every run starts from power-up. Made by `compile_unit`."""

    def __init__(self, library: ctypes.CDLL, ports: Ports, latency: int, held: int = 1) -> None:
        self.ports = ports
        self.latency = latency
        self.held = held
        self._library = library

    def run(
        self, *codes: NDArray[np.integer[Any]], stalls: int | None = None, due: NDArray[np.integer[Any]] | None = None
    ) -> tuple[Words, ...]:
        """Return every output's bit patterns for these inputs, one array for each field of the inputs, in order.

        Inputs are integers or bit patterns; bits beyond a port's code are dropped. With `stalls`, a seed, a pipeline's
        enable, or valid and ready of a stream, come and go at random, the inputs hold rubbish where they should not
        matter, and the outputs must be the same. With an interval, a pipeline is given each input for all of it, and
        must hold the output as long. With `due`, of shape (transfers + 1,), the first k transfers into a stream are
        answered by ``due[k]`` transfers, otherwise by k. Raises `ProtocolError` where the handshake is broken.
        """
        if self.held == 1:
            return self._run(codes, stalls, due)[0]
        outputs, _ = self._run([np.repeat(code, self.held) for code in codes], stalls)
        return tuple(released(words, self.held) for words in outputs)

    def measured_latency(self) -> int:
        """Return the clocks from an input to the output that answers it, as measured and not as declared.

        For a stream, from the first accepted input to the first valid output, unstalled. For a pipeline, to the first
        change of `y` that a change of `x` makes; it raises `ValueError` when no random change shows at all.
        """
        random = np.random.default_rng(1)
        inputs = self.ports.fields("input")
        if self.ports.protocol == "stream":
            return self._run([_random_words(random, 8) for _ in inputs], None)[1]
        if self.ports.protocol == "comb":
            return 0
        # One input in the middle differs. Trials repeat because many a change is lost in saturation or rounding.
        margin = self.latency + 64
        for _ in range(256):
            codes = [_random_words(random, 2 * margin) for _ in inputs]
            plain = self.run(*codes)
            for code in codes:
                code[margin] = _random_words(random, 1)[0]
            differs = np.any([a != b for a, b in zip(plain, self.run(*codes), strict=True)], axis=0)
            if differs.any():
                return int(np.argmax(differs)) - margin + self.latency
        raise ValueError("no output responds to any input")

    @contextmanager
    def player(self) -> Iterator[Callable[[Mapping[str, int]], dict[str, int]]]:
        """Give a function that takes a clock, from power-up on: words of the inputs, by name, to those of the outputs.

        Inputs that are not named are 0; the outputs are as they stand before the rising edge.
        """
        inputs = player_words(self.ports, "input")
        outputs = player_words(self.ports, "output")
        words, results = (ctypes.c_uint64 * len(inputs))(), (ctypes.c_uint64 * len(outputs))()
        names = dict.fromkeys(field.port for field in outputs)
        self._library.softgate_new.restype = ctypes.c_void_p
        unit = ctypes.c_void_p(self._library.softgate_new())

        def clock(given: Mapping[str, int]) -> dict[str, int]:
            words[:] = [given.get(field.port, 0) >> field.low & (1 << field.width) - 1 for field in inputs]
            self._library.softgate_clock(unit, words, results)
            seen = dict.fromkeys(names, 0)
            for field, word in zip(outputs, results, strict=True):
                seen[field.port] |= word << field.low
            return seen

        try:
            yield clock
        finally:
            self._library.softgate_delete(unit)

    def _run(
        self,
        codes: Sequence[NDArray[np.integer[Any]]],
        stalls: int | None,
        due: NDArray[np.integer[Any]] | None = None,
    ) -> tuple[tuple[Words, ...], int]:
        words = as_words(codes, self.ports)
        length = len(words[0]) if words else 0
        answers = None if due is None else np.ascontiguousarray(due, np.uint64)
        count = length if answers is None else int(answers[-1])
        results = tuple(np.zeros(count, np.uint64) for _ in self.ports.fields("output"))
        report = (ctypes.c_uint64 * 2)()
        fault = Fault(
            self._library.softgate_run(
                _pointers(words),
                _pointers(results),
                ctypes.c_uint64(length),
                ctypes.c_uint64(self.latency),
                ctypes.c_bool(stalls is not None),
                ctypes.c_uint64(stalls or 0),
                None if answers is None else answers.ctypes.data_as(ctypes.c_void_p),
                report,
            )
        )
        if fault:
            raise ProtocolError(report[0], describe_fault(fault, self.ports))
        return results, report[1]


def compile_unit(
    verilog: str,
    top: str,
    *,
    ports: Ports,
    latency: int,
    held: int = 1,
    cache: bool = True,
    prepare: str = "",
) -> CompiledUnit:
    """Compile the module `top`, whose ports are `ports` and whose latency is in clocks.

    An input of a pipeline is `held` for so many enabled clocks, its interval.

    The text is read without the macro ``SYNTHESIS``. `prepare` holds Yosys commands to run on the design first, such as
    those of `netlist.py`: with them it is read as synthesis does, with the macro. With `cache`, a unit that was
    compiled before is loaded from the user's cache folder. Raises `ValueError` where the module lacks one of the ports.
    """
    driver = driver_source(top, ports)
    compiler = require_program("g++", "g++")

    def build() -> bytes:
        with scratch_folder() as scratch:
            unit = _cxxrtl(verilog, top, prepare, scratch)
            _check_ports(unit, ports, top)
            source = scratch / "driven.cc"
            source.write_text(f"#define ONE_EVALUATION {_one_evaluation_suffices(unit, ports):d}\n{unit}{driver}")
            return _compile(compiler, source)

    if cache:
        versions = (compiler_version(compiler), importlib.metadata.version("pyosys"), platform.machine())
        key = content_key(("compiled", verilog, top, prepare, driver, " ".join(_CXX_FLAGS), *versions))
        built = cached(f"{key}.so", build)
    else:
        built = build()
    return CompiledUnit(load_library(built), ports, latency, held)


def _cxxrtl(verilog: str, top: str, prepare: str, folder: Path) -> str:
    """Return the C++ that CXXRTL makes of the module `top`."""
    (folder / "unit.v").write_text(verilog)
    # Without `prepare` it is read as simulators do, without the macro SYNTHESIS and the vendor's cells (decision 060).
    read = f"read_verilog unit.v\n{prepare}" if prepare else "read_verilog -nosynthesis unit.v"
    # Latches would need a second evaluation a clock, and have no place in these units.
    run_yosys(
        f"""{read}
hierarchy -check -top {top}
proc
flatten
select -assert-none t:$*latch* t:$_*LATCH* t:$sr t:$_SR_*
write_cxxrtl -g0 unit.cc
""",
        cwd=folder,
    )
    return (folder / "unit.cc").read_text()


def _compile(compiler: str, source: Path) -> bytes:
    """Return the shared object that the compiler makes of a source file."""
    runtime = pyosys_folder() / "share/include/backends/cxxrtl/runtime"
    return compile_library([compiler, *_CXX_FLAGS, f"-I{runtime}"], source)


def _check_ports(unit: str, expected: Ports, top: str) -> None:
    """Name the ports that are missing, or of another width: the C++ compiler would in its own way."""
    found = re.findall(r"/\*(input|output)\*/ (?:value|wire)<(\d+)> (\w+);", unit)
    actual = {(direction, name, int(width)) for direction, width, name in found}
    missing = [port for port in expected if (port.direction, cxx_name(port.name), port.width) not in actual]
    if missing:
        listed = ", ".join(f"{port.direction} {port.name} of {port.width} bits" for port in missing)
        raise ValueError(f"module {top} has no {listed}")


def _one_evaluation_suffices(unit: str, ports: Ports) -> bool:
    """Whether a clock of this CXXRTL source may be a single evaluation (see `driver`)."""
    edges = set(re.findall(r"\b(?:pos|neg)edge_\w+", unit))
    sound_edges = {f"posedge_{cxx_name(ports.of('clock').name)}"} if ports.has("clock") else set()
    return edges == sound_edges and "converged = false" not in unit


def _random_words(random: np.random.Generator, length: int) -> Words:
    return random.integers(0, 1 << 64, length, np.uint64)


def _pointers(arrays: Sequence[Words]) -> ctypes.Array[ctypes.c_void_p]:
    return (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))
