"""JSON text of manifests: read strictly, sealed with a hash, and refused in messages that a person can read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ..support.files import sha256_text

__all__ = [
    "ManifestError",
    "TamperedError",
    "canonical_json",
    "check_agreement",
    "load_json",
    "read_json",
    "seal",
    "shortened",
    "shown",
]

T = TypeVar("T")

_LONGEST_MESSAGE = 300
"""Characters of a message about a manifest."""


class ManifestError(ValueError):
    """A manifest that cannot be read, is not softgate's, or contradicts itself."""


class TamperedError(ManifestError):
    """A manifest whose fields do not agree with one another."""


def read_json(text: str) -> Any:
    """Return the values of a JSON text; names that occur twice and numbers that are not finite are refused."""
    return json.loads(text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_finite)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; refuse one that holds a name twice, since readers differ in which of the two they take."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ManifestError(f"the manifest has {twice!r} twice in one object")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ManifestError(f"the manifest has a number that is not finite, {text[:40]}")
    return value


def canonical_json(value: Any) -> str:
    """Return JSON values in the canonical form that is compared and hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def seal(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a manifest with the hash of all of them, `manifest_sha256`."""
    sealed = {key: value for key, value in fields.items() if key != "manifest_sha256"}
    return {**sealed, "manifest_sha256": sha256_text(canonical_json(sealed))}


def check_agreement(data: Mapping[str, Any], again: Mapping[str, Any], verilog: str) -> None:
    """Raise unless a manifest equals the one that is rebuilt from it, and its Verilog lies beside it.

    Raises
    ------
    ManifestError
        If the Verilog is anything but the name of a file.
    TamperedError
        If fields do not agree; names the first.

    """
    if Path(verilog).name != verilog:
        raise ManifestError(f"verilog must be the name of a file beside the manifest, not {verilog!r}")
    for key in data:
        if key not in again:
            raise TamperedError(f"the manifest was edited: it has no field {key!r}")
    for key in again:  # the seal comes last, so that the message names the field that was edited
        if canonical_json(again[key]) != canonical_json(data[key]):  # as numbers 1, 1.0 and true are equal
            raise TamperedError(f"the manifest was edited: its {key} does not agree with the rest")


def load_json(path: str | Path, read: Callable[[Any], T]) -> T:
    """Return what `read` makes of the JSON values of a manifest's file.

    Raises
    ------
    ManifestError
        If it cannot be read or is not a sound manifest.
    TypeError
        If `path` is neither text nor a path.

    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path must be text or a path, not {path!r}")
    path = Path(path)
    try:
        return read(read_json(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ManifestError(f"cannot read manifest {str(path)!r}: {error.strerror}") from None
    except ManifestError as error:
        raise type(error)(f"{path}: {shortened(error)}") from None
    except (ValueError, RecursionError):
        raise ManifestError(f"manifest {str(path)!r} is not JSON") from None


def shortened(error: Exception) -> str:
    """Return the message of an error, cut off where it is long: it may quote a whole plan."""
    text = str(error)
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}..."


def shown(value: Any) -> str:
    """Return a value for an error message, cut off where it is long."""
    text = ascii(value)
    return text if len(text) <= 100 else f"{text[:100]}..."
