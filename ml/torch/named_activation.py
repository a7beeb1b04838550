"""An activation made from the arguments of the PyTorch layer that it stands for."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from ...functions import find_function
from ...functions.definitions import Definition
from .activation import Activation

__all__ = ["NamedActivation"]

_SHARED = ("inplace", "device", "dtype")
"""Arguments of PyTorch's layers that say nothing of the function."""


def _signature(layer: type[nn.Module]) -> inspect.Signature:
    """Return the arguments of a layer; those without any have the constructor of all modules."""
    found = inspect.signature(layer)
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return found.replace(parameters=[each for each in found.parameters.values() if each.kind not in kinds])


class NamedActivation(Activation):
    """A layer of PyTorch as an `Activation`: with its arguments, and then those of `Activation` but for `function`.

    A subclass names the layer, whose name in lower case is one that softgate's function has. ``inplace=True`` is
    refused, since outputs are a new tensor.
    """

    layer: ClassVar[type[nn.Module]]
    __signature__: ClassVar[inspect.Signature]
    fixed: ClassVar[Mapping[str, str]] = {}
    """Parameters by which softgate's function is the layer's."""

    def __init_subclass__(cls) -> None:
        own = list(_signature(cls.layer).parameters.values())
        ours = [each for each in inspect.signature(Activation).parameters.values() if each.name != "function"]
        cls.__signature__ = inspect.Signature([each for each in own if each.name not in _SHARED] + ours)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        own = _signature(self.layer)
        taken = {name: keywords.pop(name) for name in list(keywords) if name in own.parameters}
        try:
            given = own.bind(*arguments, **taken).arguments
        except TypeError as error:
            raise TypeError(f"{type(self).__name__}: {error}, as in torch.nn.{self.layer.__name__}{own}") from None
        self._check_shared(given)
        function, parameters = self.function_of({name: v for name, v in given.items() if name not in _SHARED})
        super().__init__(function, **parameters, **keywords)
        # In a tuple, so that it is no submodule.
        self._layer = (self.layer(**given),)

    def _in_floats(self, x: Tensor) -> Tensor:
        found: Tensor = self._layer[0](x)
        return found

    @classmethod
    def definition(cls) -> Definition:
        """Return softgate's function of the layer, by the name that it shares with it."""
        return find_function(cls.layer.__name__.lower())

    @classmethod
    def function_of(cls, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the function and its parameters for arguments of the layer."""
        return cls.definition().name, {**cls.fixed, **given}

    @classmethod
    def arguments_of(cls, layer: nn.Module) -> dict[str, Any]:
        """Return the arguments that a layer was made with, which it keeps under their names."""
        names = _signature(cls.layer).parameters
        return {name: getattr(layer, name) for name in names if name not in _SHARED and hasattr(layer, name)}

    @classmethod
    def _check_shared(cls, given: Mapping[str, Any]) -> None:
        if given.get("inplace"):
            raise ValueError("inplace is not possible: outputs are looked up, and are a new tensor; leave it out")
