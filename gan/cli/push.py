"""`gan push`: a model, or a page of it, goes to the Hugging Face Hub."""

from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources, on_disk
from gan.cli.speech import tell
from gan.export.space import publish_space
from gan.messages import say
from gan.studio.hub.publish import Publisher
from gan.studio.publishing.publish import Order, publish


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
