"""Publishing a model: what may be chosen, and the push itself.

about(models, "cats")                  # {"choices": [...], "terms": "CC BY 4.0 ...", ...}: nothing is asked of the Hub
publish(models, Order("cats", repo="ada/cats", licence="cc-by-4.0"), Publisher("hf_..."), progress)
"""

import datetime
from dataclasses import dataclass
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.hf_api import ModelInfo, SpaceInfo

from gan.errors import StudioError
from gan.messages import listed, say
from gan.store.files import read_table
from gan.store.model_config import CONFIG, MOST_TEXT_BYTES
from gan.studio.hub.client import Progress
from gan.studio.hub.licences import LICENCES, UNKNOWN, check_choice, read_terms, title_of
from gan.studio.hub.publish import Destination, Publisher, Pushed
from gan.studio.hub.refusals import MODEL, check_id
from gan.studio.library.loaded import Models
from gan.studio.publishing.contents import NAMES, files_of
from gan.studio.publishing.provenance import Provenance, provenance

_MOST_MESSAGE = 200  # letters


@dataclass(frozen=True)
class Order:
    """What is to be published, and how. source, revision: the model. repo: user/repo. licence: one of the choices, ""
    for the one that its base leaves. message: what the commit says."""

    source: str
    revision: str | None = None
    repo: str = ""
    public: bool = False
    licence: str = ""
    message: str = ""


def about(models: Models, source: str, revision: str | None = None) -> dict[str, Any]:
    """What a person is to know before they publish. Raises StudioError.

    {"title", "base": what it comes from or "", "terms": what that says, "choices": [{"id", "title"}], "usual": the
    choice that suits best or "", "unsaid": whether nobody has said the terms, so that it can be private only}.
    """
    it = provenance(models, source, revision)
    return {
        "title": it.config.title or it.folder.name,
        "base": it.base,
        "terms": it.terms.words if it.terms else "",
        "choices": [{"id": choice, "title": title_of(choice)} for choice in _choices(it)],
        "usual": _usual(it),
        "unsaid": it.terms is not None and not it.terms.words,
    }


def publish(
    models: Models, order: Order, publisher: Publisher, progress: Progress = lambda fraction, text: None
) -> Pushed:
    """Push the model to its repository on the Hub, with its card, pictures, settings and scores. Raises StudioError,
    before the Hub is asked anything where the licence does not fit."""
    check_id(order.repo)
    it = provenance(models, order.source, order.revision)
    choice = chosen_licence(it, order)
    progress(0.0, say("Putting the files together"))
    files = files_of(models, order.source, order.revision, it, choice, order.repo)
    to = Destination(order.repo, MODEL, private=not order.public)
    return publisher.push(to, files, message_of(order, it), holds_ours, NAMES, progress)


def holds_ours(api: HfApi, info: ModelInfo | SpaceInfo) -> bool:
    """Whether a repository holds a model of GAN Studio."""
    if not any(file.rfilename == CONFIG for file in info.siblings or ()):
        return False
    try:
        return "studio" in read_table(api.hf_hub_download(info.id, CONFIG, revision=info.sha), most=MOST_TEXT_BYTES)
    except StudioError:  # it is no table at all
        return False


def _choices(it: Provenance) -> list[str]:
    if it.terms is None:
        return list(LICENCES)
    return it.terms.choices or [UNKNOWN]


def _usual(it: Provenance) -> str:
    """The choice that suits best, "" where only its owner can say."""
    if it.terms is not None:
        return _choices(it)[0]
    own = read_terms("", it.config.licence).named
    return own[0].id if own else ""


def chosen_licence(it: Provenance, order: Order) -> str:
    """The licence that it is to be under. Raises StudioError where none is said, or where it does not fit what the
    model comes from."""
    choice = order.licence or _usual(it)
    if not choice:
        raise StudioError(
            "It is not said under which licence it is to be published.",
            say("Choose {choices}.", choices=listed(_choices(it), "{before} or {last}")),
        )
    if choice != UNKNOWN:
        check_choice(choice)
    if it.terms is not None:
        it.terms.check(choice, private=not order.public)
    elif choice not in LICENCES:
        raise StudioError(
            say("{title} is nothing that a model trained from scratch can be under.", title=title_of(choice)),
            say("Choose {choices}.", choices=listed(list(LICENCES), "{before} or {last}")),
        )
    return choice


def message_of(order: Order, it: Provenance) -> str:
    """The commit's message: one line."""
    text = " ".join(order.message.split())[:_MOST_MESSAGE]
    if text:
        return text
    step = f", step {it.step}" if it.step is not None else ""
    return f"{it.config.title or 'A model'}{step}, pushed from GAN Studio on {datetime.date.today().isoformat()}"
