"""An LSTM that reads handwritten digits row by row, trained in numpy and written as ONNX, for softgate scan.

    python examples/scan/digits.py digits

writes digits/model.onnx, digits/data.npz and digits/labels.npy: the model, and the 450 images that it was not trained
on. The images are scikit-learn's, of 8 x 8 pixels; the training takes some seconds.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from sklearn.datasets import load_digits

Array = NDArray[Any]
Weights = dict[str, Array]

HIDDEN, CLASSES, STEPS, WIDTH = 24, 10, 8, 8

EPOCHS, BATCH, RATE = 25, 50, 0.01


def logistic(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def forward(weights: Weights, images: Array) -> tuple[Array, list[Any], Array]:
    """The scores of images, shape (batch, steps, width), and what the gradients need."""
    h = c = np.zeros((len(images), HIDDEN))
    kept = []
    for step in range(STEPS):
        both = np.concatenate([images[:, step], h], axis=1)
        i, o, f, g = np.split(both @ weights["gates"] + weights["gate_bias"], 4, axis=1)
        i, o, f, g = logistic(i), logistic(o), logistic(f), np.tanh(g)
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        kept.append((both, i, o, f, g, before, c))
    return h @ weights["out"] + weights["out_bias"], kept, h


def gradients(weights: Weights, images: Array, labels: Array) -> Weights:
    """The gradients of the mean cross entropy, by back-propagation through time."""
    scores, kept, h = forward(weights, images)
    shares = np.exp(scores - scores.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    shares /= len(labels)
    found = {"out": h.T @ shares, "out_bias": shares.sum(0)}
    found |= {"gates": np.zeros_like(weights["gates"]), "gate_bias": np.zeros_like(weights["gate_bias"])}
    dh, dc = shares @ weights["out"].T, np.zeros_like(h)
    for both, i, o, f, g, before, c in reversed(kept):
        limited = np.tanh(c)
        dc = dc + dh * o * (1 - limited**2)
        gates = [dc * g * i * (1 - i), dh * limited * o * (1 - o), dc * before * f * (1 - f), dc * i * (1 - g**2)]
        gate = np.concatenate(gates, axis=1)
        found["gates"] += both.T @ gate
        found["gate_bias"] += gate.sum(0)
        dh, dc = (gate @ weights["gates"].T)[:, WIDTH:], dc * f
    return found


def trained(images: Array, labels: Array, rng: np.random.Generator) -> Weights:
    """Weights after training by Adam (D. P. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015)."""
    shapes = {"gates": (WIDTH + HIDDEN, 4 * HIDDEN), "out": (HIDDEN, CLASSES)}
    weights = {name: rng.normal(0, shape[0] ** -0.5, shape) for name, shape in shapes.items()}
    weights |= {"gate_bias": np.zeros(4 * HIDDEN), "out_bias": np.zeros(CLASSES)}
    mean, square = ({name: np.zeros_like(each) for name, each in weights.items()} for _ in range(2))
    step = 0
    for _ in range(EPOCHS):
        for batch in np.split(rng.permutation(len(images)), range(BATCH, len(images), BATCH)):
            step += 1
            for name, slope in gradients(weights, images[batch], labels[batch]).items():
                mean[name] = 0.9 * mean[name] + 0.1 * slope
                square[name] = 0.999 * square[name] + 0.001 * slope**2
                lean = mean[name] / (1 - 0.9**step)
                weights[name] -= RATE * lean / (np.sqrt(square[name] / (1 - 0.999**step)) + 1e-8)
    return weights


def as_onnx(weights: Weights) -> onnx.ModelProto:
    """The model in ONNX: images of shape (batch, steps, width) to scores of shape (batch, classes)."""
    held = {
        "W": weights["gates"][:WIDTH].T[None],
        "R": weights["gates"][WIDTH:].T[None],
        "B": np.concatenate([weights["gate_bias"], np.zeros(4 * HIDDEN)])[None],
        "out": weights["out"],
        "out_bias": weights["out_bias"],
    }
    nodes = [
        helper.make_node("Transpose", ["images"], ["rows"], perm=[1, 0, 2]),
        helper.make_node("LSTM", ["rows", "W", "R", "B"], ["", "last"], name="lstm", hidden_size=HIDDEN),
        helper.make_node("Squeeze", ["last", "first_axis"], ["state"]),
        helper.make_node("MatMul", ["state", "out"], ["product"]),
        helper.make_node("Add", ["product", "out_bias"], ["scores"]),
    ]
    constants = [numpy_helper.from_array(each.astype(np.float32), name) for name, each in held.items()]
    constants.append(numpy_helper.from_array(np.array([0]), "first_axis"))
    element = onnx.TensorProto.FLOAT
    images = helper.make_tensor_value_info("images", element, ["batch", STEPS, WIDTH])
    scores = helper.make_tensor_value_info("scores", element, ["batch", CLASSES])
    graph = helper.make_graph(nodes, "digits", [images], [scores], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def main(folder: Path) -> None:
    rng = np.random.default_rng(0)
    images, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(images))
    images, labels = images[order].reshape(-1, STEPS, WIDTH) / 16, labels[order]
    weights = trained(images[450:], labels[450:], rng)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(as_onnx(weights), folder / "model.onnx")
    np.savez(folder / "data.npz", images=images[:450].astype(np.float32))
    np.save(folder / "labels.npy", labels[:450])
    right = np.mean(np.argmax(forward(weights, images[:450])[0], axis=1) == labels[:450])
    print(f"{folder / 'model.onnx'}: {100 * right:.1f} % of 450 images right")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
