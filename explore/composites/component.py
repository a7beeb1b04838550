"""Designs of composites as Amaranth components."""

from __future__ import annotations

from ...hdl.composites.component import CompositeComponent
from .design import CompositeDesign

__all__ = ["DesignedComponent"]


class DesignedComponent(CompositeComponent):
    """The hardware of a design as an Amaranth component, the base of those that are made by name.

    Parameters
    ----------
    design
        The design.

    Attributes
    ----------
    design : CompositeDesign
        The same, with its golden model and its contract.

    """

    def __init__(self, design: CompositeDesign) -> None:
        self.design = design
        super().__init__(design.hardware)
