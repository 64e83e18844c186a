"""Train: pictures, a plan with its price, and the run itself, which static/train/train.js follows.

Runs are made by worker processes and live in folders; this tab only shows them. Gradio's components are the frame, and
the scripts fill it: what they ask for goes through train_routes.py, past Gradio's queue.
"""

import gradio as gr

from gan.studio.runs.presets import PRESETS
from gan.ui.parts import markup, script, sync_button, tool

SIDES = (32, 64, 128)

_RUNS = '<div id="runs" class="runs"></div>'
_DROP = """
<label id="drop" class="drop" for="pictures-input">
  <span id="drop-words"></span>
  <input id="pictures-input" class="unseen" type="file" multiple
    accept="image/*,.heic,.heif,.zip,.npz,.txt,.wav,audio/wav">
  <input id="folder-input" type="file" webkitdirectory hidden>
</label>
<div id="upload-told" class="quiet" aria-live="polite"></div>
<progress id="upload-progress" max="1" value="0" hidden></progress>"""
_EXAMPLES = '<div id="examples" class="examples" role="group"></div>'
_REPORT = """
<div id="report" hidden>
  <ul id="findings" class="findings"></ul>
  <figure><figcaption id="sheet-title" class="quiet"></figcaption><img id="set-sheet" alt=""></figure>
  <label class="check"><input id="sheet-augmented" type="checkbox"> <span id="sheet-augmented-words"></span></label>
  <details id="more-data" class="more" hidden>
    <summary></summary><div id="more-data-body" class="more-data"></div>
  </details>
</div>"""
_PLAN = '<p id="budget" class="budget" aria-live="polite"></p>'
# A Gradio accordion has no insides before it is opened; these are filled before.
_KNOBS = '<details id="train-expert" class="more"><summary></summary><div id="knobs" class="knobs"></div></details>'
_HEAD = """
<header class="run-head"><h2 id="run-title" tabindex="-1"></h2><span id="run-status" class="chip"></span></header>
<p id="run-facts" class="quiet" aria-live="off"></p>
<progress id="run-progress" max="1" value="0"></progress>
<p id="run-told" aria-live="polite"></p>
<p id="run-pictures" class="quiet"></p>"""
_GRID = """
<div class="stage">
  <canvas id="grid" width="64" height="64" role="img" tabindex="0"></canvas>
  <div class="scrub">
    <input id="moment" type="range" min="0" max="0" value="0" step="1">
    <button id="live" type="button" class="mini wide"></button>
  </div>
  <p id="grid-caption" class="quiet" aria-live="off"></p>
  <p id="grid-words" aria-live="off" hidden></p>
</div>
<div id="doctor" class="doctor" role="status">
  <p id="doctor-words"></p>
  <button id="remedy" type="button" class="act" hidden></button>
</div>"""
_CURVES = '<div id="curves" class="curves"></div>'
_CHANGE = """
<details id="change" class="more gone"><summary></summary><p id="change-info" class="quiet"></p>
<div id="change-knobs" class="knobs"></div><button id="do-change" type="button" class="act"></button></details>"""
_SCORES = """
<h3 id="scores-title"></h3><p id="scores-info" class="quiet"></p><div id="scores-panel" class="scores panel"></div>"""
_PUBLISH = '<section id="run-publish" class="panel publish" hidden></section>'
_TIME = """
<h3 id="before-title"></h3><div id="before-after" class="tiles strip pairs"></div>
<h3 id="through-title"></h3><div id="through" class="tiles strip"></div>
<h3 id="beside-title"></h3>
<div class="beside">
  <div>
    <canvas id="beside-a" width="64" height="64" role="img"></canvas>
    <input id="beside-a-moment" type="range" min="0" max="0" value="0">
    <p id="beside-a-words" class="quiet"></p>
  </div>
  <div>
    <canvas id="beside-b" width="64" height="64" role="img"></canvas>
    <input id="beside-b-moment" type="range" min="0" max="0" value="0">
    <p id="beside-b-words" class="quiet"></p>
  </div>
</div>"""


def build(words, can_publish: bool) -> None:
    """The tab. Ids of components are the scripts' way to find them; where nobody can publish there is no place for
    that."""
    markup(_RUNS)
    with gr.Column(elem_id="train-new"):
        gr.Markdown(words("train_info"), elem_classes="quiet")
        with gr.Row(elem_classes="two"):
            with gr.Column(elem_classes="left"):
                _pictures(words)
            with gr.Column():
                _plan(words)
    with gr.Column(elem_id="train-run"):
        _run(words, can_publish)


