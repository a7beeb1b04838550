"""What candidates are weighed for, and a choice among three: one measured, one foretold, one impossible."""

from softgate.explore.choose.choice import Choice, Weighed
from softgate.explore.choose.weighing import How
from softgate.hdl.build_options import read_build

CHOICE = Choice(
    "luts",
    "normal",
    "ecp5",
    200.0,
    (
        Weighed("table", {"kept_bits": 1}, 61.2, 0, 0, 250.5, 3, measured_luts=60, measured_fmax=241.0, chosen=True),
        Weighed("polynomial", {"degree": 1}, 70.0, 0, 0, 230.0, 5),
        Weighed("bipartite", {}, refused="latency 2 is too short"),
    ),
)


def how(objective="balanced", effort="quick", interface="pipeline", **pipelining):
    return How(read_build(interface, **{"target": "ecp5", **pipelining, "objective": objective}), effort)


def chosen(design):
    (found,) = (each for each in design.choice.weighed if each.chosen)
    return found
