"""The experiment: gates put into a trained network, before and after more training with them."""

import copy
from collections.abc import Iterable, Iterator

import torch

from softgate.ml.torch import LSTM

from .gates import Gates
from .network import CELLS, Digits, RowReader
from .results import Result


def run(gates: Iterable[Gates], seed: int, epochs: int = 40, more_epochs: int = 10) -> Iterator[Result]:
    """Train a network with float gates, and continue from there with each of the gates, float ones first."""
    digits = Digits.split(seed)
    torch.manual_seed(seed)
    network = RowReader()
    digits.train(network, epochs, 0.01, seed)

    def result(name: str, luts: int, changed: RowReader) -> Result:
        swapped = digits.accuracy(changed)
        digits.train(changed, more_epochs, 0.005, seed)
        return Result(name, luts, seed, swapped, digits.accuracy(changed))

    yield result("float", 0, copy.deepcopy(network))
    for pair in gates:
        changed = copy.deepcopy(network)
        changed.lstm = LSTM(8, CELLS, batch_first=True, units=pair.units)
        changed.load_state_dict(network.state_dict())
        yield result(pair.name, pair.luts, changed)
