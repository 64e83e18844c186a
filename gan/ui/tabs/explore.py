"""Explore: one large picture, its neighbours, and the sliders that move it.

The components are Gradio's own; the scripts in static/ listen to them and paint: everything that moves goes through the
routes, past Gradio's queue.
"""

import gradio as gr

from gan.field_metadata import table
from gan.studio.library.library import Library
from gan.studio.recipes import Recipe
from gan.ui.parts import live_slider, markup, script, sync_button, tool
from gan.ui.tabs import per_layer as layers

DIRECTIONS = table(Recipe)["directions"].most
LATENTS = 16  # sliders on one page of the expert panel

_STAGE = """
<div class="stage">
  <canvas id="picture" width="64" height="64" role="img"></canvas>
  <div id="drag-layer" hidden>
    <svg aria-hidden="true">
      <mask id="drag-out"><rect width="100%" height="100%" fill="white"/><line class="drag-way" stroke="black"/></mask>
      <mask id="drag-rim"><line class="drag-way" stroke="white"/><line class="drag-way less" stroke="black"/></mask>
      <rect class="drag-outside" width="100%" height="100%" mask="url(#drag-out)"/>
      <rect class="drag-edge" width="100%" height="100%" mask="url(#drag-rim)"/>
      <line class="drag-pull"/>
    </svg>
    <button id="drag-handle" class="drag-point" type="button"></button>
    <button id="drag-target" class="drag-point" type="button"></button>
  </div>
  <p id="reads" aria-live="polite" hidden></p>
  <div id="hears" hidden><canvas id="wave" role="img"></canvas></div>
  <p id="caption" class="quiet" aria-live="polite"></p>
</div>"""
_SEEK = """
<div id="seek" hidden><img id="seek-picture" alt=""><div><p class="quiet">
<span id="seek-words" role="status"></span> <span id="seek-news"></span></p>
<progress id="seek-progress" max="1" aria-labelledby="seek-words"></progress></div>
<button id="seek-stop" class="act" type="button"></button></div>
<div id="relatives" class="acts" hidden></div>"""
_DRAG = """
<div id="drag" hidden><p class="quiet">
<span id="drag-words" role="status"></span> <span id="drag-news"></span></p>
<progress id="drag-progress" max="1" aria-labelledby="drag-words"></progress>
<label id="drag-room"><span id="drag-room-words" class="quiet"></span>
<input id="drag-radius" type="range" step="1"></label>
<button id="drag-end" class="act" type="button"></button></div>"""
_NEARBY = '<div id="nearby" class="tiles small"></div>'
_CLASSES = """
<section id="all-classes" class="all-classes" hidden aria-labelledby="classes-title">
  <h2 id="classes-title" class="head"></h2><div id="classes" class="tiles"></div>
</section>"""
_BASE_PAIRS = '<div id="base-pairs" class="base-pairs" hidden></div>'
_STRIPS = '<label class="quiet"><input type="checkbox" id="strips-switch"> <span id="strips-words"></span></label>'
_PINS = '<div id="pins" class="tiles small"></div>'
_SHEET = '<div id="sheet" class="tiles"></div>'
_SEED = """
<div id="seed-range" class="live"><span id="seed-low" class="quiet" aria-hidden="true"></span>
<input id="seed-slider" type="range" min="0" max="999" value="0" step="1">
<span id="seed-high" class="quiet" aria-hidden="true"></span></div>"""
_TIME = """
<div id="time" class="live time"><label id="time-label" for="time-slider" class="quiet"></label>
<output id="time-step"></output>
<input id="time-slider" type="range" min="0" max="0" value="0" step="1"></div>"""
_CARD = '<div id="card" class="quiet"></div>'


def build(words, library: Library) -> None:
    """The tab. Ids of components are the scripts' way to find them."""
    with gr.Row(elem_id="two"):
        with gr.Column(elem_id="left"):
            _picture(words)
        with gr.Column(elem_id="right"):
            _model(words, library)
            _training(words)
            _basics(words, library.describe(library.first))
            _directions(words)
            _expert(words)  # one click away, and not below everything else
            markup('<div id="own-body"></div>', elem_id="own-sliders")
            layers.build_mix(words)
            layers.build_layers(words)
        with gr.Column(elem_id="below"):  # beside the picture, too: a click there changes it
            markup(_CLASSES)
            _sheet(words)
            markup('<details id="atlas"></details>', elem_id="atlas-place")


def _picture(words) -> None:
    markup(_STAGE, elem_id="stage")
    with gr.Row(elem_classes="tools"):
        tool(words, "undo", "undo")
        tool(words, "redo", "redo")
        tool(words, "reset", "reset")
        tool(words, "pin", "pin", variant="primary")
    with gr.Row(elem_classes="tools"):
        tool(words, "save", "save")
        tool(words, "copy", "copy")
        tool(words, "open", "chooseFile")
        tool(words, "seek", "chooseOwn")
        tool(words, "drag", "dragPoint")
    markup(_DRAG, elem_id="drag-place")
    markup(_SEEK, elem_id="seek-place")
    gr.Markdown(words("nearby_info"), elem_classes="head")
    markup(_NEARBY)
    gr.Markdown(words("pins"), elem_classes="head")
    markup(_PINS)
    markup('<details id="present"></details>', elem_id="present-place")


