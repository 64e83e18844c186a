"""A model's page as a static Space of the Hub: a place where anybody can try it, which costs its owner nothing."""

import copy
import dataclasses
import json
import re
from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.hf_api import ModelInfo, SpaceInfo

from gan.errors import StudioError
from gan.export.web import INDEX, MODEL, WEIGHTS, export_web
from gan.messages import say
from gan.store.files import cannot_read, read_table
from gan.store.model_config import CARD, MOST_TEXT_BYTES
from gan.store.passing import temporary_folder
from gan.studio.hub.client import Progress
from gan.studio.hub.publish import Destination, Publisher, Pushed
from gan.studio.hub.refusals import SPACE, check_id
from gan.studio.library.loaded import Models
from gan.studio.publishing.card import TAGS, licence_words, terms_section
from gan.studio.publishing.provenance import Provenance, provenance
from gan.studio.publishing.publish import Order, chosen_licence, message_of

_OURS = {"family", "shell", "texts"}  # what model.json of a page says, among other things


def publish_space(
    models: Models, order: Order, publisher: Publisher, progress: Progress = lambda fraction, text: None
) -> Pushed:
    """Push the page of a model as a static Space, as publish.publish does the model itself, and under the same terms.
    Raises StudioError, before the Hub is asked anything where no page can paint it, or where the licence does not
    fit."""
    check_id(order.repo, kind=SPACE)
    it = provenance(models, order.source, order.revision)
    choice = chosen_licence(it, order)
    progress(0.0, say("Writing the page"))
    model = copy.copy(models.get(order.source, order.revision))
    model.config = dataclasses.replace(model.config, licence=licence_words(choice, it))
    with temporary_folder() as home:
        files = _files(export_web(model, home / "page"))
        files[CARD] = _card(files[CARD], choice, it).encode()
        to = Destination(order.repo, SPACE, not order.public, "static")
        return publisher.push(to, files, message_of(order, it), holds_page, (), progress)


def holds_page(api: HfApi, info: ModelInfo | SpaceInfo) -> bool:
    """Whether a Space is the page of a model, written here."""
    if not {MODEL, INDEX} <= {file.rfilename for file in info.siblings or ()}:
        return False
    try:
        path = api.hf_hub_download(info.id, MODEL, repo_type=SPACE.name, revision=info.sha)
        return read_table(path, most=MOST_TEXT_BYTES).keys() >= _OURS
    except StudioError:  # it is no table at all
        return False


def _files(folder: Path) -> dict[str, Path | bytes]:
    """{name: what is pushed}: the weights as a file, which is large, and all else as it is, the first page last."""
    paths = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.name == INDEX)
    try:
        return {
            path.relative_to(folder).as_posix(): path if path.name == WEIGHTS else path.read_bytes() for path in paths
        }
    except OSError as error:
        raise cannot_read(folder.name, error) from error


def _card(written: Path | bytes, choice: str, it: Provenance) -> str:
    """README.md of the page, with its licence and where it comes from in the table, and its terms at the end."""
    text = written.decode("utf-8", "replace") if isinstance(written, bytes) else ""
    lines = [f"license: {choice}", f"tags: {json.dumps(list(TAGS))}"]
    lines += [f"models: {json.dumps(list(it.on_hub))}"] if it.on_hub else []
    text = re.sub(r"\nsdk: static\n", lambda found: found[0] + "\n".join(lines) + "\n", text, count=1)
    return f"{text.rstrip()}\n\n{terms_section(choice, it)}"
