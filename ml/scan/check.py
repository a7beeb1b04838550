"""Run a model with golden models in place of its activations, and compare what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...sim.golden.model import GoldenModel
from .find import Activation
from .model import open_session, run
from .packages import ScanError
from .replace import with_models
from .scan import Scan

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Comparison", "Reference", "accuracy_of"]


@dataclass(frozen=True)
class Comparison:
    """The changes where golden models take the place of activations.

    Attributes
    ----------
    largest : Mapping of str to float
        The largest absolute change of each output.
    accuracy : tuple of float or None
        The share of right answers before and after, in percent; None without labels.

    """

    largest: Mapping[str, float]
    accuracy: tuple[float, float] | None = None

    @property
    def output(self) -> float:
        """The largest change of all outputs."""
        return max(self.largest.values())

    @property
    def lost(self) -> float:
        """Points of accuracy that are lost; below 0 if they are gained."""
        if self.accuracy is None:
            raise ValueError("without labels there is no accuracy")
        return self.accuracy[0] - self.accuracy[1]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        accuracy = None if self.accuracy is None else list(self.accuracy)
        return {"largest_change": dict(self.largest), "accuracy": accuracy}


class Reference:
    """The outputs of a scanned model as it is, with which others are compared.

    Parameters
    ----------
    found
        The scan.
    labels
        The right class of each sample, shape (samples,). The model's answer is the index of the greatest number along
        the last axis of its first output, or that output itself if it holds integers.

    Raises
    ------
    ScanError
        If there are more or fewer labels than answers, they are no integers, an output is no array of numbers, or NaN
        reaches an activation.

    """

    def __init__(self, found: Scan, labels: NDArray[Any] | None = None) -> None:
        for site in found.sites:
            if site.proposal is not None and site.seen is not None and site.seen.nan:
                raise ScanError(f"NaN reaches {site.activation.name}, which no unit takes (values: {site.seen.nan})")
        self.found = found
        self.labels = labels
        self.names = [each.name for each in found.model.session.get_outputs()]
        if texts := [each for each in found.model.session.get_outputs() if not _holds_numbers(each.type)]:
            raise ScanError(
                f"output {texts[0].name} is of type {texts[0].type}; only arrays of numbers can be compared"
            )
        self.outputs = run(found.model.session, found.feeds)
        self.accuracy = None if labels is None else accuracy_of(self.outputs, labels)

    def compare(self, models: Mapping[Activation, GoldenModel]) -> Comparison:
        """Return what changes with golden models in place of these activations."""
        import numpy as np

        outputs = self.run_with(models)
        largest = {}
        for place, name in enumerate(self.names):
            changes = [
                np.abs(np.asarray(ours[place], float) - np.asarray(theirs[place], float)).max(initial=0.0)
                for ours, theirs in zip(outputs, self.outputs, strict=True)
            ]
            largest[name] = float(max(changes))
        if self.labels is None or self.accuracy is None:
            return Comparison(largest)
        return Comparison(largest, (self.accuracy, accuracy_of(outputs, self.labels)))

    def run_with(self, models: Mapping[Activation, GoldenModel]) -> list[list[NDArray[Any]]]:
        """Return the model's outputs with golden models in place of these activations, for each feed."""
        model = self.found.model
        replaced = with_models(model.prepared, model.types, models)
        return run(open_session(replaced, model.path), self.found.feeds)


def _holds_numbers(kind: str) -> bool:
    """Whether a type that ONNX Runtime writes as ``tensor(float)`` is an array of numbers."""
    return kind.startswith("tensor(") and kind != "tensor(string)"


def accuracy_of(outputs: list[list[NDArray[Any]]], labels: NDArray[Any]) -> float:
    """Return the percentage of answers that are the labels (see `Reference`)."""
    import numpy as np

    firsts = [np.asarray(each[0]) for each in outputs]
    answers = np.concatenate(
        [np.ravel(each) if each.dtype.kind in "iu" else np.ravel(np.argmax(each, axis=-1)) for each in firsts]
    )
    if labels.dtype.kind not in "iu":
        raise ScanError(f"labels must be integers, not {labels.dtype}")
    if labels.shape != answers.shape:
        raise ScanError(
            f"labels have the shape {labels.shape}, but the model gives {answers.size} answers; each needs one label"
        )
    return 100 * float(np.mean(answers == labels))
