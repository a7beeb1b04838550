"""The search on handwritten digits: far fewer look-up tables than 12 bits throughout, at the same accuracy."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx_models import outputs_of

pytest.importorskip("sklearn")

pytestmark = [pytest.mark.slow, pytest.mark.tools]

EXAMPLE = Path(__file__).parents[2] / "examples" / "scan" / "digits.py"


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    made = subprocess.run([sys.executable, str(EXAMPLE), str(folder)], capture_output=True, text=True, check=True)
    assert "of 450 images right" in made.stdout
    return folder


def scanned(run, folder, *options):
    files = [folder / "model.onnx", "--data", folder / "data.npz", "--labels", folder / "labels.npy"]
    code, out, _ = run("scan", *files, "--target", "ecp5", "--json", *options)
    assert code == 0
    return json.loads(out)


def luts(record):
    return sum(record["units"][each["unit"]]["luts"] for each in record["activations"])


@pytest.mark.parametrize(("points", "share"), [("0", 0.8), ("0.5", 0.5)])
def test_fewer_look_up_tables_at_the_same_accuracy(points, share, digits, run):
    uniform = scanned(run, digits, "--check")
    found = scanned(run, digits, "--budget", f"accuracy={points}")
    before, after = found["check"]["accuracy"]
    assert before - after <= float(points) + 1e-9
    assert after >= uniform["check"]["accuracy"][1] - float(points) - 1e-9
    assert luts(found) <= share * luts(uniform)


def test_the_model_is_the_trained_one(digits):
    import onnx

    images, labels = np.load(digits / "data.npz")["images"], np.load(digits / "labels.npy")
    scores = outputs_of(onnx.load(digits / "model.onnx"), images=images)[0]
    assert np.mean(np.argmax(scores, axis=1) == labels) > 0.95
