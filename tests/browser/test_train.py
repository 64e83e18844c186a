"""Train, before a run: pictures from everywhere, what there is to say of them, and what the run will cost."""

import json
import re
import zipfile

import pytest
from axe import LOOKS
from hostile import zipped
from PIL import Image
from trainee import dots, findings, give, priced, ready, set_knob, sheet, to_train, training_app

from gan.field_metadata import table
from gan.studio.hub.client import Hub
from gan.studio.runs.presets import usual_side
from gan.studio.visitors import digest
from gan.training.config import TrainConfig
from gan.training.more_data import ARMS
from gan.training.more_data_report import MoreDataReport
from gan.training.more_data_settings import MoreDataSettings
from gan.training.styles import KNOBS

_SHEET = "(document.getElementById('set-sheet').dataset.address ?? '')"
# Nobody hears yet of files that are chosen.
_LATER = """() => { const { pictures } = studio.train, listen = pictures.listen.bind(pictures);
  pictures.listen = () => { window.later = listen; }; }"""
# The pixels of the contact sheet, made small.
_LOOK_AT_SHEET = """() => { const canvas = new OffscreenCanvas(50, 50), context = canvas.getContext("2d");
  context.drawImage(document.getElementById("set-sheet"), 0, 0, 50, 50);
  return [...context.getImageData(0, 0, 50, 50).data]; }"""


@pytest.fixture(scope="module")
def app(weights, hub, tmp_path_factory):
    yield from training_app(
        weights, tmp_path_factory.mktemp("runs"), Hub(hub.url, tmp_path_factory.mktemp("cache"), answer=2)
    )


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return dots(tmp_path_factory.mktemp("dots"))


@pytest.fixture
def me(visitor, app, quick_prices):
    return to_train(visitor(app).come())


# Pictures


def test_pictures_that_are_chosen_dropped_zipped_or_in_a_folder(me, pictures, tmp_path):
    """Files come to those that are there already; Clear begins anew."""
    clear = me.page.locator("#do-clear-pictures")
    assert clear.is_disabled() and me.page.locator("#report").is_hidden()
    me.accessible("dark, narrow")
    with me.page.expect_file_chooser() as chooser:
        me.click("do-choose-pictures")
    chooser.value.set_files(pictures[:3])
    ready(me, 3)
    assert "3 different pictures" in findings(me) and "16 x 16" in findings(me)
    me.drop(pictures[3:5], "#drop")
    ready(me, 5)
    me.drop(zipped(tmp_path / "more.zip", {f"in/{p.name}": p.read_bytes() for p in pictures[5:9]}), "#drop")
    ready(me, 9)
    clear.click()
    me.until("document.getElementById('report').hidden")
    assert clear.is_disabled() and me.page.locator("#do-start").is_disabled()
    folder = dots(tmp_path / "folder", 4)[0].parent
    me.drop(folder, "#drop")
    ready(me, 4)
    with me.page.expect_file_chooser() as chooser:
        me.click("do-choose-folder")
    chooser.value.set_files(dots(tmp_path / "other", 6)[0].parent)
    ready(me, 10)
    me.page.locator("#train-expert summary").click()
    me.accessible(*LOOKS)
    assert "6 different pictures" in findings(me) and re.search(r"(dot\d\.png) and \1", findings(me))


def test_pictures_that_are_chosen_before_the_tab_is_ready_are_taken(visitor, app, quick_prices, pictures):
    me = visitor(app).come()
    me.page.evaluate(_LATER)
    me.click("tab-train-button").until("'later' in window")
    me.page.locator("#pictures-input").set_input_files(pictures[:3])
    me.page.evaluate("later()")
    ready(me, 3)
    assert me.page.locator("#do-clear-pictures").is_enabled()


def test_files_that_are_no_pictures(me, pictures, tmp_path):
    """They are named; where nothing can be read one sentence says so, and good pictures go on as if nothing had
    been."""
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    me.drop(tmp_path / "empty.zip", "#drop")
    me.told("no pictures|cannot be read|picture that can be read")
    me.page.locator("#alert").evaluate("e => { e.hidden = true; }")  # the next one is another
    broken, torn = tmp_path / "broken.png", tmp_path / "torn.jpg"
    broken.write_text("no picture")
    torn.write_bytes(b"\xff\xd8\xff\xe0 not much")
    me.page.locator("#pictures-input").set_input_files([broken, torn])
    me.told("None of the files is a picture that can be read")
    assert me.page.locator("#upload-progress").is_hidden() and me.page.locator("#do-start").is_disabled()
    me.page.locator("#pictures-input").set_input_files([broken, *pictures[:6]])
    ready(me, 6)
    assert me.alert.is_hidden() and "broken.png" in findings(me) and "torn.jpg" not in findings(me)


