"""WAV files as people have them."""

import io
import struct
import wave

import numpy as np
import pytest

from gan.errors import StudioError
from gan.networks.spectrograms import RATE
from gan.studio.data.wav_reader import at_rate, read_wav


def tone(rate: int = RATE, seconds: float = 0.2, hertz: float = 440.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)).astype(np.float32)


def riff(kind: int, channels: int, rate: int, bits: int, body: bytes, extra: bytes = b"") -> bytes:
    """By the format's description: WAVE_FORMAT chunks as Microsoft has them."""
    block = bits // 8 * channels
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * block, block, bits) + extra
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"LIST\x03\0\0\0abc\0"
    chunks += b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def by_python(width: int, values: np.ndarray) -> bytes:
    """As Python's own module writes it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(width)
        out.setframerate(44_100)
        if width == 1:
            out.writeframes((values * 127 + 128).round().astype(np.uint8).tobytes())
        elif width == 3:
            whole = (values * (2**23 - 1)).round().astype("<i4")
            out.writeframes(whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
        else:
            out.writeframes((values * (2 ** (8 * width - 1) - 1)).round().astype(f"<i{width}").tobytes())
    return file.getvalue()


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_whole_numbers(width):
    found = read_wav(by_python(width, tone(44_100)), "a.wav")
    assert found.rate == 44_100 and found.channels == 1 and not found.clipped and not found.cut
    assert np.abs(found.samples - tone(44_100)).max() < 2 / 2 ** (8 * width - 1)


@pytest.mark.parametrize(
    "extra", [b"", struct.pack("<HHIH", 22, 32, 0, 3) + b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"]
)
def test_floating_point_and_channels(extra):
    both = np.stack([tone(), np.zeros_like(tone())], axis=1)
    found = read_wav(riff(0xFFFE if extra else 3, 2, RATE, 32, both.tobytes(), extra), "a.wav")
    assert found.channels == 2 and np.allclose(found.samples, tone() / 2, atol=1e-6)


def test_waves_that_are_cut_off():
    assert read_wav(by_python(2, np.clip(tone(44_100) * 4, -1, 1)), "a.wav").clipped
    assert read_wav(by_python(1, np.clip(tone(44_100) * 4, -1, 1)), "a.wav").clipped
    assert read_wav(by_python(2, np.clip(tone(44_100, hertz=55) * 3, -1, 1)), "a.wav").clipped
    assert not read_wav(by_python(2, tone(44_100) * 2), "a.wav").clipped


@pytest.mark.parametrize("width", [1, 2, 3])
def test_the_flat_top_of_a_deep_tone_is_not_cut_off(width):
    assert not read_wav(by_python(width, tone(44_100, hertz=40) * 2), "a.wav").clipped
    assert not read_wav(riff(3, 1, RATE, 32, (tone(hertz=300) * 6).tobytes()), "a.wav").clipped


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF0000WAVE",
        b"not a wave at all, but long enough to be one",
        riff(2, 1, RATE, 4, b"1234"),
        riff(1, 0, RATE, 16, b"1234"),
        riff(1, 1, 0, 16, b"1234"),
        riff(1, 1, RATE, 16, b"")[:30],
    ],
)
def test_what_is_no_wav_file(data):
    with pytest.raises(StudioError, match="a.wav is no WAV file that can be read"):
        read_wav(data, "a.wav")
    with pytest.raises(StudioError, match="values that are not numbers"):
        read_wav(riff(3, 1, RATE, 32, np.full(9, np.nan, np.float32).tobytes()), "a.wav")


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 48_000])
def test_another_rate_is_the_same_tone(rate):
    heard = at_rate(tone(rate), rate)
    assert len(heard) == len(tone()) and np.abs(heard - tone())[40:-40].max() < 0.02


def test_tones_that_do_not_fit_are_gone():
    assert np.abs(at_rate(tone(48_000, hertz=10_000), 48_000)[100:-100]).max() < 0.01
