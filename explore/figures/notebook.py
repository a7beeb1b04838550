"""A design as a notebook shows it."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from ...accuracy.limits import EXHAUSTIVE_CODES
from ...accuracy.run_time_specification import AnySpecification
from ...accuracy.specification import Specification
from ...hdl.scheduling.schedule import Schedule
from ...plan.drawing import draw_plan
from ...plan.merging import single_output
from ...plan.plan import Plan
from ...support.tools import MissingToolError
from .error_figure import error_figure

__all__ = ["notebook_html"]


def notebook_html(line: str, plan: Plan, specification: AnySpecification, schedule: Schedule) -> str:
    """Return a design as HTML: a line of text, its error figure where matplotlib is installed, and its datapath."""
    drawing = draw_plan(plan, stages=schedule.seen_from(plan).stages, latency=schedule.latency)
    pictures = [(drawing.encode(), "datapath")]
    if (figure := _error_figure(plan, specification)) is not None:
        pictures.insert(0, (figure, "function and error"))
    images = "".join(_image(content, what) for content, what in pictures)
    return f"<div><p><code>{escape(line)}</code></p>{images}</div>"


def _error_figure(plan: Plan, specification: AnySpecification) -> bytes | None:
    if not isinstance(specification, Specification) or specification.codes.size > EXHAUSTIVE_CODES:
        return None
    plan = single_output(plan, plan.outputs[0].name)  # of a unit with its derivative, the function
    with TemporaryDirectory() as folder:
        try:
            return error_figure(plan, specification, Path(folder) / "error.svg").read_bytes()
        except MissingToolError:
            return None


def _image(content: bytes, what: str) -> str:
    # As images, so that the styles of one picture do not reach the page or the other picture.
    source = f"data:image/svg+xml;base64,{b64encode(content).decode()}"
    return f'<img alt="{what}" src="{source}" style="display: block; max-width: 100%"/>'
