"""The printed Verilog is proved equal to the RTLIL that it came from, and no lint tool remarks on it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from amaranth.hdl import signed
from hypothesis import given, settings
from hypothesis import strategies as st
from lint import LINTERS, verilator
from verilog_designs import DESIGNS, Design, arithmetic, compare, random_design, registers, shifts

from softgate.hdl.verilog import print_verilog

pytestmark = pytest.mark.tools

# A Yosys error ends its process and one design leaves traces in the next, so that every job gets a process.
YOSYS = """
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.stdin:
    libyosys.run_pass(command.strip(), design)
"""

READ = """
read_rtlil gold.il
rename top gold
proc
memory_map
setattr -unset init w:*
opt_clean
design -stash gold
read_verilog gate.v
rename top gate
proc
memory_map
opt_clean
design -copy-from gold gold
"""

PROVE = """
equiv_make gold gate both
prep -flatten -top both
equiv_simple
equiv_induct
equiv_status -assert
"""


def run(command: list[str], directory: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=directory, input=stdin, capture_output=True, text=True, check=False)


def yosys(script: str, directory: Path) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-c", YOSYS], directory, script.strip())


def are_equal(text: str, verilog: str, directory: Path) -> bool:
    """Let Yosys decide, for all inputs and states; an input that it rejects is an error of the test."""
    (directory / "gold.il").write_text(text)
    (directory / "gate.v").write_text(verilog)
    job = yosys(READ + PROVE, directory)
    if job.returncode:
        assert "equiv_status" in job.stderr + job.stdout, job.stdout + job.stderr
    return job.returncode == 0


@pytest.mark.parametrize("design", DESIGNS)
def test_text_is_equal_to_the_netlist(design: Callable[[], Design], tmp_path: Path) -> None:
    text = design().rtlil()
    assert are_equal(text, print_verilog(text), tmp_path), print_verilog(text)


@pytest.mark.parametrize(
    ("design", "original", "altered"),
    [(shifts, ">>> n", ">> n"), (compare, "$unsigned(a) < e", "a < e"), (registers, "4'd3", "4'd2")],
)
def test_altered_text_is_refuted(design: Callable[[], Design], original: str, altered: str, tmp_path: Path) -> None:
    text = design().rtlil()
    verilog = print_verilog(text)
    assert original in verilog, verilog
    assert not are_equal(text, verilog.replace(original, altered, 1), tmp_path)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=True))
def test_random_text_is_equal_to_the_netlist(draw: Random) -> None:
    text = random_design(draw).rtlil()
    with TemporaryDirectory() as directory:
        assert are_equal(text, print_verilog(text), Path(directory)), print_verilog(text)


@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize("design", DESIGNS)
def test_linters_have_no_remark(
    design: Callable[[], Design], linter: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    path = tmp_path / "top.v"
    path.write_text(print_verilog(design().rtlil()))
    assert linter(path) == []


def test_linters_can_remark(tmp_path: Path) -> None:
    path = tmp_path / "top.v"
    path.write_text(print_verilog(arithmetic().rtlil()).replace("wire _unused", "wire unread_ = 1'b0, _unused"))
    assert verilator(path)


def test_multiplier_keeps_its_size(tmp_path: Path) -> None:
    d = Design()
    a, b = d.port(signed(16), "a"), d.port(signed(12), "b")
    d.output(a * b)
    (tmp_path / "gate.v").write_text(print_verilog(d.rtlil()))
    yosys("read_verilog gate.v\nproc\nwreduce\nwrite_rtlil gate.il", tmp_path)
    reduced = (tmp_path / "gate.il").read_text()
    assert "parameter \\A_WIDTH 16" in reduced
    assert "parameter \\B_WIDTH 12" in reduced