def without(words) -> None:
    """The tab where runs cannot be made."""
    gr.Markdown(words("train_not_here"))


def _pictures(words) -> None:
    gr.Markdown(words("step_pictures"), elem_classes="step")
    markup(_DROP)
    with gr.Row(elem_classes="tools"):
        tool(words, "choose_pictures", "choosePictures", variant="primary")
        tool(words, "choose_folder", "chooseFolder")
        tool(words, "clear_pictures", "clearPictures")
    markup(_EXAMPLES)
    with gr.Accordion(words("more_pictures"), open=False, elem_id="elsewhere"):
        with gr.Row(equal_height=True):
            dataset = gr.Textbox(
                label=words("dataset"),
                info=words("dataset_info"),
                placeholder="user/name",
                max_lines=1,
                elem_id="dataset",
                scale=4,
            )
            load = gr.Button(words("load"), elem_id="do-dataset", scale=1, min_width=80, size="sm")
        with gr.Row(equal_height=True):
            source = gr.Dropdown(
                [],
                label=words("model_pictures"),
                info=words("model_pictures_info"),
                interactive=True,
                elem_id="source-model",
                scale=4,
            )
            draw = gr.Button(words("draw"), elem_id="do-draw", scale=1, min_width=80, size="sm")
    markup(_REPORT)
    for event in (load.click, dataset.submit):
        event(None, [dataset], None, js=script("takeDataset"))
    draw.click(None, [source], None, js=script("takeModel"))
    sync_button("sync-sources", [source], "sourceUpdate")


def _plan(words) -> None:
    gr.Markdown(words("step_base"), elem_classes="step")
    with gr.Group():
        base = gr.Dropdown([], label=words("base"), info=words("base_info"), interactive=True, elem_id="base")
        side = gr.Radio(
            [(f"{side}", side) for side in SIDES],
            label=words("train_side"),
            info=words("train_side_info"),
            visible=False,
            interactive=True,
            elem_id="train-side",
        )
        markup('<p id="base-note" class="quiet inside"></p>')
    gr.Markdown(words("step_long"), elem_classes="step")
    with gr.Group():
        preset = gr.Radio(
            [(words(f"preset_{name}"), name) for name in PRESETS],
            value="quick",
            label=words("preset"),
            info=words("preset_info"),
            interactive=True,
            elem_id="preset",
        )
        title = gr.Textbox(
            label=words("run_name"), info=words("run_name_info"), max_lines=1, max_length=100, elem_id="run-name"
        )
    markup(_KNOBS)
    markup(_PLAN)
    start = gr.Button(words("start"), variant="primary", elem_id="do-start")
    base.input(None, [base], None, js=script("chooseBase"))
    side.input(None, [side], None, js=script("chooseSide"))
    preset.input(None, [preset], None, js=script("choosePreset"))
    start.click(None, [title], None, js=script("startRun"))
    sync_button("sync-base", [base, side], "baseUpdates")


def _run(words, can_publish: bool) -> None:
    markup(_HEAD, elem_id="run-head")
    with gr.Row(elem_classes="tools", elem_id="run-tools"):
        for key, call in (
            ("run_pause", "pauseRun"),
            ("run_resume", "resumeRun"),
            ("run_stop", "stopRun"),
            ("run_continue", "continueRun"),
            ("run_explore", "exploreRun"),
            ("run_download", "downloadRun"),
            ("run_page", "takeRunPage"),
            ("run_publish", "publishRun"),
            ("run_branch", "branchRun"),
            ("run_link", "copyRunLink"),
            ("run_delete", "deleteRun"),
        ):
            if can_publish or key != "run_publish":
                tool(words, key, call, variant="primary" if key == "run_explore" else "secondary")
    if can_publish:
        markup(_PUBLISH, elem_id="run-publish-place")
    with gr.Row(elem_classes="two", elem_id="run-two"):
        with gr.Column(elem_classes="left"):
            markup(_GRID, elem_id="grid-stage")
        with gr.Column():
            markup(_CURVES)
            markup(_CHANGE)
    markup(_SCORES, elem_id="run-scores")
    markup(_TIME, elem_id="time-machine")
