"""The figures of the network: accuracy and clocks, area and clock frequency on an ECP5."""

from pathlib import Path

from softgate.explore.flows import SynthesisResult, synthesise
from softgate.hdl.targets import target

from .data import TEST_IMAGES
from .emission import NAME, network_ports
from .parts import Parts

README = Path(__file__).parents[1] / "README.md"
_BEGIN, _END = "<!-- digits_lstm_hardware -->\n", "\n<!-- end -->"


def measure(parts: Parts, verilog: str) -> SynthesisResult:
    """Synthesise the network, place and route it between registers with three seeds."""
    return synthesise(target("ecp5"), verilog, NAME, ports=network_ports(parts))


def table(found: SynthesisResult, right: int, of_floats: int, clocks: int) -> str:
    """Return the figures as Markdown.

    Parameters
    ----------
    found
        What the network takes.
    right, of_floats
        Test images that it reads, and those that the float network reads.
    clocks
        Clocks of an image.

    """
    fmax = found.fmax or 0
    rows = {
        "test images read": f"{right} of {TEST_IMAGES} ({100 * right / TEST_IMAGES:.1f} %)",
        "by the float network": f"{of_floats} ({100 * of_floats / TEST_IMAGES:.1f} %)",
        "clocks an image": f"{clocks:,}",
        "look-up tables": f"{found.luts:,}",
        "of these in memories": f"{4 * found.resources['LUTRAM']:,}",
        "flip-flops": f"{found.ff:,}",
        "multiplier blocks": str(found.dsp),
        "block RAMs": str(found.bram),
        "Fmax (median of three seeds)": f"{fmax:.0f} MHz",
        "images a second": f"{1e6 * fmax / clocks:,.0f}",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def put_into(readme: Path, figures: str) -> None:
    """Put the table into a page, in the place of the one that is there."""
    before, begin, after = readme.read_text().partition(_BEGIN)
    _, end, rest = after.partition(_END)
    readme.write_text(before + begin + figures + end + rest)
