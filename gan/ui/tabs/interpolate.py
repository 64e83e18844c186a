"""Interpolate: pins become keyframes of a film."""

import gradio as gr

from gan.field_metadata import table
from gan.studio.batcher import Batcher
from gan.studio.engine import Engine
from gan.studio.film_formats import film_formats
from gan.studio.library.library import Library
from gan.studio.path_recipes import PathRecipe
from gan.ui.parts import PRIVATE, live_slider, markup, script, sentences, sync_button, tool
from gan.ui.temporary_files import write_film

_FILM = """
<div class="stage">
  <canvas id="film" width="64" height="64" role="img"></canvas>
  <progress id="film-progress" max="1" value="0" hidden></progress>
  <p id="film-caption" class="quiet" aria-live="polite"></p>
  <div id="film-sound" hidden></div>
</div>"""
_STRIP = '<div id="strip" class="tiles strip"></div><ol id="ladder" hidden></ol>'
_KEYFRAMES = '<div id="keyframes" class="tiles"></div>'
_DEFAULTS = table(PathRecipe)


def build(words, library: Library, engine: Engine, batcher: Batcher) -> None:
    """The tab. Ids of components are the scripts' way to find them."""
    with gr.Row(elem_id="film-two", elem_classes="two"):
        with gr.Column(elem_classes="left"):
            with gr.Column(elem_id="film-desk"):  # what stays in sight on a phone: the film and where one is in it
                markup(_FILM, elem_id="film-stage")
                frame = gr.Slider(
                    1,
                    2,
                    1,
                    step=1,
                    label=words("frame"),
                    interactive=True,
                    elem_id="scrub",
                    elem_classes="live",
                    buttons=[],
                )
            with gr.Row(elem_classes="tools"):
                play = tool(words, "play", "play")
            markup(_STRIP)
            markup('<details id="ways"></details>', elem_id="ways-place")
        with gr.Column():
            _keyframes(words)
            way = _settings(words)
            files = _file(words)
            _make(words, library, engine, batcher, files)
    sync_button("sync-scrub", [frame], "scrubUpdate")
    sync_button("sync-film", [*way, *files], "filmUpdates")
    sync_button("sync-play", [play], "playUpdate")


def _keyframes(words) -> None:
    with gr.Group():
        gr.Markdown(words("keyframes"), elem_classes="head inside")
        markup(_KEYFRAMES)
        with gr.Row(elem_classes="tools"):
            tool(words, "add_random", "addRandom", variant="primary")
            tool(words, "clear", "clearPins")
        with gr.Row(equal_height=True):
            seeds = gr.Textbox(
                label=words("add_seeds"), info=words("add_seeds_info"), max_lines=1, elem_id="add-seeds", scale=4
            )
            add = gr.Button(words("add"), elem_id="do-add", scale=1, min_width=80, size="sm")
    for event in (add.click, seeds.submit):
        event(None, [seeds], [seeds], js=script("addSeeds"))


def _settings(words) -> list:
    """-> the components that choose the way, the number of steps last."""
    steps, ways, easings = _DEFAULTS["steps"], _DEFAULTS["path"], _DEFAULTS["easing"]
    with gr.Group():
        count = live_slider("steps", words("steps"), steps.low, 120, steps.default, 1)
        path = gr.Radio(
            [(words(f"path_{way}"), way) for way in ways.choices],
            value=ways.default,
            label=words("path"),
            interactive=True,
            elem_id="path",
        )
        easing = gr.Radio(
            [(words(f"easing_{way}"), way) for way in easings.choices],
            value=easings.default,
            label=words("easing"),
            interactive=True,
            elem_id="easing",
        )
        loop = gr.Checkbox(True, label=words("loop"), info=words("loop_info"), interactive=True, elem_id="loop")
    for part in (path, easing, loop):
        part.input(None, [path, easing, loop], None, js=script("chooseWay"))
    return [path, easing, loop, count]


def _file(words) -> list:
    """-> the components that choose what kind of file it becomes: (kind, frames a second, pixels a side)."""
    with gr.Group():
        kind = gr.Radio(
            [(words(f"format_{name}"), name) for name in film_formats()],
            value="webp",
            label=words("format"),
            interactive=True,
            elem_id="format",
        )
        with gr.Row():
            fps = live_slider("fps", words("fps"), 1, 60, 24, 1, min_width=120)
            side = live_slider("side", words("side"), 64, 1024, 256, 32, min_width=120)
    kind.input(None, [kind], None, js=script("chooseFormat"))
    return [kind, fps, side]


def _make(words, library: Library, engine: Engine, batcher: Batcher, chosen: list) -> None:
    """The button that makes the file. chosen: the components of `_file`."""
    plan = gr.Textbox(visible=False)
    make = gr.Button(words("make"), variant="primary", elem_id="do-make", size="md")
    file = gr.File(label=words("file"), interactive=False, visible=False, height=90, elem_id="film-file")

    @sentences
    def make_file(plan: str, kind: str, fps: float, side: float, progress=gr.Progress()):
        """Write the film that the page shows and offer it for download."""
        path = PathRecipe.from_json(plan)
        library.check(list(path.keyframes))
        model = library.get(path.keyframes[0].model, path.keyframes[0].revision)
        film = write_film(
            engine,
            batcher,
            path,
            kind,
            int(fps),
            int(side),
            model.config.pixel_art,
            lambda done: progress((done, path.frame_count)),
        )
        return gr.update(value=str(film), visible=True)

    make.click(
        make_file,
        [plan, *chosen],
        [file],
        js=script("filmPlan"),
        concurrency_limit=2,
        concurrency_id="film",
        **PRIVATE,
    )
