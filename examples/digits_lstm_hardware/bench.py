"""Cocotb test module: the simulated network against the model, bit for bit.

Environment variables: ``DIGITS_LSTM_WORDS`` names a file of arrays, ``rows``, words of shape (images, rows), and what
answers them: ``answers`` of shape (images,) and ``hidden``, codes of shape (images, rows, cells).
``DIGITS_LSTM_CLOCKS`` names one for the clocks from one answer to the next, or to the only one.
"""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge

STALLED_IMAGES = 2
"""Images that are driven with gaps and stalls."""


class Bench:
    """Drives rows, and compares states and answers as they come."""

    def __init__(self, dut: Any, images: int | None = None) -> None:
        with np.load(os.environ["DIGITS_LSTM_WORDS"]) as arrays:
            self.rows, self.answers, self.hidden = (
                arrays[name][:images].ravel().tolist() for name in ("rows", "answers", "hidden")
            )
        self.dut, self.edge = dut, RisingEdge(dut.clk)

    async def start(self) -> None:
        """Start the clock, and reset for one period."""
        self.dut.row_valid.value, self.dut.answer_ready.value, self.dut.rst.value = 0, 0, 1
        Clock(self.dut.clk, 10, unit="ns").start()
        await self.edge
        self.dut.rst.value = 0

    async def drive(self, offers: Callable[[], bool], takes: Callable[[], bool]) -> list[int]:
        """Offer rows and take answers when these say so; return the clocks at which answers were taken."""
        dut, states, sent, taken, offering = self.dut, 0, 0, list[int](), False
        clock = 0
        while len(taken) < len(self.answers):
            if not offering and sent < len(self.rows) and offers():
                offering, dut.row_payload.value = True, self.rows[sent]
            taking = takes()
            dut.row_valid.value, dut.answer_ready.value = offering, taking
            await self.edge
            clock += 1
            assert clock < 20_000 * len(self.answers), f"{len(taken)} answers in {clock} clocks"
            if dut.hidden_valid.value:
                found = dut.hidden_payload.value.to_signed()
                assert found == self.hidden[states], f"state {states} is {found}, not {self.hidden[states]}"
                states += 1
            if offering and dut.row_ready.value:
                sent, offering = sent + 1, False
            if taking and dut.answer_valid.value:
                found, expected = int(dut.answer_payload.value), self.answers[len(taken)]
                assert found == expected, f"answer {len(taken)} is {found:#x}, not {expected:#x}"
                taken.append(clock)
        assert states == len(self.hidden)
        return taken


@cocotb.test()
async def full_speed(dut: Any) -> None:
    """All images without a gap have the states and answers of the model."""
    bench = Bench(dut)
    await bench.start()
    taken = await bench.drive(lambda: True, lambda: True)
    Path(os.environ["DIGITS_LSTM_CLOCKS"]).write_text(str(taken[-1] - sum(taken[-2:-1])))


@cocotb.test()
async def stalls(dut: Any) -> None:
    """Random gaps between rows, and answers that wait, change nothing."""
    bench, random = Bench(dut, STALLED_IMAGES), Random(1)
    await bench.start()
    await bench.drive(lambda: random.random() < 1 / 500, lambda: random.random() < 1 / 8000)
