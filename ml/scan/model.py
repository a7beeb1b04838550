"""Read a model, prepare it for finding its activations, and run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .graphs import make_names_unique, scopes
from .packages import ScanError, onnx_package, runtime_package
from .quantized import spell_out_quantized
from .recurrent import write_out_recurrent

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Model", "open_session", "read_model", "run"]

_OLDEST = 11
"""The oldest version of ONNX's operators that is read: before it, Clip and Scan are others."""


@dataclass(frozen=True, eq=False)
class Model:
    """A model as it was read, and as it is looked through.

    Attributes
    ----------
    path : Path
        Its file.
    given : ModelProto
        As it was read.
    prepared : ModelProto
        With unique names, without functions of its own, with recurrent nodes as loops and with operators on codes
        between Dequantize and Quantize.
    types : dict
        ONNX's number of the element type of each value of `prepared`, where that is known.
    session : InferenceSession
        ONNX Runtime's, of the model as it was read.

    """

    path: Path
    given: Any
    prepared: Any
    types: Mapping[str, int]
    session: Any


def read_model(path: Path) -> Model:
    """Read a model and prepare it.

    Raises
    ------
    ScanError
        If the file cannot be read, is no ONNX model, or has operators that ONNX Runtime does not run.

    """
    onnx, _ = onnx_package(), runtime_package()
    if not path.is_file():
        raise ScanError(f"cannot read {str(path)!r}: it is {'a folder' if path.is_dir() else 'not there'}")
    try:
        given = onnx.load(path)
    except OSError as error:
        raise ScanError(f"cannot read {str(path)!r}: {error.strerror or 'external data are missing'}") from None
    except Exception:  # of protobuf, in several kinds
        raise ScanError(f"{str(path)!r} is not an ONNX model") from None
    if not given.graph.node or not given.ir_version:
        raise ScanError(f"{str(path)!r} is not an ONNX model, or one without operators")
    version = max((each.version for each in given.opset_import if each.domain in {"", "ai.onnx"}), default=_OLDEST)
    if version < _OLDEST:
        raise ScanError(
            f"{str(path)!r} uses version {version} of ONNX's operators; convert it to {_OLDEST} or later, such as by "
            "onnx.version_converter"
        )
    session = open_session(given, path)  # refuses unknown operators by name, before anything else is done
    try:
        prepared = _prepared(given)
    except UnicodeDecodeError:  # ONNX Runtime does not mind
        raise ScanError(f"{str(path)!r} is not an ONNX model: it has names that are not text in UTF-8") from None
    return Model(path, given, prepared, _element_types(prepared), session)


def _prepared(given: Any) -> Any:
    """Return a copy of a model as it is looked through (see `Model`)."""
    prepared = type(given)()
    prepared.CopyFrom(given)
    if prepared.functions:
        prepared = import_module("onnx.inliner").inline_local_functions(prepared)
    make_names_unique(prepared.graph)
    spell_out_quantized(prepared.graph)
    write_out_recurrent(prepared.graph, _element_types(prepared))
    make_names_unique(prepared.graph)
    return prepared


def open_session(model: Any, path: Path) -> Any:
    """Return ONNX Runtime's session of a model; raise `ScanError` if there can be none."""
    runtime = runtime_package()
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    # Without a second attempt, about which it prints lines.
    how = {"providers": ["CPUExecutionProvider"], "enable_fallback": 0}
    try:
        return runtime.InferenceSession(model.SerializeToString(), options, **how)
    except Exception as error:  # ONNX Runtime has a class of its own for every status
        raise ScanError(f"ONNX Runtime cannot run {str(path)!r}: {_reason(error)}") from None


def run(
    session: Any, feeds: Sequence[Mapping[str, Any]], outputs: Sequence[str] | None = None
) -> list[list[NDArray[Any]]]:
    """Return the outputs of a session for each of some inputs; raise `ScanError` if one fails."""
    try:
        return [session.run(None if outputs is None else list(outputs), dict(feed)) for feed in feeds]
    except Exception as error:
        raise ScanError(f"the model fails on the data: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """Return the first line of one of ONNX Runtime's messages, without its codes."""
    first = (str(error).strip().splitlines() or ["no reason given"])[0]
    parts = first.split(" : ", 3)
    text = parts[-1] if first.startswith("[ONNXRuntimeError]") else first
    return text if len(text) <= 300 else f"{text[:300]}..."


def _element_types(model: Any) -> dict[str, int]:
    try:
        inferred = import_module("onnx.shape_inference").infer_shapes(model)
    except Exception:  # a model that ONNX Runtime runs, but ONNX cannot follow
        inferred = model
    found: dict[str, int] = {}
    for scope in scopes(inferred.graph):
        graph = scope.graph
        for each in [*graph.input, *graph.value_info, *graph.output]:
            if each.type.tensor_type.elem_type:
                found[each.name] = each.type.tensor_type.elem_type
        for each in graph.initializer:
            found[each.name] = each.data_type
    return found
