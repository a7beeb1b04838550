"""The common part of the manifests of units and of composites: the options of the build, and the text of the file."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Self

from .build_options import BuildOptions
from .manifest_json import load_json

__all__ = ["Emitted"]


class Emitted(ABC):
    """A unit or a composite as it was emitted.

    Attributes
    ----------
    options : BuildOptions
        The build options as asked for.

    """

    options: BuildOptions

    @property
    def interface(self) -> str:
        """Name of the interface."""
        return self.options.interface

    @property
    def tlast(self) -> bool:
        """Whether an AXI4-Stream carries ``tlast``."""
        return self.options.tlast

    @property
    def target(self) -> str | None:
        """Name of the target, if one was asked for."""
        return self.options.target

    @property
    def frequency(self) -> float | None:
        """Clock in MHz, if one was asked for."""
        return self.options.frequency

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """Return the manifest as JSON values, in the order in which a person reads them."""

    def to_json(self) -> str:
        """Return the manifest as the text of its file."""
        return json.dumps(self.as_dict(), indent=2) + "\n"

    @classmethod
    @abstractmethod
    def from_dict(cls, data: Any) -> Self:
        """Read what `as_dict` wrote.

        Raises
        ------
        ManifestError
            If a field is missing or wrong, or contradicts the others.

        """

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a manifest's file.

        Raises
        ------
        ManifestError
            If it cannot be read or is not a sound manifest of this kind.
        TypeError
            If `path` is neither text nor a path.

        """
        return load_json(path, cls.from_dict)
