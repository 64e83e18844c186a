"""What a generator makes at once, and what is made of it: pictures, texts or sounds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.kinds.kind import Canvas
from gan.kinds.table import kind_of
from gan.networks.contract import Generator, Noise
from gan.studio.picture_sizes import resize, shown_size

Part = tuple[Sequence[int], np.ndarray]
"""Pictures that were painted together, and which of the asked ones they are."""


@dataclass(frozen=True)
class Batch:
    """What a generator makes at once, from w (n, num_ws, w_dim). `generator` may be a blend."""

    generator: Generator
    w: Tensor
    noise: Noise
    canvas: Canvas
    pixel_art: bool


@torch.inference_mode()
def paint(batch: Batch, size: int | None) -> np.ndarray:
    """uint8 (n, height, width, 3 or 4), in the `size` asked for."""
    wanted = shown_size(batch.canvas, size)
    pixels = kind_of(batch.generator).draw(batch.generator, _samples(batch), wanted)
    return resize(pixels, wanted, batch.pixel_art)


def assemble(parts: Sequence[Part], count: int) -> np.ndarray:
    """`count` pictures of one size in the order in which they were asked for: uint8 (count, height, width, 3 or 4).
    Where only some have transparency, the others are opaque."""
    if len(parts) == 1:
        return parts[0][1]
    channels = max(pictures.shape[3] for _, pictures in parts)
    whole = np.full((count, *parts[0][1].shape[1:3], channels), 255, dtype=np.uint8)
    for rows, pictures in parts:
        whole[rows, ..., : pictures.shape[3]] = pictures
    return whole


@torch.inference_mode()
def read(batch: Batch) -> list[str]:
    """What the samples read."""
    text_of = kind_of(batch.generator).read
    if text_of is None:
        raise StudioError("This model's samples are no text.", "Choose a model of words.")
    return text_of(batch.generator, _samples(batch))


@torch.inference_mode()
def hear(batch: Batch) -> np.ndarray:
    """The samples as sounds (n, samples). One at a time: phases are found step by step, so that what a batch changes in
    the last digit could be heard; and it takes no longer."""
    sound_of = kind_of(batch.generator).hear
    if sound_of is None:
        raise StudioError("This model's samples are no sounds.", "Choose a model of sounds.")
    return torch.cat([sound_of(batch.generator, _samples(replace(batch, w=w))) for w in batch.w.split(1)]).cpu().numpy()


def _samples(batch: Batch) -> Tensor:
    """x (n, *image_shape). Raises StudioError for what is no number."""
    x = batch.generator.synthesis(batch.w, batch.noise).float()
    if not math.isfinite(x.sum()):
        raise StudioError(
            "This model's samples hold values that are not numbers: its training broke down.",
            "Choose an earlier step of it, or another model.",
        )
    return x
