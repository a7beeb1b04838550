"""The detector: its file, its inputs, and the probabilities that it finds."""

from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError

from .lstm import Cell, Floats, run_with_cell

INPUTS = {"input", "h", "c"}
FRAME, CONTEXT = 512, 64
"""Samples of a frame, and those of the frame before that the detector sees, too."""


def inputs(samples: Floats) -> dict[str, Floats]:
    """Return the inputs of the detector: a frame each 32 ms, with its context, and a state of zeros."""
    count = len(samples) // FRAME
    frames = samples[: count * FRAME].reshape(count, FRAME)
    context = np.vstack([np.zeros((1, CONTEXT), np.float32), frames[:-1, -CONTEXT:]])
    state = np.zeros((1, 1, 128), np.float32)
    return {"input": np.hstack([context, frames]), "h": state, "c": state}


def probabilities(model: onnx.ModelProto, cell: Cell, samples: Floats) -> Floats:
    """Return the probability of speech in each frame."""
    return run_with_cell(model, cell, inputs(samples))["speech_probs"]


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
