"""Build nodes one by one, each of which gives one value with a name of its own."""

from __future__ import annotations

from typing import Any

__all__ = ["NodeBuilder"]


class NodeBuilder:
    """Collects nodes; calling it adds one and returns the name of its result.

    Parameters
    ----------
    prefix
        What the names of all values begin with.

    Attributes
    ----------
    nodes : list of NodeProto
        The nodes so far.

    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.nodes: list[Any] = []

    def __call__(
        self, operator: str, *inputs: str, result: str | None = None, name: str = "", **attributes: Any
    ) -> str:
        """Add a node of one output; return its name, which is `result` if given."""
        value = result or f"{self.prefix}{operator}{len(self.nodes)}"
        self.add(operator, inputs, [value], name=name, **attributes)
        return value

    def add(self, operator: str, inputs: Any, outputs: Any, **attributes: Any) -> None:
        """Add a node of any number of outputs."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, list(inputs), list(outputs), **attributes))

    def constant(self, values: Any, dtype: Any) -> str:
        """Add a constant array; return its name."""
        import numpy as np
        from onnx import numpy_helper

        return self("Constant", value=numpy_helper.from_array(np.asarray(values, dtype)))
