"""The data that a model is run on: arrays by the names of its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .packages import ScanError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["feeds_of"]

_KINDS = {"f": "floats", "i": "integers", "u": "integers", "b": "booleans"}


def feeds_of(session: Any, arrays: Mapping[str, NDArray[Any]], path: Path) -> list[dict[str, NDArray[Any]]]:
    """Return what to run a session on, once for each of the result.

    An array of the shape of its input is given as it is. One with one more axis in front, or with a multiple of the
    input's first axis, holds several samples, each of which is run by itself; arrays of the other inputs then hold as
    many, or one that all of them share.

    Parameters
    ----------
    session
        ONNX Runtime's session.
    arrays
        By the names of the inputs; a single one may have an empty name.
    path
        The file that they are from, for messages.

    Raises
    ------
    ScanError
        If an array is missing, is of no input, or is of another shape or kind than its input.

    """
    inputs = session.get_inputs()
    names = [each.name for each in inputs]
    if "" in arrays:
        if len(inputs) != 1:
            raise ScanError(
                f"{str(path)!r} holds one array without a name, but the model has the inputs {', '.join(names)}; save "
                "one for each with numpy.savez"
            )
        arrays = {names[0]: arrays[""]}
    if missing := [name for name in names if name not in arrays]:
        raise ScanError(
            f"{str(path)!r} holds no array called {missing[0]}, which is an input of the model; it holds "
            f"{', '.join(arrays) or 'nothing'}"
        )
    if foreign := [name for name in arrays if name not in names]:
        raise ScanError(
            f"{str(path)!r} holds an array {foreign[0]!r:.80}, but the model's inputs are {', '.join(names)}"
        )
    samples = {each.name: _samples(each, _converted(each, arrays[each.name], path), path) for each in inputs}
    counts = {name: len(found) for name, found in samples.items() if len(found) > 1}
    if len(set(counts.values())) > 1:
        shown = ", ".join(f"{count} of {name}" for name, count in counts.items())
        raise ScanError(f"{str(path)!r} holds different numbers of samples: {shown}")
    number = next(iter(counts.values()), 1)
    return [{name: found[place % len(found)] for name, found in samples.items()} for place in range(number)]


def _converted(given: Any, array: NDArray[Any], path: Path) -> NDArray[Any]:
    """Return an array in the type of its input; refuse one of another kind, of no numbers, or with NaNs."""
    import numpy as np

    what = f"{str(path)!r}: array {given.name}"
    wanted = np.dtype(_numpy_type(given.type))
    if array.size == 0:
        raise ScanError(f"{what} is empty, of shape {_shown(array.shape)}")
    if array.dtype.kind not in _KINDS or _KINDS[array.dtype.kind] != _KINDS.get(wanted.kind):
        raise ScanError(f"{what} is of type {array.dtype}, but the input takes {wanted}")
    if wanted.kind == "f":
        if not np.isfinite(array).all():
            place = tuple(int(each) for each in np.argwhere(~np.isfinite(array))[0])
            raise ScanError(f"{what} holds {array[place]} at index {_shown(place)}; all numbers must be finite")
        return np.asarray(array, wanted, order="C")
    converted = np.asarray(array, wanted, order="C")
    if not np.array_equal(converted, array):
        raise ScanError(f"{what} is of type {array.dtype} with numbers that do not fit the input's {wanted}")
    return converted


def _samples(given: Any, array: NDArray[Any], path: Path) -> list[NDArray[Any]]:
    """Return the samples that an array holds, each of the input's shape."""
    shape = [each if isinstance(each, int) and each > 0 else None for each in given.shape]
    rank, rest = len(shape), array.shape[1:]
    if array.ndim == rank and _fits(array.shape, shape):
        return [array]
    if array.ndim == rank + 1 and _fits(rest, shape):
        return list(array)
    if array.ndim == rank and rank and _fits(rest, shape[1:]) and shape[0] and len(array) % shape[0] == 0:
        return list(array.reshape(-1, shape[0], *rest))
    wanted = _shown("any" if each is None else each for each in shape)
    raise ScanError(
        f"{str(path)!r}: array {given.name} has the shape {_shown(array.shape)}, but the input takes {wanted}, with an "
        "axis in front for several samples"
    )


def _fits(shape: Any, wanted: Any) -> bool:
    return len(shape) == len(wanted) and all(
        each is None or have == each for have, each in zip(shape, wanted, strict=True)
    )


def _shown(shape: Any) -> str:
    return f"({', '.join(map(str, shape))})"


def _numpy_type(text: str) -> str:
    """Return numpy's name of an element type that ONNX Runtime writes as ``tensor(float)``."""
    name = text.removeprefix("tensor(").removesuffix(")")
    known = {"float": "float32", "double": "float64"}
    if not text.startswith("tensor(") or name in {"string", "bfloat16"}:
        raise ScanError(f"an input of type {text} cannot be given as an array of numbers")
    return known.get(name, name)
