"""Lowering: rewriting a plan in steps that are fast enough for a clock (decision 007).

The lowered plan computes the same; its additional steps are the parts of steps that would take longer than a stage.
"""

from .lower import lower, lower_products
from .rows_in_turns import Chain, rows_in_turns
from .tables import join_tables

__all__ = ["Chain", "join_tables", "lower", "lower_products", "rows_in_turns"]
