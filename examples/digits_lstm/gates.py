"""The units of an LSTM's gates: found, written to a folder, and synthesised."""

from dataclasses import dataclass
from pathlib import Path

import softgate
from softgate.explore.flows import synthesise
from softgate.hdl.targets import target


@dataclass(frozen=True)
class Gates:
    """The two units of an LSTM, the logistic function of its gates and the tanh of its candidate and of its cell.

    Attributes
    ----------
    name
        What the results call them.
    units
        Their manifests, under the names that `softgate.ml.torch.LSTM` gives its activations.
    luts
        Look-up tables of both together on an ECP5.

    """

    name: str
    units: dict[str, str]
    luts: int


def make_gates(bits: int, folder: Path, kind: str = "softgate") -> Gates:
    """Find units whose inputs and outputs have `bits` bits, and write them to a folder.

    Their inputs saturate at 4 (logistic) and 2 (tanh): of few bits, those for fine steps in the middle do more than
    those for the ends. Up to 6 bits they are correctly rounded, which costs next to nothing, and faithful from there.

    Parameters
    ----------
    bits
        From 3 on.
    folder
        Where to write the Verilog and the manifest of each.
    kind
        ``softgate`` for the functions themselves, ``hard`` for their hard forms.

    """
    prefix = "hard_" if kind == "hard" else ""
    max_error = "0.5ulp" if bits <= 6 else "1ulp"
    manifests, luts = {}, 0
    for function, source, output in (
        ("logistic", f"SQ3.{bits - 3}", f"UQ0.{bits}"),
        ("tanh", f"SQ2.{bits - 2}", f"SQ1.{bits - 1}"),
    ):
        unit = softgate.design(prefix + function, source, output, max_error=max_error, target="ecp5", objective="luts")
        manifest = unit.emit(folder, name=f"{prefix}{function}_{bits}")
        verilog = (folder / manifest.verilog).read_text()
        luts += synthesise(target("ecp5"), verilog, manifest.name, ports=manifest.ports, seeds=()).luts
        manifests[function] = str(folder / f"{manifest.name}.json")
    units = {"gate": manifests["logistic"], "candidate": manifests["tanh"], "cell_tanh": manifests["tanh"]}
    return Gates(f"{kind}, {bits} bits", units, luts)
