"""Large pictures in a process of their own: the same pixels and the same sentences as in the app's."""

import io
import os
import signal

import numpy as np
import pytest
from PIL import Image

from gan.errors import StudioError
from gan.studio.data import unpacking
from gan.studio.data.pictures import decode_seen, pixels_of
from gan.studio.data.unpacking import Unpacker


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (height // 4, width // 4, 3), np.uint8)
    Image.fromarray(pixels).resize((width, height)).save(file, "PNG", compress_level=1)
    return file.getvalue()


def test_what_a_file_says_of_its_size():
    assert pixels_of(png(40, 20)) == 800
    assert pixels_of(b"no picture") == pixels_of(png(40, 20)[:20]) == 0


def test_large_pictures_come_out_as_small_ones_do_and_an_end_of_the_process_is_a_sentence():
    large, small = png(2000, 1200), png(40, 20)
    with Unpacker() as unpacker:
        assert np.array_equal(unpacker.decode_seen(small, "a.png", 16, 3)[0], decode_seen(small, "a.png", 16, 3)[0])
        assert unpacker._process is None  # no process for what is small
        pixels, seen = unpacker.decode_seen(large, "b.png", 16, 3)
        assert np.array_equal(pixels, decode_seen(large, "b.png", 16, 3)[0])
        assert (seen.width, seen.height) == (2000, 1200)
        with pytest.raises(StudioError, match="c.png is not a picture") as told:
            unpacker.decode_seen(large[: len(large) // 2], "c.png", 16, 3)
        with pytest.raises(StudioError) as here:
            decode_seen(large[: len(large) // 2], "c.png", 16, 3)
        assert told.value.said == here.value.said and told.value.message.template == here.value.message.template
        os.kill(unpacker._process.pid, signal.SIGKILL)
        with pytest.raises(StudioError, match="d.png could not be unpacked"):
            unpacker.decode_seen(large, "d.png", 16, 3)
        assert len(unpacker.decode_seen(large, "e.png", 16, 3)[0]) == 16  # and another process goes on
        process = unpacker._process
    assert not process.is_alive() and unpacker._process is None


def test_the_process_gives_way_to_the_app():
    with Unpacker() as unpacker:
        unpacker.decode_seen(png(2000, 1200), "a.png", 16, 3)
        process = unpacker._process
        lowest = min(19, os.getpriority(os.PRIO_PROCESS, 0) + unpacking._NICE)
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == lowest
