"""Compare a detector with softgate's gates, or its cell, to the original: ``python -m examples.vad --help``."""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from ..requirements import require
from .speech import babble, read_wav


def installed_model() -> Path | None:
    """Return the model that the package silero-vad brings, without importing it; None if it is not installed."""
    spec = find_spec("silero_vad")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "data" / "silero_vad_16k_sequence.onnx"


def main() -> None:
    """Print how the gates, or the cell, change what the detector finds."""
    parser = argparse.ArgumentParser(prog="python -m examples.vad", description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", default=installed_model(), help="silero_vad_16k_sequence.onnx")
    parser.add_argument("--wav", type=Path, help="a recording (16 kHz, 16 bits, mono); otherwise 60 s of syllables")
    parser.add_argument("--hardware", action="store_true", help="compare whole cells, and run their Verilog")
    given = parser.parse_args()
    require(parser, "onnx", "onnxruntime", install="pip install -e . onnx onnxruntime")
    if given.model is None:
        parser.error("name the model silero_vad_16k_sequence.onnx, or install the package silero-vad that brings it")

    import onnxruntime

    from .comparisons import compare_cells, compare_gates
    from .detector import FRAME, inputs, read_model

    try:
        model = read_model(given.model)
        samples = babble(60) if given.wav is None else read_wav(given.wav)
        if len(samples) < FRAME:
            raise ValueError(f"{given.wav} has {len(samples)} samples; the detector needs {FRAME} or more")
    except (OSError, ValueError) as error:
        parser.error(str(error))

    session = onnxruntime.InferenceSession(model.SerializeToString())
    original = session.run(["speech_probs"], inputs(samples))[0]
    print(f"{len(original)} frames, speech in {(original > 0.5).mean():.0%} of them")
    if not given.hardware:
        compare_gates(model, samples, original)
    elif not compare_cells(model, samples, original):
        sys.exit(1)


if __name__ == "__main__":
    main()
