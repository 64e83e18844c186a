"""Publish a model on the Hugging Face Hub, with its card, pictures, settings and scores; private unless you say so."""

from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources, on_disk
from gan.cli.speech import tell
from gan.export.space import publish_space
from gan.messages import say
from gan.studio.hub.licences import AS_BASE, LICENCES
from gan.studio.hub.publish import Publisher
from gan.studio.publishing.publish import Order, publish


def add_options(parser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = f"Licences: {', '.join([*LICENCES, AS_BASE])}. Who pushes: HF_TOKEN, or `hf auth login`."
    parser.add_argument("model", metavar="MODEL", help="a run, a model's folder, or the name of a bundled model")
    parser.add_argument("repo", metavar="USER/REPO", help="its repository on the Hub, new or pushed to before")
    parser.add_argument("--public", action="store_true", help="everybody may see it (default: only you)")
    parser.add_argument(
        "--licence",
        "--license",
        default="",
        metavar="NAME",
        help="under which terms it may be used (default: those of the model it was trained on from)",
    )
    parser.add_argument(
        "--space", action="store_true", help="push a page where anybody can try it, as a static Space, not the model"
    )
    parser.add_argument("--message", default="", metavar="TEXT", help="what the commit says")


def act(sources: CommandSources, model: str, repo: str, public: bool, licence: str, space: bool, message: str) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    publisher = Publisher(endpoint=sources.models.hub.endpoint)
    with ProgressBar() as bar:
        order = Order(on_disk(sources.models, model), None, repo, public, licence.lower(), message)
        pushed = (publish_space if space else publish)(sources.models, order, publisher, bar.show)
    seen = say("everybody can see it") if public else say("only you can see it")
    tell(say("{url}: {what}, {seen}", url=pushed.url, what=_what(pushed.created), seen=seen))


def _what(created: bool) -> str:
    return say("created") if created else say("updated")
