"""What sliders do, to look at: five pictures from end to end for each, in one file.

film_strips(model, kept, Path("strips.png"))
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan.kinds.table import canvas_of, kind_of
from gan.latents.choices import SLIDER_END
from gan.latents.directions import draw
from gan.store.files import whole_file
from gan.store.grids import grid
from gan.studio.library.sliders import Kept

_STRIP = 192  # pixels that a word in a film strip is wide
_SHOWN = 3  # pictures in a film strip


def film_strips(model, kept: Kept, path: Path, shown: int = _SHOWN) -> None:
    """Five pictures for each slider from end to end, for the first pictures of the model side by side, as a PNG."""
    generator = model.generator
    size = canvas_of(generator).within(_STRIP)
    z, c = draw(generator, shown)
    rows = []
    with torch.no_grad():
        w, middle = generator.mapping(z, c), generator.center(c)
        w = middle + model.config.psi * (w - middle)
        for i in range(len(kept.names)):
            for some in range(shown):
                amounts = torch.zeros(5, len(kept.names))
                amounts[:, i] = torch.linspace(-SLIDER_END, SLIDER_END, 5)
                x = generator.synthesis(kept.directions.apply(w[some : some + 1].expand(5, -1, -1), amounts))
                rows.append(kind_of(generator).draw(generator, x, size))
    pixels = np.concatenate(rows)
    with whole_file(path) as part:
        Image.fromarray(grid(pixels, 5 * shown, gap=1)).save(part, "PNG")
