"""Compare a detector with softgate's gates to the original, on a signal: ``python -m examples.vad --help``."""

import argparse
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from google.protobuf.message import DecodeError

from .lstm import Floats, Gates, Watched, run_with_gates
from .speech import babble, read_wav

INPUTS = {"input", "h", "c"}
WIDTHS = 8, 10, 12, 16
FRAME, CONTEXT = 512, 64
"""Samples of a frame, and those of the frame before that the detector sees, too."""


def installed_model() -> Path | None:
    """Return the model that the package silero-vad brings, without importing it; None if it is not installed."""
    spec = find_spec("silero_vad")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "data" / "silero_vad_16k_sequence.onnx"


def inputs(samples: Floats) -> dict[str, Floats]:
    """Return the inputs of the detector: a frame each 32 ms, with its context, and a state of zeros."""
    count = len(samples) // FRAME
    frames = samples[: count * FRAME].reshape(count, FRAME)
    context = np.vstack([np.zeros((1, CONTEXT), np.float32), frames[:-1, -CONTEXT:]])
    state = np.zeros((1, 1, 128), np.float32)
    return {"input": np.hstack([context, frames]), "h": state, "c": state}


def probabilities(model: onnx.ModelProto, gates: Gates, samples: Floats) -> Floats:
    """Return the probability of speech in each frame."""
    return run_with_gates(model, gates, inputs(samples))["speech_probs"]


def read_model(path: Path) -> onnx.ModelProto:
    """Return the detector.

    Raises
    ------
    ValueError
        If the file is another.

    """
    try:
        model = onnx.load(path)
    except DecodeError:
        raise ValueError(f"{path} is no ONNX file") from None
    names = {each.name for each in model.graph.input}
    if names != INPUTS:
        raise ValueError(
            f"{path} has the inputs {', '.join(sorted(names)) or 'none'}; silero_vad_16k_sequence.onnx has c, h, input"
        )
    return model


def main() -> None:
    """Print what the original's gates are asked for, and a row of changes for each width."""
    parser = argparse.ArgumentParser(prog="python -m examples.vad", description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", default=installed_model(), help="silero_vad_16k_sequence.onnx")
    parser.add_argument("--wav", type=Path, help="a recording (16 kHz, 16 bits, mono); otherwise 60 s of syllables")
    given = parser.parse_args()
    if given.model is None:
        parser.error("name the model silero_vad_16k_sequence.onnx, or install the package silero-vad that brings it")
    try:
        model = read_model(given.model)
        samples = babble(60) if given.wav is None else read_wav(given.wav)
        if len(samples) < FRAME:
            raise ValueError(f"{given.wav} has {len(samples)} samples; the detector needs {FRAME} or more")
    except (OSError, ValueError) as error:
        parser.error(str(error))

    session = onnxruntime.InferenceSession(model.SerializeToString())
    original = session.run(["speech_probs"], inputs(samples))[0]
    watched = Gates(*(Watched(function) for function in Gates.exact()))
    exact = probabilities(model, watched, samples)
    print(f"{len(original)} frames, speech in {(original > 0.5).mean():.0%} of them")
    print(f"float32 gates in numpy: at most {abs(exact - original).max():.1e} from ONNX Runtime")
    for name, seen in watched._asdict().items():
        print(f"inputs of {name}: {seen.low:.1f} to {seen.high:.1f}")
    print("\n| bits of the gates | largest change of the probability | mean change | frames decided otherwise |")
    print("|---|---|---|---|")
    for bits in WIDTHS:
        found = probabilities(model, Gates.rounded(bits), samples)
        change, otherwise = abs(found - original), ((found > 0.5) != (original > 0.5)).sum()
        print(f"| {bits} | {change.max():.4f} | {change.mean():.5f} | {otherwise} |")


if __name__ == "__main__":
    main()
