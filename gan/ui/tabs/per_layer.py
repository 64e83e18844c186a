"""The panels of Explore for models with several layers: mixing two pictures, and each layer by itself.

Their sliders are native ones that static/explore/mix.js and layers.js make: how many there are is the model's affair.
"""

import gradio as gr

from gan.ui.parts import markup, script


def build_mix(words) -> None:
    """Two pictures in one, and the grid of the pins."""
    with (
        gr.Column(elem_id="mix-panel", elem_classes="gone"),
        gr.Accordion(words("mix"), open=False, elem_id="mix") as panel,
    ):
        markup('<div id="mix-body"></div>')
    panel.expand(None, None, None, js=script("openMix"))
    panel.collapse(None, None, None, js=script("closeMix"))


def build_layers(words) -> None:
    """Truncation and noise of each layer."""
    with (
        gr.Column(elem_id="layers-panel", elem_classes="gone"),
        gr.Accordion(words("layers"), open=False, elem_id="layers") as panel,
    ):
        markup('<div id="layers-body"></div>')
    panel.expand(None, None, None, js=script("openLayers"))
    panel.collapse(None, None, None, js=script("closeLayers"))
