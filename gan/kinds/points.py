"""Samples that are points: x (n, k). No picture shows one alone; the lessons draw many of them."""

from typing import NoReturn

from torch import Tensor

from gan.errors import StudioError
from gan.kinds.kind import Kind
from gan.messages import say
from gan.networks.contract import Generator


def _draw(generator: Generator, x: Tensor, size: tuple[int, int]) -> NoReturn:
    raise StudioError("No picture shows a single point.", "Choose a model of pictures.")


POINTS = Kind("points", say("points"), lambda n: say("{n:,} points", n=n), lambda generator: None, _draw)
