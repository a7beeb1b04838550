"""A signal that sounds like speech to a detector: syllables of hisses and vowels, with pauses."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16000
VOWELS = np.array([(730, 1090, 2440), (270, 2290, 3010), (530, 1840, 2480), (570, 840, 2410), (300, 870, 2240)])
"""Formants of five vowels in Hz: G. Peterson and H. Barney, Control methods used in a study of the vowels, 1952."""
BANDWIDTHS, WEIGHTS = (80, 100, 140), (1, 0.6, 0.3)
"""Of each formant, in Hz and relative to the first."""


def babble(seconds: float, seed: int = 1) -> NDArray[np.float32]:
    """Return samples between -1 and 1, 16,000 a second; a seed gives the same ones every time."""
    random = np.random.default_rng(seed)
    parts: list[NDArray[np.float64]] = []
    while sum(map(len, parts)) < seconds * RATE:
        for _ in range(random.integers(4, 10)):
            parts += [_hiss(random), _vowel(random)]
        parts.append(np.zeros(int(random.uniform(0.3, 1) * RATE)))
    samples = np.concatenate(parts)[: int(seconds * RATE)]
    return (samples + 0.002 * random.standard_normal(len(samples))).astype(np.float32)


def _hiss(random: np.random.Generator) -> NDArray[np.float64]:
    noise = np.diff(random.standard_normal(int(random.uniform(0.03, 0.08) * RATE)))
    return 0.03 * noise * np.hanning(len(noise))


def _vowel(random: np.random.Generator) -> NDArray[np.float64]:
    """Return harmonics of a falling pitch that are as strong as the formants, which glide, make them."""
    count = int(random.uniform(0.1, 0.25) * RATE)
    time = np.linspace(0, 1, count)
    pitch = random.uniform(100, 180) * (1.1 - 0.2 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    first, last = VOWELS[random.integers(0, len(VOWELS), 2)]
    formants = first[:, None] + (last - first)[:, None] * time
    sound = np.zeros(count)
    for harmonic in range(1, 35):
        away = [(harmonic * pitch - f) / b for f, b in zip(formants, BANDWIDTHS, strict=True)]
        strength = sum(w / (1 + x**2) for w, x in zip(WEIGHTS, away, strict=True))
        sound += strength * np.sin(harmonic * phase) / harmonic**0.5
    return 0.15 * sound * np.sin(np.pi * time) ** 0.5


def read_wav(path: Path) -> NDArray[np.float32]:
    """Return the samples of a recording, between -1 and 1.

    Raises
    ------
    ValueError
        If the file is no WAV file of one channel, 16 bits and 16,000 samples a second.

    """
    try:
        with wave.open(str(path)) as file:
            kind = file.getnchannels(), file.getsampwidth(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path} is no WAV file: {error}") from None
    if kind != (1, 2, RATE):
        channels, size, rate = kind
        raise ValueError(f"{path} has {channels} channels, {8 * size} bits and {rate} Hz; give 1, 16 and {RATE}")
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
