"""Build options to weigh candidates for, a choice made of them, and a stand-in for the synthesis of finalists."""

from softgate.explore.choose.choice import Choice, Weighed
from softgate.explore.flows import SynthesisResult
from softgate.hdl.build_options import BuildOptions
from softgate.hdl.module_text import module_text

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


def built(objective="balanced", interface="pipeline", **options):
    """Return build options, for an ECP5 unless another target is given."""
    return BuildOptions.read(**{"interface": interface, "target": "ecp5", **options, "objective": objective})


def how(objective="balanced", effort="quick", **options):
    """Return build options and an effort."""
    return built(objective, **options), effort


def chosen(design):
    (found,) = (each for each in design.choice.weighed if each.chosen)
    return found


def measured(luts, fmax):
    """Return a stand-in for synthesis: figures by how many candidates were measured before."""
    seen = {}

    def measure(_, schedule, __, *, seeds, **___):
        number = seen.setdefault(module_text(schedule, "pipeline", "unit"), len(seen))
        cells = dict.fromkeys(("FF", "DSP", "BRAM"), 0)
        return SynthesisResult(cells, luts(number), dict.fromkeys(seeds, fmax(number)))

    return measure
