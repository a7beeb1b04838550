"""The check of a composite: everything that its manifest claims, made again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...hdl.composites.manifest import CompositeManifest
from ...hdl.manifest_json import TamperedError
from ...plan.proofs import ProofError, verify_narrowings
from ...support.files import sha256_text
from ...support.yosys import YosysError
from ..check_result import CheckResult
from ..composite_model import golden_model
from ..composite_stimulus import stimulus
from ..engines.bit_patterns import decode
from ..engines.compiled import CompiledUnit, compile_unit
from ..engines.faults import ProtocolError
from ..hardware_check import check_adders
from ..icarus import is_installed, read_by_icarus
from ..plan_errors import plan_errors
from ..printed import is_of_this_version
from ..proofs.composites import prove_contract

__all__ = ["check_composite", "check_emitted_composite"]

_TRANSFERS = 1 << 15
"""Clocks that the compiled Verilog takes transfers in, and a quarter of them with stalls, once for each seed."""

_SEEDS = (1, 2)
"""Seeds of the stalls."""


def check_composite(path: str | Path) -> Iterator[CheckResult]:
    """Check the manifest of a composite and the Verilog beside it, one result after another.

    Yields
    ------
    CheckResult
        Hashes; each part, measured again at all its inputs; each promise of the contract, proved again, but for those
        that `softgate prove` proves, which are named; that a vendor's adder cells in the Verilog add as its plain text
        does, where it has any; the emitted Verilog against the golden model, without and with stalls; its latency; the
        same as Icarus Verilog reads it, if that is installed; that it is printed the same again, where the same
        versions are installed.

    Raises
    ------
    ManifestError
        If the manifest cannot be read.
    MissingToolError
        If no C++ compiler is installed.

    """
    path = Path(path)
    try:
        manifest = CompositeManifest.load(path)
    except TamperedError as error:
        yield CheckResult("manifest", False, str(error))
        return
    yield CheckResult("manifest", True, f"{manifest.name}: its fields and the hashes of its plans agree")
    try:
        text = (path.parent / manifest.verilog).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        yield CheckResult("verilog", False, f"{manifest.verilog} is missing or not text")
        return
    right = sha256_text(text) == manifest.verilog_sha256
    has = "has the manifest's hash" if right else "was changed: its hash is not the manifest's"
    yield CheckResult("verilog", right, f"{manifest.verilog} {has}")
    yield from _check_parts(manifest)
    short = manifest.asked.shortfall(manifest.contract)
    yield CheckResult("budget", not short, short or "the contract keeps what was asked for")
    sound = True
    for result in check_emitted_composite(manifest, text):
        sound = sound and result.passed
        yield result
    if sound:
        yield _check_standard(manifest, text)
    yield _check_printed(manifest, text)


def check_emitted_composite(manifest: CompositeManifest, text: str) -> Iterator[CheckResult]:
    """Prove the contract of a manifest again, and check its Verilog `text` against the golden model.

    Yields
    ------
    CheckResult
        Each promise; adders, hardware, stalls and latency, as `check_composite`.

    """
    for fact in prove_contract(manifest):
        yield CheckResult(fact.name, bool(fact.proved), fact.statement + (f": {fact.detail}" if fact.detail else ""))
    for promise in manifest.contract:
        if promise.command != "check":
            detail = f"{promise.statement}: left to softgate {promise.command} {manifest.name}.json"
            yield CheckResult(promise.name, True, detail, skipped=True)
    yield from check_adders(text, manifest.name, manifest.options.device)
    yield from _check_hardware(manifest, text)


def _check_parts(manifest: CompositeManifest) -> Iterator[CheckResult]:
    asked = manifest.asked.parts(manifest.words)
    for name, part in manifest.parts.items():
        unit, specification = asked[name], part.specification
        try:
            verify_narrowings(part.plan)
        except ProofError as error:
            yield CheckResult(name, False, str(error))
            continue
        errors = plan_errors(part.plan, specification)
        if errors.as_dict() != dict(part.error):
            yield CheckResult(name, False, f"the error of {specification.function} is not that of its plan")
            continue
        is_asked = (
            (specification.input_format, specification.output_format) == (unit.input_format, unit.output_format)
            and str(specification.function) == str(_function(unit.function))
            and (errors.monotonic or not unit.monotonic)
            and errors.meets(unit.budget, unit.output_format)
        )
        detail = f"{specification.function}: {errors.limit_text} at all {errors.points} inputs"
        yield CheckResult(name, is_asked, detail if is_asked else f"{detail}, which is not what the contract needs")


def _function(text: str) -> object:
    from ...functions import create_function

    return create_function(text)


def _check_hardware(manifest: CompositeManifest, text: str) -> Iterator[CheckResult]:
    try:
        unit = compile_unit(text, manifest.name, ports=manifest.ports, latency=manifest.latency)
    except (YosysError, ValueError) as error:
        yield CheckResult("hardware", False, f"{manifest.verilog} cannot be built: {error}")
        return
    try:
        transfers = _TRANSFERS // manifest.hardware.interval
        wrong = _first_difference(manifest, unit, transfers, 1, None)
        yield CheckResult("hardware", wrong is None, wrong or f"bit-exact on {transfers} transfers or more")
        if manifest.ports.protocol == "comb":
            return
        for seed in _SEEDS:
            wrong = _first_difference(manifest, unit, transfers // 4, seed + 1, seed)
            if wrong is not None:
                break
        yield CheckResult("stalls", wrong is None, wrong or f"bit-exact with random stalls, seeds {_SEEDS}")
        if manifest.ports.protocol == "stream":
            measured = measured_latency(manifest, unit)
            yield CheckResult(
                "latency", measured == manifest.latency, f"{measured} clocks measured, {manifest.latency} declared"
            )
    except ProtocolError as error:
        yield CheckResult("protocol", False, str(error))


def measured_latency(manifest: CompositeManifest, unit: CompiledUnit) -> int:
    """Return the clocks from the first element of a longest vector to its first output, as measured."""
    most = getattr(manifest.asked, "n", 1)
    columns = [np.zeros(most, np.uint64) for _ in manifest.ports.fields("input")]
    if manifest.ports.has("last"):
        columns[-1][-1] = 1
    with unit.player() as clock:
        return _played_latency(manifest, clock, columns)


def _played_latency(manifest: CompositeManifest, clock: object, columns: list[np.ndarray]) -> int:
    ports = manifest.ports
    names = {role: ports.of(role, "input").name for role in ("valid", "ready")}
    valid = ports.of("valid", "output").name
    resets = {port.name: int(port.active_low) for port in ports if port.role == "reset"}
    fields = [field.port for field in ports.fields("input")]
    for at in range(manifest.latency * 2 + 64):
        offered = at < len(columns[0])
        words = {port: int(column[at]) if offered else 0 for port, column in zip(fields, columns, strict=True)}
        seen = clock({**words, **resets, names["valid"]: int(offered), names["ready"]: 1})  # type: ignore[operator]
        if seen[valid]:
            return at
    return -1


def _first_difference(
    manifest: CompositeManifest, unit: CompiledUnit, transfers: int, seed: int, stalls: int | None
) -> str | None:
    """Describe the first transfer at which hardware and golden model differ, or return None."""
    columns = stimulus(manifest, transfers, seed)
    model = golden_model(manifest)
    expected = model.transfers(columns)
    found = unit.run(*columns, stalls=stalls, due=model.answered(columns))
    for field, want, words in zip(manifest.ports.fields("output"), expected, found, strict=True):
        got = decode(words, field.width, field.signed)
        differs = np.flatnonzero(got != want)
        if len(differs):
            at = int(differs[0])
            return (
                f"{field.label} differs at {len(differs)} of {len(want)} transfers, first at number {at}: expected "
                f"{int(want[at])}, got {int(got[at])}"
            )
    return None


def _check_standard(manifest: CompositeManifest, text: str) -> CheckResult:
    if not is_installed():
        return CheckResult("standard", True, "Icarus Verilog is not installed", skipped=True)
    reading = read_by_icarus(manifest, text)
    if reading.complaint:
        return CheckResult("standard", False, f"Icarus Verilog: {reading.complaint}")
    return CheckResult("standard", True, f"Icarus Verilog reads it the same ({reading.vectors} transfers)")


def _check_printed(manifest: CompositeManifest, text: str) -> CheckResult:
    if not is_of_this_version(manifest):
        return CheckResult("printed", True, "another version printed it", skipped=True)
    again = manifest.hardware.verilog(manifest.name, header=manifest.header)
    same = again == text
    return CheckResult(
        "printed", same, f"{manifest.verilog} is {'the same' if same else 'not the same'} when printed again"
    )
