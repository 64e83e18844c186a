"""Find a picture of one's own in a model: the latent whose picture comes nearest to it."""

from pathlib import Path

import torch

from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources
from gan.cli.speech import tell
from gan.errors import StudioError
from gan.messages import say


def add_options(parser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="a picture's file: its middle square is taken")
    parser.add_argument("--model", required=True, help="a bundled name, a folder, a run, or user/repo on the Hub")
    parser.add_argument(
        "--class", dest="label", type=int, metavar="N", help="the class that it shows (default: the likeliest)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a PNG, which carries its recipe")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")


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
