"""``softgate prove``."""

from __future__ import annotations

from pathlib import Path

import click

from ..support.progress import working
from .common import console, json_option, print_json, read_verilog, refuse_to_overwrite, written_aside

__all__ = ["command"]


@click.command(name="prove")
@click.argument("manifest_path", metavar="MANIFEST", type=click.Path(path_type=Path))
@click.option("--trace", type=click.Path(path_type=Path), help="Write the refuting run into this VCD file.")
@json_option
def command(manifest_path: Path, trace: Path | None, as_json: bool) -> int:
    """Prove that no stalls, however long they go on, lose, repeat, reorder or change what passes through a unit.

    The proof reads the Verilog beside the manifest. If it fails, softgate searches for a run that shows the fault and
    prints it clock by clock. Exit code 0: proved; 1: refuted or unknown.
    """
    from ..hdl.composites.manifest import CompositeManifest, load_manifest
    from ..sim.composites.protocol import prove_composite
    from ..sim.proofs.protocol import prove_manifest

    manifest = load_manifest(manifest_path)
    if trace is not None:
        refuse_to_overwrite("--trace", trace, manifest_path, [manifest.verilog, *manifest.extras])
    verilog = read_verilog(manifest_path, manifest)
    with working("proving"):
        if isinstance(manifest, CompositeManifest):
            proof = prove_composite(manifest, verilog)
        else:
            proof = prove_manifest(manifest, verilog)
    found = proof.counterexample
    if found and trace is not None:
        with written_aside(trace) as aside:
            found.write_vcd(aside, verilog, manifest.name)
    if as_json:
        print_json(proof.as_dict())
        return int(proof.verdict != "proved")
    out = console()
    for fact in proof.facts:
        mark = "[green]ok  [/]" if fact.proved else "[bold red]FAIL[/]"
        out.print(f"{mark} {fact.name:<9}", end=" ")
        out.print(fact.statement + (f"\n     {fact.detail}" if fact.detail else ""), markup=False)
    if found:
        out.print(f"{found.table()}\n[bold red]refuted[/]: {found.complaint}")
    elif proof.verdict == "unknown":
        out.print("[bold red]unknown[/]: a lemma fails, but no run was found in which anything goes wrong")
    else:
        kind = manifest.ports.protocol
        if isinstance(manifest, CompositeManifest):
            in_order = "vectors" if manifest.asked.streams_vectors else kind
            kind = in_order if "order" in [fact.name for fact in proof.facts] else "composite"
        out.print(f"[bold green]proved[/]: {_CONCLUSIONS[kind]}")
    return int(proof.verdict != "proved")


_CONCLUSIONS = {
    "composite": "no stalls, however long they go on, change what comes out; softgate check proves the contract",
    "vectors": "no stalls, however long they go on, lose, repeat or reorder what comes out, move its last, or mix "
    "vectors; softgate check proves the rest of the contract",
    "pipeline": "however the enable comes and goes, inputs are answered in order, each once, and outputs stand still",
    "stream": "no stalls, however long they go on, lose, repeat, reorder or change a transfer",
}
