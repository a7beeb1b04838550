import wave

import numpy as np
import pytest

from examples.vad.speech import babble, read_wav


def test_a_seed_gives_the_same_samples():
    samples = babble(1.5)
    assert (samples.shape, samples.dtype) == ((24000,), np.float32)
    assert 0.05 < abs(samples).max() < 1
    np.testing.assert_array_equal(samples, babble(1.5))
    assert (samples != babble(1.5, seed=2)).any()


def write(path, rate=16000):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.array([0, 16384, -32768], "<i2").tobytes())


def test_a_recording_is_read(tmp_path):
    write(tmp_path / "a.wav")
    assert read_wav(tmp_path / "a.wav").tolist() == [0, 0.5, -1]


def test_other_recordings_are_refused(tmp_path):
    write(tmp_path / "a.wav", rate=8000)
    with pytest.raises(ValueError, match=r"a\.wav has 1 channels, 16 bits and 8000 Hz; give 1, 16 and 16000"):
        read_wav(tmp_path / "a.wav")
    (tmp_path / "b.wav").write_text("text")
    with pytest.raises(ValueError, match=r"b\.wav is no WAV file"):
        read_wav(tmp_path / "b.wav")