def _model(words, library: Library) -> None:
    with gr.Group():
        with gr.Row(elem_id="model-row", elem_classes="tools"):
            model = gr.Dropdown(
                library.names(), value=library.first, label=words("model"), interactive=True, elem_id="model", scale=1
            )
            tool(words, "more_models", "moreModels", scale=0)
        markup(_CARD)
    model.input(None, [model], None, js=script("chooseModel"))
    sync_button("sync-model", [model], "modelUpdate")


def _training(words) -> None:
    """What only models have that were trained on from another: that one, to compare with and to blend; a run's time."""
    low, high, step = -0.5, 1.5, 0.05  # see Recipe.blend
    with gr.Column(elem_id="time-panel", elem_classes="gone"), gr.Group():  # a Group would put its id in two places
        markup(_TIME)
    with gr.Column(elem_id="blend-panel", elem_classes="gone"), gr.Group():
        live_slider("blend", words("blend"), low, high, 1, step, info=words("blend_info"))
        with gr.Row():
            for i, name in enumerate(("coarse", "middle", "fine")):
                live_slider(f"blend{i}", words(f"blend_{name}"), low, high, 1, step, min_width=120)
        markup(_BASE_PAIRS, elem_id="base-pairs-place")


def _basics(words, first: dict) -> None:
    """`first`: the model that the page opens with, so that nothing moves when the scripts fill this."""
    knobs = table(Recipe)
    with gr.Group():
        with gr.Row(elem_classes="tools seed-row"):
            gr.Number(
                0,
                label=words("seed"),
                info=words("seed_info"),
                minimum=knobs["seed"].low,
                maximum=knobs["seed"].high,
                precision=0,
                interactive=True,
                elem_id="seed",
                min_width=140,
            )
            label = gr.Dropdown(
                [],
                label=words("class"),
                visible=bool(first["classes"]),
                interactive=True,
                elem_id="class",
                min_width=100,
            )
        markup(_SEED, elem_id="seed-place")
        with gr.Row(elem_classes="tools"):
            tool(words, "previous", "previousSeed")
            tool(words, "next", "nextSeed")
            tool(words, "dice", "dice", variant="primary")
        psi = knobs["psi"]
        live_slider("psi", words("psi"), psi.low, psi.high, psi.default, psi.step, info=words("psi_info"))
        noise = gr.Radio(
            [(words(f"noise_{kind}"), kind) for kind in knobs["noise"].choices],
            value=knobs["noise"].default,
            label=words("noise"),
            visible=first["noise"],
            interactive=True,
            elem_id="noise",
        )
    label.input(None, [label], None, js=script("chooseClass"))
    noise.input(None, [noise], None, js=script("chooseNoise"))
    sync_button("sync-pickers", [label, noise], "pickerUpdates")


def _directions(words) -> None:
    knob = table(Recipe)["directions"]
    with gr.Group(elem_id="directions"):
        with gr.Row(elem_id="directions-head"):
            gr.Markdown(words("directions_info"), elem_classes="head quiet inside")
            markup(_STRIPS, min_width=100)
        sliders = []
        for i in range(DIRECTIONS):
            with gr.Row(elem_classes="direction", elem_id=f"direction{i}", equal_height=True):
                markup(_end(i, "minus"), min_width=44)
                sliders.append(
                    live_slider(f"d{i}", words(f"direction_{i + 1}"), knob.low, knob.high, 0, knob.step, min_width=120)
                )
                markup(_end(i, "plus"), min_width=44)
                markup(f'<div class="film-strip" id="strip-d{i}" role="group"></div>')
    sync_button("sync-directions", sliders, "directionUpdates")


def _end(i: int, side: str) -> str:
    """The small picture at one end of a direction's slider: a button that goes there."""
    return f'<button class="end" id="end{i}-{side}" type="button"><canvas></canvas></button>'


def _expert(words) -> None:
    with gr.Accordion(words("expert"), open=False, elem_id="expert") as panel:
        gr.Markdown(words("expert_info"), elem_classes="quiet")
        with gr.Row(elem_classes="tools"):
            tool(words, "page_before", "pageBefore")
            markup('<div id="page-of" class="quiet"></div>', min_width=100)
            tool(words, "page_after", "pageAfter")
        with gr.Row(elem_id="latents"):
            sliders = [live_slider(f"z{i}", f"z[{i}]", -4, 4, 0, 0.01, min_width=120) for i in range(LATENTS)]
    panel.expand(None, None, None, js=script("openExpert"))
    panel.collapse(None, None, None, js=script("closeExpert"))
    sync_button("sync-latents", sliders, "latentUpdates")


def _sheet(words) -> None:
    gr.Markdown(words("sheet_info"), elem_classes="head")
    markup(_SHEET)
    with gr.Row(elem_classes="tools"):
        tool(words, "sheet_back", "sheetBack")
        tool(words, "sheet_more", "sheetMore")
        tool(words, "sheet_png", "sheetPng")
        tool(words, "sheet_zip", "sheetZip")