def test_the_sheet_shows_what_the_networks_see(me, pictures):
    give(me, pictures)
    plain = me.page.evaluate(_LOOK_AT_SHEET)
    me.page.locator("#sheet-augmented").check()
    me.until(f"{_SHEET}.includes('augment=brightness')")
    changed = sheet(me).page.evaluate(_LOOK_AT_SHEET)
    assert sum(abs(a - b) for a, b in zip(plain, changed, strict=True)) / len(plain) > 4
    me.page.locator("#train-expert summary").click()
    for name in ("brightness", "contrast", "translation"):
        me.page.locator(f"#knob-augment input[value={name}]").uncheck()
    me.page.locator("#knob-mirror").uncheck()
    me.until(f"{_SHEET}.includes('augment=&') && {_SHEET}.includes('mirror=off')")
    assert sheet(me).page.evaluate(_LOOK_AT_SHEET) == plain


def from_scratch(me, family: str) -> None:
    """Choose no base."""
    me.page.locator("#base input").click()
    me.page.get_by_role("option", name=re.compile(f"From scratch: {family}")).click()


def test_another_base_reads_the_pictures_in_its_size(me, pictures):
    give(me, pictures[:5])
    assert "16 x 16" in findings(me)
    from_scratch(me, "words")
    me.until("document.getElementById('budget').textContent.startsWith('What you gave are pictures')")
    assert me.page.locator("#do-start").is_disabled() and "16 x 16" in findings(me)
    from_scratch(me, "dcgan")
    me.until(f"studio.train.pictures.report?.side === {usual_side()}")
    assert me.page.locator("#train-side input:checked").input_value() == str(usual_side())
    me.page.locator("#train-side label", has_text="128").click()
    me.until("studio.train.pictures.report?.side === 128")
    assert "128 x 128" in findings(me) and me.page.evaluate("studio.train.pictures.report.count") == 5


def test_pictures_of_a_model_and_of_a_dataset_on_the_hub(me, hub, pictures):
    hub.add_repo(
        "datasets/ada/dots", {f"train/{p.name}": p.read_bytes() for p in pictures[:7]} | {"README.md": b"# Dots"}
    )
    me.page.locator("#elsewhere button").first.click()
    me.page.locator("#dataset input, #dataset textarea").fill("ada/nothing")
    with me.expecting_errors("400"):
        me.click("do-dataset")
        me.told("ada/nothing")
    me.page.locator("#dataset input, #dataset textarea").fill("ada/dots")
    me.page.locator("#dataset input, #dataset textarea").press("Enter")
    ready(me, 7)
    assert me.alert.is_hidden()
    me.click("do-draw")
    ready(me, 500)
    from_scratch(me, "mlp")
    me.until(f"studio.train.pictures.report?.side === {usual_side()}")  # drawn anew in its size
    assert me.page.evaluate("studio.train.pictures.report.count") == 500


def test_an_example_brings_what_it_goes_best_with(me):
    me.page.locator("#examples button").first.click()
    ready(me, 6240)
    assert "dcgan" in me.page.locator("#base input").input_value() and "so will all samples be" in findings(me)
    assert me.page.evaluate("[studio.train.plan.key, studio.train.pictures.report.channels]") == ["scratch:dcgan", 1]


# The plan


def test_what_a_run_costs_is_said_before_it_is_started(visitor, app, pictures):
    me = to_train(visitor(app).come())  # which waits for a real trial
    start = me.page.locator("#do-start")
    assert start.is_disabled() and "First give some pictures" in me.page.locator("#budget").inner_text()
    give(me, pictures)
    quick = priced(me)
    assert start.is_enabled() and "300 steps" in quick and f"each of the {len(pictures)} to learn from" in quick
    me.page.locator("#preset label", has_text="Good").click()
    assert "1,200 steps" in priced(me, "1,?200 steps").replace("1200", "1,200")
    assert me.page.locator("#knob-steps").input_value() == "1200"


def test_every_setting_has_a_field_with_its_help(me):
    me.page.locator("#train-expert summary").click()
    for name, knob in table(TrainConfig).items():
        field = me.page.locator(f"#knob-{name}")
        assert field.is_visible() and knob.help in me.page.locator(f"#knob-{name}-help").inner_text(), name
        if knob.low is not None and not knob.many and not knob.choices and knob.kind is not bool:
            assert float(field.get_attribute("min")) == knob.low and float(field.get_attribute("max")) == knob.high, (
                name
            )
    _the_help_says_what_the_choice_does(me)
    _settings_that_need_styles_say_so_without_them(me)


