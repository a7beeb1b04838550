"""What to compute: formats, operations, plans, functions, methods and error analysis."""

from .budget import Budget
from .formats import FixedFormat
from .functions import create_function
from .plan import Plan, PlanBuilder

__all__ = ["Budget", "FixedFormat", "Plan", "PlanBuilder", "create_function"]
