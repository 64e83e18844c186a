"""The sliders of one's own in a recipe: name~move~amount for each that is moved."""

from collections.abc import Sequence

from gan.errors import StudioError
from gan.field_metadata import plain, show
from gan.latents.choices import SLIDER_END
from gan.messages import say
from gan.store.own_sliders import OwnSlider


def canonical(values: Sequence[str]) -> tuple[str, ...]:
    """Checked, sorted by what they do, each once, and without those that are not moved. Raises StudioError."""
    moves: dict[str, str] = {}
    for value in values:
        slider, amount = parted(value)
        if slider.move in moves:
            raise StudioError(say("The slider {name} stands there twice.", name=show(slider.name)), "Leave one out.")
        if amount:
            moves[slider.move] = f"{slider.name}~{slider.move}~{_number(amount)}"
    return tuple(moves[move] for move in sorted(moves))


def parted(value: str) -> tuple[OwnSlider, float]:
    """(slider, how far it is moved). Raises StudioError."""
    parts = value.split("~")
    try:
        name, move, text = parts
        amount = float(text)
    except ValueError:
        raise StudioError(say("{value} is no slider.", value=show(value)), "Write name~move~amount.") from None
    slider = OwnSlider(name, move)
    if not -SLIDER_END <= amount <= SLIDER_END:  # which nan does not either
        raise StudioError(
            say("A slider goes from {low} to {high}, not to {amount}.", low=-3, high=3, amount=show(amount)),
            "Choose a value in that range.",
        )
    return slider, amount


def _number(amount: float) -> str:
    """As the page's scripts write it."""
    return plain(amount) if amount == int(amount) else repr(amount)