def _the_help_says_what_the_choice_does(me) -> None:
    for name, choice in (("loss", "relativistic"), ("loss", "hinge"), ("penalty", "r1+r2")):
        me.page.locator(f"#knob-{name}").select_option(choice)
        said = me.page.locator(f"#knob-{name}-help").inner_text()
        assert table(TrainConfig)[name].help in said and table(TrainConfig)[name].helps[choice] in said


def _settings_that_need_styles_say_so_without_them(me) -> None:
    """What was typed there for a base with styles is not ordered for one without."""
    set_knob(me, "path_length", 2)
    from_scratch(me, "mlp")
    me.until("document.getElementById('knob-path_length').disabled")
    assert me.page.locator("#knob-path_length").input_value() == "0" and "path_length" not in me.page.evaluate(
        "studio.train.plan.order().train"
    )
    for name in KNOBS:
        assert "needs a generator with styles" in me.page.locator(f"#knob-{name}-help").inner_text(), name
    from_scratch(me, "stylegan2")
    me.until("!document.getElementById('knob-path_length').disabled")
    assert table(TrainConfig)["path_length"].help in me.page.locator("#knob-path_length-help").inner_text()


def test_settings_that_cannot_be_end_in_a_sentence(me, pictures):
    """What was set by hand stays when pictures come; a field that was left without a number that can be shows again
    what holds."""
    set_knob(me, "batch_size", 8)
    for wrong, said in ((99999, "goes from 1 to 4096, not to 99999"), ("", "needs a number")):
        set_knob(me, "batch_size", wrong)
        me.told(f"^Batch size {said}. It is 8 again.$")
        assert me.page.locator("#knob-batch_size").input_value() == "8"
    give(me, pictures[:4])
    priced(me)
    assert me.page.locator("#knob-batch_size").input_value() == "8"


def test_whether_samples_help_is_asked_of_pictures_with_classes(me, app, pictures, tmp_path):
    """What was found out is there again, and stands in bars, numbers and words."""
    give(me, pictures[:4])
    assert me.page.locator("#more-data").is_hidden()
    me.click("do-clear-pictures")
    files = {f"{'dark' if i % 2 else 'light'}/{p.name}": p.read_bytes() for i, p in enumerate(pictures[:8])}
    me.drop(zipped(tmp_path / "classes.zip", files), "#drop")
    ready(me, 8)
    place = app.studio.scores.line.home / digest(me.page.evaluate("studio.server.visitor"))
    place.mkdir(parents=True)
    right = {i: dict(zip(ARMS, (0.5, 0.6, 0.61, 0.7, 0.8 + i / 100), strict=True)) for i in range(5)}
    report = MoreDataReport(MoreDataSettings(), "data.npz", 2, 8, 2, right)
    name = f"more-{me.page.evaluate('studio.train.pictures.id')}"
    Image.new("RGB", (32, 128)).save(place / f"{name}.png")
    (place / f"{name}.json").write_text(json.dumps(report.to_values()))
    me.page.locator("#more-data summary").click()
    me.page.locator("#more-data .bars li").nth(4).wait_for()
    told = me.page.locator("#more-data").inner_text()
    assert (
        "82.0 % ± 2.0" in told
        and "A GAN of the unlabelled pictures, too: helps." in told
        and "Your pictures: 5" in told
    )
    widths = me.page.eval_on_selector_all("#more-data .bar-fill", "bars => bars.map((bar) => bar.offsetWidth)")
    assert widths == sorted(widths) and widths[0] > 0
    me.until("document.querySelector('#more-data img')?.naturalWidth === 32")
    me.accessible("dark, narrow")


def test_pictures_that_come_while_others_are_looked_at(me, pictures):
    """Another base is chosen and more files are given before the first are sent: nothing is lost, and all are read for
    it."""
    me.page.locator("#pictures-input").set_input_files(pictures[:8])
    me.page.locator("#pictures-input").set_input_files(pictures[8:12])
    from_scratch(me, "mlp")
    me.page.locator("#pictures-input").set_input_files(pictures[12:])
    me.until(f"studio.train.pictures.report?.count === 20 && studio.train.pictures.report.side === {usual_side()}")
    assert sheet(me).alert.is_hidden()
