"""`gan invert`: the latent whose picture comes nearest to one's own, as a PNG that carries its recipe."""

from pathlib import Path

import torch

from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources
from gan.cli.speech import tell
from gan.errors import StudioError
from gan.messages import say


def act(sources: CommandSources, picture: Path, model: str, label: int | None, out: Path, threads: int) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    from gan.store.files import write_bytes
    from gan.studio.engine import Engine
    from gan.studio.inversion import Inversions
    from gan.studio.png_recipes import png_bytes

    if threads < 1:
        raise StudioError("--threads is at least 1.", "Give another number.")
    torch.set_num_threads(threads)
    try:
        data = picture.read_bytes()
    except OSError as error:
        raise StudioError(
            say("{picture} cannot be read: {why}.", picture=picture, why=error.strerror), "Name a picture's file."
        ) from None
    opened = sources.open(model)
    with ProgressBar() as bar:
        for found in Inversions(sources.models).seek(opened.id, opened.revision, data, picture.name, label):
            bar.show(found.done, found.news)
    write_bytes(out, png_bytes(Engine(sources.models).render([found.recipe])[0], found.recipe))
    tell(found.verdict)
    tell(say("{out}: drop it on the page, and every slider moves it.", out=out))
