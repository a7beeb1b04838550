"""Lowering: a plan in pieces small enough for a clock (decision 007).

The lowered plan computes the same; its further steps are the parts of those that take longer than a stage may.
"""

from .lower import lower, lower_products
from .tables import join_tables

__all__ = ["join_tables", "lower", "lower_products"]
