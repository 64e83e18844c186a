"""What the static page of a model says, in every language that there is."""

from gan.locales import Locale
from gan.messages import as_message, say
from gan.store.model_config import ModelConfig

_SHARED = (
    *("class", "one_class", "copied", "copy", "copy_failed", "dice", "end", "language", "licence", "made_of", "next"),
    *(
        "mix",
        "mix_coarse",
        "mix_fine",
        "mix_first",
        "mix_info",
        "mix_second",
        "pause",
        "picture_alt",
        "play",
        "previous",
    ),
    *("psi", "psi_info", "reset", "save", "seed", "seed_info", "skip"),
)
_OWN = {
    "loading": say("Fetching the network ..."),
    "directions": say("Directions"),
    "directions_info": say("What the network was found to have learnt; 0 is the picture as it is."),
    "direction": say("Direction {n}"),
    "second": say("Seed of the second picture"),
    "film": say("Film"),
    "film_info": say("From this picture to another seed and back."),
    "film_to": say("Seed at the other end"),
    "film_place": say("Place in the film"),
    "here": say("The network runs in your browser: nothing you do here is sent anywhere."),
    "made_with": say("Made with GAN Studio"),
    "no_simd": say("This browser cannot run the network: it lacks WebAssembly SIMD. Update it, or try another one."),
    "broken": say("This model's samples hold values that are not numbers: its training broke down."),
    "not_here": say(
        "The network could not be fetched. Pages like this one are opened from a web server, not from a file: "
        "python -m http.server in its folder is one."
    ),
}


UNTITLED = say("A generator")


def texts_of(config: ModelConfig, classes: list[str], directions: list[str], locale: Locale) -> dict:
    """The words of the page and what the model says of itself, in one language."""
    told = {name: as_message(getattr(config, name)) for name in ("title", "summary", "licence", "data", "origin")}
    return {
        "name": locale.name,
        "words": {key: locale.word(key) for key in _SHARED} | locale.translated(_OWN),
        **locale.translated(told | {"title": told["title"] or UNTITLED}),
        "classes": [locale.translated(name) for name in classes],
        "directions": [locale.translated(say(name)) if name else "" for name in directions],
    }
