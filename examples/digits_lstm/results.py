"""Results of the experiment: as CSV, and as the table of README.md."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import mean, stdev


@dataclass(frozen=True)
class Result:
    """The accuracy of a network with some gates on the test images.

    Attributes
    ----------
    gates, luts
        The gates, and the look-up tables of their units, 0 of float gates.
    seed
        Of the division of the images, of the first weights and of the order in training.
    swapped, trained
        Percentage of the images that it reads, with the gates put in and as the float network was trained, and after
        more training with them.

    """

    gates: str
    luts: int
    seed: int
    swapped: float
    trained: float


def write(results: Iterable[Result], path: Path) -> None:
    """Write results as CSV."""
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Result)], lineterminator="\n")
        rows.writeheader()
        for result in results:
            rows.writerow({**asdict(result), "swapped": f"{result.swapped:.3f}", "trained": f"{result.trained:.3f}"})


def read(path: Path) -> list[Result]:
    """Read what `write` wrote."""
    with path.open() as file:
        return [
            Result(row["gates"], int(row["luts"]), int(row["seed"]), float(row["swapped"]), float(row["trained"]))
            for row in csv.DictReader(file)
        ]


def by_gates(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Return the results of each of the gates, in their order."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.gates, []).append(result)
    return found


def table(results: Iterable[Result]) -> str:
    """Return the means over the seeds as Markdown, and behind each how far it is from that of the float networks.

    That distance has a standard deviation: the distance itself differs from seed to seed.
    """
    rows = by_gates(results)
    float_row = [row.swapped for row in rows["float"]]
    lines = ["| gates | LUTs | put in without training | after ten more epochs |", "|---|---|---|---|"]
    for name, row in rows.items():
        swapped, trained = ([getattr(each, stage) for each in row] for stage in ("swapped", "trained"))
        before = f"{mean(swapped):.1f} %" if name == "float" else _compared(swapped, float_row)
        lines.append(f"| {name} | {row[0].luts or ''} | {before} | {_compared(trained, float_row)} |")
    return "\n".join(lines)


def _compared(accuracies: Sequence[float], reference: Sequence[float]) -> str:
    apart = [one - other for one, other in zip(accuracies, reference, strict=True)]
    spread = f" ± {stdev(apart):.1f}" if len(apart) > 1 else ""
    return f"{mean(accuracies):.1f} % ({mean(apart):+.1f}{spread})"
