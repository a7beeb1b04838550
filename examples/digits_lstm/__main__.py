"""Train networks with float gates, put softgate's gates in, and train on: ``python -m examples.digits_lstm``."""

import argparse
import tempfile
from pathlib import Path

from ..requirements import require

WIDTHS = 4, 5, 6, 8, 12


def main() -> None:
    """Write results.csv and accuracy.svg, and print the table of README.md."""
    parser = argparse.ArgumentParser(prog="python -m examples.digits_lstm", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder to write to")
    parser.add_argument(
        "--seeds", type=int, default=10, metavar="N", help="how many networks to train; 10 unless given"
    )
    given = parser.parse_args()
    if given.seeds < 1:
        parser.error("argument --seeds: at least 1 network is needed")
    require(parser, "torch", "sklearn", "matplotlib", install="pip install -e '.[examples]'")

    import torch

    from .experiment import run
    from .figure import draw
    from .gates import make_gates
    from .results import table, write

    torch.set_num_threads(1)  # small matrices; and sums come out the same everywhere
    results = []
    with tempfile.TemporaryDirectory() as folder:
        gates = [make_gates(12, Path(folder), "hard"), *(make_gates(bits, Path(folder)) for bits in WIDTHS)]
        for seed in range(given.seeds):
            for result in run(gates, seed):
                print(
                    f"seed {seed}, {result.gates}: {result.swapped:.1f} %, trained on {result.trained:.1f} %",
                    flush=True,
                )
                results.append(result)
    given.out.mkdir(parents=True, exist_ok=True)
    write(results, given.out / "results.csv")
    draw(results, given.out / "accuracy.svg")
    print(f"\n{table(results)}")


if __name__ == "__main__":
    main()
