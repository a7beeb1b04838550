"""The network, its data and its training: plain PyTorch."""

from dataclasses import dataclass

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

CELLS = 32


class RowReader(nn.Module):
    """An LSTM that reads the eight rows of an image one after the other, and a layer that names the digit."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm: nn.Module = nn.LSTM(8, CELLS, batch_first=True)
        self.digit = nn.Linear(CELLS, 10)

    def forward(self, images: Tensor) -> Tensor:
        states, _ = self.lstm(images)
        digits: Tensor = self.digit(states[:, -1])
        return digits


@dataclass(frozen=True)
class Digits:
    """Images by number, row and column, from 0 to 1, and what they show; three quarters of them to train with."""

    train_images: Tensor
    test_images: Tensor
    train_digits: Tensor
    test_digits: Tensor

    @classmethod
    def split(cls, seed: int) -> "Digits":
        """Return scikit-learn's 1,797 digits, divided by chance, with as many of each kind in either part."""
        digits = load_digits()
        images, shown = torch.tensor(digits.images / 16, dtype=torch.float32), torch.tensor(digits.target)
        return cls(*train_test_split(images, shown, test_size=0.25, stratify=shown, random_state=seed))

    def accuracy(self, network: nn.Module) -> float:
        """Return the percentage of the test images that a network reads."""
        with torch.no_grad():
            right = network(self.test_images).argmax(1) == self.test_digits
        return 100 * float(right.double().mean())

    def train(self, network: nn.Module, epochs: int, rate: float, seed: int) -> None:
        """Train a network, with a rate of learning that rises to `rate` and falls to nothing."""
        order = torch.Generator().manual_seed(seed)
        batches = [len(part) for part in torch.arange(len(self.train_digits)).split(64)]
        optimiser = torch.optim.Adam(network.parameters(), lr=rate)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, epochs=epochs, steps_per_epoch=len(batches))
        for _ in range(epochs):
            for batch in torch.randperm(len(self.train_digits), generator=order).split(batches):
                optimiser.zero_grad()
                loss = nn.functional.cross_entropy(network(self.train_images[batch]), self.train_digits[batch])
                loss.backward()
                optimiser.step()
                schedule.step()
