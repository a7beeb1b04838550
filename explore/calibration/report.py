"""The report of a calibration, line by line: present and fitted delays and costs, and their prediction errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from ...hdl.targets import Target
from ...support.rows import Row
from .costs import CostSample, cost_samples, fit_costs, median_error
from .delays import Sample, delays_of, fit, samples

__all__ = ["measure_costs", "measure_delays"]


def measure_delays(target: Target) -> Iterator[Row]:
    """Route units, one row for each as it comes, and fit the delays of a target to them.

    The last rows show how well the delays predict these units and others: the delays are fitted again to every second
    unit, and tested on the rest. ``late`` is the share by which the slowest of all units exceeds its predicted period,
    and the margin that of the slowest unit which was left out of the fit.
    """
    if not target.calibrated_for:
        raise ValueError(f"the delays of {target.name} are not fitted: no place and route is at hand for it")
    measured = []
    for sample in samples(target, target.calibrated_for):
        measured.append(sample)
        yield _routed(sample, target)
    fitted = fit(target, measured)
    before, after = delays_of(target), delays_of(fitted)
    for name, value in before.items():
        yield Row(name, {"now": f"{value:.3f}", "fitted": f"{after[name]:.3f}"})
    now = [_lateness(sample, target) for sample in measured]
    held_out = []
    for half in (0, 1):
        known = fit(target, [sample for sample in measured if sample.number % 2 != half])
        held_out += [_lateness(sample, known) for sample in measured if sample.number % 2 == half]
    fitted_to = [_lateness(sample, fitted) for sample in measured]
    label = f"median error of {len(measured)} periods"
    yield Row(label, {"now": _error(now), "fitted": _error(fitted_to)})
    yield Row("the same, each half fitted to the other", {"now": _error(now), "fitted": _error(held_out)})
    yield Row("late", {"now": f"{100 * max(now):.1f} %", "fitted": f"{100 * max(fitted_to):.1f} %"})
    yield Row("margin", {"now": f"{100 * target.margin:.1f} %", "fitted": f"{100 * max(held_out):.1f} %"})


def _routed(sample: Sample, target: Target) -> Row:
    cells = {
        "latency": str(sample.schedule.latency),
        "blocks": str(len(sample.schedule.blocks)),
        "predicted (ns)": f"{sample.predicted(target):.2f}",
        "reached (ns)": f"{sample.period:.2f}",
        "late": f"{100 * _lateness(sample, target):.1f} %",
    }
    return Row(sample.label, cells)


def _lateness(sample: Sample, target: Target) -> float:
    """Return the share by which the period exceeds the prediction."""
    return sample.period / sample.predicted(target) - 1


def _error(shares: list[float]) -> str:
    return f"{100 * median(map(abs, shares)):.1f} %"


def measure_costs(target: Target) -> Iterator[Row]:
    """Fit the weights of a target to synthesised units; the last lines show how well they predict these and others.

    The weights are fitted again to every second specification, and tested on the rest.
    """
    if target.flow is None:
        raise ValueError(f"the costs of {target.name} are not fitted: nothing synthesises for it")
    measured = list(cost_samples(target))
    fitted = fit_costs(measured)
    for name, value in fitted.items():
        yield Row(name, {"now": f"{target.costs[name]:.2f}", "fitted": f"{value:.2f}"})
    label = f"median error for {len(measured)} units"
    yield Row(label, {"now": _percent(measured, target.costs), "fitted": _percent(measured, fitted)})
    halves = [[sample for sample in measured if sample.number % 2 == half] for half in (0, 1)]
    for half, (known, unknown) in enumerate([halves, halves[::-1]]):
        label = f"the same for {len(unknown)} of them, fitted to the {'others' if half == 0 else 'rest'}"
        yield Row(label, {"now": _percent(unknown, target.costs), "fitted": _percent(unknown, fit_costs(known))})


def _percent(samples: Sequence[CostSample], costs: Mapping[str, float]) -> str:
    return f"{100 * median_error(samples, costs):.1f} %"
