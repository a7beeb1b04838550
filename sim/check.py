"""The check of a manifest: everything it claims, derived again from the plan and the Verilog beside it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ..accuracy.error_metrics import ErrorMetrics
from ..hdl.claims import RECORDED, recorded_text
from ..hdl.manifest import Manifest, TamperedError
from ..hdl.output_claims import Claim
from ..plan.merging import single_output
from ..plan.proofs import ProofError, verify_narrowings
from ..support.files import sha256_text
from .check_result import CheckResult
from .engines.compiled import compile_unit
from .golden.plan_evaluation import RangeError
from .hardware_check import check_hardware
from .icarus import is_installed, read_by_icarus
from .plan_errors import plan_errors
from .printed import difference, is_of_this_version
from .standalone.cocotb_bench import bench_name

__all__ = ["check_manifest"]


def check_manifest(path: str | Path, progress: Callable[[float], None] | None = None) -> Iterator[CheckResult]:
    """Check a manifest and the Verilog beside it, one result after another.

    Parameters
    ----------
    path
        The manifest.
    progress
        Called with the share of inputs walked, from 0 to 1.

    Yields
    ------
    CheckResult
        Hashes; proofs of ranges; the emitted Verilog against the golden model on every input (on corner codes and a
        sample where these are more than 2**24), without and with stalls; that a vendor's adder cells in it add as its
        plain text does, where it has any; the same as Icarus Verilog reads it, if that is installed; the error metrics;
        the budget; what was asked beside it, such as monotonic outputs; that what was asked for is printed the same
        again, where the same versions are installed. Of inputs that are promised to stay within a range, those within
        it. The last says what of the manifest was not made again (see `hdl.claims`).

    Raises
    ------
    ManifestError
        If the manifest cannot be read.
    MissingToolError
        If no C++ compiler is installed.

    """
    path = Path(path)
    try:
        manifest = Manifest.load(path)
    except TamperedError as error:
        yield CheckResult("manifest", False, str(error))
        return
    made = set()
    for result in _check_pair(path, manifest, progress or (lambda _: None)):
        made.add(result.name)
        yield result
    yield CheckResult(RECORDED, True, recorded_text(manifest.as_dict(), made))


def _check_pair(path: Path, manifest: Manifest, progress: Callable[[float], None]) -> Iterator[CheckResult]:
    yield CheckResult("manifest", True, f"{manifest.name}: its fields and the plan's hash agree")
    text = _read_text(path.parent / manifest.verilog)
    if text is None:
        yield CheckResult("verilog", False, f"{manifest.verilog} is missing or not text")
        return
    if sha256_text(text) != manifest.verilog_sha256:
        yield CheckResult("verilog", False, f"{manifest.verilog} was changed: its hash is not the manifest's")
    else:
        yield CheckResult("verilog", True, f"{manifest.verilog} has the manifest's hash")
    texts = {name: _read_text(path.parent / name) for name in manifest.extras if name != bench_name(manifest)}
    if manifest.extras:
        yield _check_extras(manifest, texts)
    yield _check_ranges(manifest)
    right = True
    for result in check_hardware(manifest, text, compile_unit, progress):
        right = right and result.passed
        yield result
    if right:
        yield _check_standard(manifest, text)
    errors = yield from _check_errors(manifest)
    if errors or not manifest.claims:
        written = {name: found or "" for name, found in texts.items()}
        yield from _check_printed(manifest, errors, {manifest.verilog: text, **written})


def _read_text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()  # read_text would translate line endings
    except (OSError, UnicodeDecodeError):
        return None


def _check_extras(manifest: Manifest, texts: Mapping[str, str | None]) -> CheckResult:
    for name, text in texts.items():
        if text is None:
            return CheckResult("extras", False, f"{name} is missing or not text")
        if sha256_text(text) != manifest.extras[name]:
            return CheckResult("extras", False, f"{name} was changed: its hash is not the manifest's")
    *names, last = texts or [""]
    whose = f"{', '.join(names)} and {last} have" if names else f"{last} has"
    sentences = [f"{whose} the manifest's hash"] if texts else []
    if len(texts) < len(manifest.extras):
        sentences.append(f"{bench_name(manifest)} is yours to change, and is not checked")
    return CheckResult("extras", True, "; ".join(sentences))


def _check_printed(
    manifest: Manifest, errors: Mapping[str, ErrorMetrics], texts: Mapping[str, str]
) -> Iterator[CheckResult]:
    """Yield whether the unit is the same when printed again; nothing if it differs and another version made it."""
    differs = difference(manifest, errors, texts)
    if differs is None:
        which = "every file" if len(texts) > 1 else manifest.verilog
        asked = ", ".join(f"{key} {value}" for key, value in manifest.options.keywords.items() if value is not None)
        yield CheckResult("printed", True, f"{which} is the same when printed again, for {asked}")
    elif is_of_this_version(manifest):
        yield CheckResult("printed", False, differs)


def _check_ranges(manifest: Manifest) -> CheckResult:
    try:
        count = verify_narrowings(manifest.plan)
    except ProofError as error:
        return CheckResult("ranges", False, str(error))
    return CheckResult("ranges", True, f"{count} narrowed ranges proved again" if count else "no range is narrowed")


def _check_standard(manifest: Manifest, text: str) -> CheckResult:
    """Run the Verilog in Icarus, which follows the standard where Yosys infers hardware."""
    if not is_installed():
        return CheckResult("standard", True, "not read by Icarus Verilog: iverilog is not installed", skipped=True)
    try:
        reading = read_by_icarus(manifest, text)
    except RangeError as error:
        return CheckResult("standard", False, str(error))
    if reading.complaint:
        return CheckResult("standard", False, f"as Icarus Verilog reads it: {reading.complaint}")
    how = "" if manifest.interface == "comb" else ", with stalls"
    return CheckResult("standard", True, f"bit-exact as Icarus Verilog reads it ({reading.vectors} codes{how})")


def _check_errors(manifest: Manifest) -> Generator[CheckResult, None, dict[str, ErrorMetrics]]:
    """Yield whether the error of each output is as claimed and as asked for; return what was measured.

    That is nothing where no function is claimed, or where the error of an output cannot be measured.
    """
    if not manifest.claims:
        detail = "no function is claimed, so no error is measured: the bits are those of the plan, whatever it computes"
        yield CheckResult("error", True, detail, skipped=True)
        return {}
    measured = {}
    for name, claim in manifest.claims.items():
        try:
            errors = plan_errors(single_output(manifest.plan, name), claim.specification)
        except (RangeError, ValueError) as error:
            yield CheckResult("error", False, str(error))
            return {}
        measured[name] = errors
        which = f"{name}: " if manifest.further else ""
        for result in _judged(claim, errors):
            yield replace(result, detail=f"{which}{result.detail}")
    return measured


def _judged(claim: Claim, errors: ErrorMetrics) -> Iterator[CheckResult]:
    """Yield whether errors are those that are claimed of an output, and whether they are as asked for."""
    again, specification = errors.as_dict(), claim.specification
    different = [key for key in again if repr(claim.error.get(key)) != repr(again[key])]  # 1 == True
    if different or len(again) != len(claim.error):
        wrong = ", ".join(f"{key} is {again[key]}, not {claim.error.get(key)}" for key in different)
        yield CheckResult("error", False, f"the error metrics are not the plan's: {wrong or 'fields were added'}")
    else:
        yield CheckResult("error", True, f"{errors.limit_text} ({errors.proof}, {errors.points} inputs)")
    budget, output = specification.budget, specification.output_format
    if budget is not None:
        met = errors.meets(budget, output)
        detail = f"{errors.largest_text} " + (f"meets {budget}" if met else f"does not meet {budget}")
        yield CheckResult("budget", met, detail)
    for demand in specification.demands(errors):
        detail = f"the unit {'' if demand.met else 'was to be one that '}{demand.phrase}"
        yield CheckResult(demand.name, demand.met, detail)
