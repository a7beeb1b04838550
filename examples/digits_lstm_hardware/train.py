"""Training of the weights beside this file, with PyTorch: ``python -m examples.digits_lstm_hardware.train``."""

import argparse
from pathlib import Path

import numpy as np

from ..requirements import require
from .data import Digits
from .weights import CELLS, CLASSES, PATH, PIXELS, Weights

SEED, EPOCHS, RATE, BATCH, SMOOTHING = 1, 60, 0.01, 64, 0.05


def train() -> Weights:
    """Train an LSTM, and a layer that names the digit, on the images for training."""
    import torch
    from torch import nn

    torch.set_num_threads(1)  # small matrices; and sums come out the same everywhere
    torch.manual_seed(SEED)
    digits = Digits.split()
    images, shown = torch.tensor(digits.train_images / 16, dtype=torch.float32), torch.tensor(digits.train_digits)
    lstm, layer = nn.LSTM(PIXELS, CELLS, batch_first=True), nn.Linear(CELLS, CLASSES)
    network = nn.ModuleDict({"lstm": lstm, "digit": layer})
    optimiser = torch.optim.Adam(network.parameters())
    batches = -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, epochs=EPOCHS, steps_per_epoch=batches)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(BATCH):
            optimiser.zero_grad()
            states, _ = lstm(images[batch])
            loss = nn.functional.cross_entropy(layer(states[:, -1]), shown[batch], label_smoothing=SMOOTHING)
            loss.backward()
            optimiser.step()
            schedule.step()
    found = {name: weight.detach().numpy() for name, weight in network.named_parameters()}
    return Weights(
        np.hstack([found["lstm.weight_ih_l0"], found["lstm.weight_hh_l0"]]),
        found["lstm.bias_ih_l0"] + found["lstm.bias_hh_l0"],
        found["digit.weight"],
        found["digit.bias"],
    )


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m examples.digits_lstm_hardware.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=PATH, help="the file to write")
    given = parser.parse_args()
    require(parser, "torch", "sklearn", install="pip install -e '.[examples]'")
    train().save(given.out)


if __name__ == "__main__":
    main()
