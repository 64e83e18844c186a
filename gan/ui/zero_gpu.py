"""ZeroGPU: a Space of the Hub whose graphics card is lent to a function at a time, as a share of whoever asked.

Pictures are painted on the processor. A run is played in turns, and the page of whoever started it asks for one after
the other, as Gradio's events: that is how the Hub knows whose share it is. Elsewhere nothing of this is there.
"""

import json
import os
from collections.abc import Callable

import gradio as gr

from gan.messages import say
from gan.studio.runs.device_names import is_lent
from gan.studio.runs.supervisor import Refused
from gan.studio.runs.worker.lent import play_turn, seconds_of
from gan.studio.runs.workshop import Workshop
from gan.ui.parts import PRIVATE, script, sentences

_BROKE_OFF = ("worker error", "aborted")  # of a card that had been lent

Turn = Callable[[str], object]


def borrowed_turn() -> Turn | None:
    """One turn of a run in a process that has a card for it; None where none is lent. Call it before the page is
    launched: the Hub wants to hear of such functions when a Space starts."""
    if not is_lent(os.environ):
        return None
    import spaces

    lent = spaces.GPU(duration=seconds_of)(play_turn)

    def turn(folder: str) -> None:
        """Raises Refused with the Hub's words where it lends no card."""
        try:
            lent(folder)
        except gr.Error as error:
            said = " ".join(filter(None, (str(getattr(error, "title", "")), str(error.message))))
            if any(word in said.lower() for word in _BROKE_OFF):
                raise Refused(say("The turn on the card broke off. The Hub says: {said}", said=said[:500])) from error
            raise Refused(say("No graphics card was lent. The Hub says: {said}", said=said[:500])) from error

    return turn


def build_turns(workshop: Workshop, turn: Turn) -> None:
    """A button that nobody sees: the scripts press it when a run of this visitor's waits for its next turn."""
    asked = gr.Textbox(visible="hidden", elem_id="turn-asked")
    button = gr.Button("turn", visible="hidden", elem_id="take-turn")

    @sentences
    def take_turn(told: str) -> None:
        values = json.loads(told)
        workshop.take_turn(str(values["run"]), str(values["visitor"]), turn)

    taken = button.click(take_turn, [asked], None, js=script("turnAsked"), show_progress="hidden", **PRIVATE)
    taken.then(None, None, None, js=script("turnOver"))
