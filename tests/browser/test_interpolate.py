"""Interpolate, as a person uses it: keyframes, the film they make, and its files."""

import io
import subprocess
import zipfile

import imageio_ffmpeg
import pytest
from PIL import Image

from gan.studio.film_formats import film_formats
from gan.studio.png_recipes import read_recipe
from gan.studio.recipes import Recipe

TITLES = {"webp": "Animated WebP", "gif": "GIF", "mp4": "MP4", "zip": "PNG frames"}


@pytest.fixture
def tab(me):
    """Interpolate, opened, with nothing pinned."""
    me.click("tab-interpolate-button")
    me.page.locator("#film").wait_for()
    return me


@pytest.fixture
def film(tab):
    """A film from seed 1 over 2 to 3 and back, four steps each."""
    tab.box("steps").fill("4")
    tab.page.locator("#add-seeds input, #add-seeds textarea").fill("1, 2-3")
    tab.click("do-add").until("studio.pins.list.length === 3")
    return frames(tab, 12)


_MADE = """count => {
  const {film} = studio;
  return film.key === JSON.stringify(film.plan()) && film.frames.length === count && !film.playing
    && document.getElementById("film-progress").hidden
    && document.getElementById("film-caption").textContent.startsWith(`Frame 1 of ${count}`)
    && document.querySelectorAll("#strip button").length === Math.min(12, count);
}"""
_SHOWN = """i => {
  const c = document.getElementById("film"), seen = look.pixels(c);
  const wanted = look.scaled(studio.film.frames[i], c.width, c.height, true);
  return seen.every((v, k) => Math.abs(v - wanted[k]) <= 2);
}"""


def frames(me, count: int):
    """Wait until the film of these keyframes and settings has so many frames, all painted, and shows the first."""
    me.until(_MADE, arg=count)
    return me


def caption(me, words: str):
    me.until("words => document.getElementById('film-caption').textContent.includes(words)", arg=words)


def at(me, index: int):
    """Wait until the film shows this frame: its number, its slider and its pixels."""
    me.until(
        "i => studio.film.at === i && document.querySelector('#scrub input[type=range]').valueAsNumber === i + 1", index
    )
    assert me.page.evaluate(_SHOWN, index)


def test_straight_and_spherical_side_by_side(film):
    film.page.locator("#ways summary").click()
    film.until("document.getElementById('ways-told').textContent.includes('Half way')")
    strips = [[film.pixels(f"#way-{way} canvas", i).astype(int) for i in range(7)] for way in ("linear", "spherical")]
    assert all((strips[0][i] == strips[1][i]).all() for i in (0, 6))  # the ends are the same pictures
    assert abs(strips[0][3] - strips[1][3]).mean() > 0.5
    film.accessible()


def seeds(me) -> list[int]:
    return [pin.get("seed", 0) for pin in me.page.evaluate("studio.pins.list")]


def test_without_keyframes_there_is_an_example_and_one_alone_is_none(tab):
    frames(tab, 3 * 24)
    assert "an example" in tab.page.locator("#keyframes").inner_text() and seeds(tab) == []
    for index, seed in enumerate((0, 1, 2)):
        tab.box("scrub").fill(str(24 * index + 1))
        at(tab, 24 * index)
        assert tab.shows("#film", 0, {"model": "cats", "psi": 0.8, "seed": seed}, smooth=True)
    with tab.page.expect_response("**/studio/film"):
        tab.click("do-add-random")
    tab.until("document.querySelectorAll('#keyframes .pin').length === 3")
    frames(tab, 3 * 24)
    assert len(seeds(tab)) == 3 and tab.alert.is_hidden()
    tab.click("do-clear").until("document.querySelectorAll('#keyframes .pin').length === 0")
    frames(tab, 3 * 24)
    _wrong_seeds_stay_in_the_box_under_a_sentence(tab)
    caption(tab, "at least two pictures")
    tab.click("do-play").click("do-make")
    tab.page.locator(".toast-body").get_by_text("2 to 64 keyframes").wait_for()
    assert tab.page.locator("#strip button").count() == 0


def test_pins_of_explore_are_the_keyframes(me):
    for _ in range(2):
        me.click("do-pin").click("do-next").painted()
    me.click("tab-interpolate-button")
    frames(me, 48)
    assert me.shows("#film", 0, {"model": "cats", "psi": 0.8}, smooth=True)
    me.page.locator("#keyframes").get_by_role("button", name="Open pin 2", exact=True).click()
    me.until_recipe(seed=1)
    assert me.page.locator("#picture").is_visible()


def test_the_film_passes_through_its_keyframes(film):
    for index, seed in ((0, 1), (4, 2), (8, 3)):
        film.box("scrub").fill(str(index + 1))
        at(film, index)
        assert film.shows("#film", 0, {"model": "cats", "psi": 0.8, "seed": seed}, smooth=True)
    film.slider("scrub").press("ArrowRight")
    at(film, 9)
    film.slider("scrub").press("End")
    at(film, 11)
    film.page.locator("#strip button").nth(5).click()
    at(film, 5)
    assert film.page.locator("#strip button").nth(5).get_attribute("aria-label") == "Frame 6 of 12"
    _keyframes_can_be_moved_and_removed(film)


def _wrong_seeds_stay_in_the_box_under_a_sentence(tab) -> None:
    box = tab.page.locator("#add-seeds input, #add-seeds textarea")
    for typed, words in (
        ("3, x", "not seeds"),
        ("0-100000", "64 pins"),
        ("5-", "not seeds"),
        ("0-4294967295", "64 pins"),
        ("-1", "not seeds"),
        ("0-60,1,2,3,4", "64 pins"),
        ("4294967296", "not seeds"),
        ("1-65", "64 pins"),
        ("9-3", "not seeds"),
    ):
        box.fill(typed)
        box.press("Enter")
        tab.told(words)
        assert box.input_value() == typed and seeds(tab) == []
    box.fill("4, 4")
    box.press("Enter")
    tab.until("document.getElementById('alert').hidden && studio.pins.list.length === 1")
    assert box.input_value() == "" and seeds(tab) == [4]


def _keyframes_can_be_moved_and_removed(film) -> None:
    press = film.page.locator("#keyframes")
    press.get_by_role("button", name="Move pin 1 later").click()
    film.until("studio.pins.list[0].seed === 2")
    frames(film, 12)
    assert seeds(film) == [2, 1, 3] and film.shows("#film", 0, {"model": "cats", "psi": 0.8, "seed": 2}, smooth=True)
    press.get_by_role("button", name="Move pin 3 earlier").click()
    film.until("studio.pins.list[1].seed === 3")
    press.get_by_role("button", name="Remove pin 1", exact=True).click()
    film.until("document.querySelectorAll('#keyframes .pin').length === 2")
    frames(film, 8)
    assert seeds(film) == [3, 1] and film.shows("#keyframes canvas", 0, {"model": "cats", "psi": 0.8, "seed": 3})


def _settings_change_the_film(film) -> None:
    middle = "studio.film.frames.length > 2 && [...studio.film.frames[2].data].join()"
    seen = [film.page.evaluate(middle)]
    for group, choice in (("path", "straight"), ("path", "smooth"), ("easing", "ease in")):
        film.page.locator(f"#{group}").get_by_text(choice, exact=True).click()
        film.until(f"before => {{ const now = {middle}; return now && now !== before; }}", arg=seen[-1])
        frames(film, 12)
        seen.append(film.page.evaluate(middle))
    assert len(set(seen)) == 4
    film.page.locator("#loop input").click()
    frames(film, 9)
    film.box("steps").fill("6")
    frames(film, 13)


def test_it_is_played_and_may_change_meanwhile(film):
    says = "words => document.getElementById('do-play').textContent.trim() === words"  # what it will do
    film.until(says, "Play").click("do-play").until("studio.film.playing && studio.film.at > 2")
    film.until("studio.film.at < 2").until("studio.film.at > 2")  # a loop goes round
    film.until(says, "Pause").click("do-play").until("!studio.film.playing").until(says, "Play")
    caption(film, " · 0.5 s at 24 frames per second")
    at(film, film.page.evaluate("studio.film.at"))
    film.click("do-play").until("studio.film.playing && studio.film.at > 2")
    film.box("steps").fill("5")
    film.until("studio.film.frames.length === 15 && document.getElementById('film-progress').hidden")
    film.until("studio.film.at > 2 || !studio.film.playing")
    if film.page.evaluate("studio.film.playing"):
        film.click("do-play")
    at(film, film.page.evaluate("studio.film.at"))
    film.click("do-play").until("studio.film.playing").click("do-clear").until("!studio.film.playing")


def test_each_model_has_its_own_pins(film):
    film.click("tab-explore-button").choose("model", "digits").until_recipe(model="digits").rested()
    film.until("studio.pins.list.length === 0")
    film.click("do-pin").until("studio.pins.list.length === 1")
    film.click("tab-interpolate-button")
    caption(film, "at least two pictures")
    film.click("tab-explore-button").choose("model", "cats").until_recipe(model="cats")
    film.click("tab-interpolate-button")
    frames(film, 12)
    assert seeds(film) == [1, 2, 3]


def test_every_format_makes_a_file_that_opens_and_settings_change_the_film(film):
    offered = [option.strip() for option in film.page.locator("#format label").all_inner_texts()]
    assert offered == [TITLES[kind] for kind in film_formats()]
    film.box("fps").fill("12")
    for kind in film_formats():
        film.page.locator("#format").get_by_text(TITLES[kind], exact=True).click()
        film.click("do-make")
        link = film.page.locator(f"#film-file a[href$='film.{kind}']").first
        data = film.page.request.get(link.get_attribute("href")).body()
        READ[kind](data)
    _settings_change_the_film(film)


def _animation(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.n_frames == 12 and opened.size == (256, 256)
        total = 0
        for number in range(12):
            opened.seek(number)
            opened.load()
            total += opened.info["duration"]
        assert total == pytest.approx(1000, abs=30)


def _video(data: bytes) -> None:
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-loglevel",
        "error",
        "-i",
        "pipe:0",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray",
        "pipe:1",
    ]
    raw = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    assert len(raw) == 12 * 256 * 256


def _frames(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"{number:05}.png" for number in range(12)]
        for number, seed in ((0, 1), (4, 2), (8, 3)):
            assert read_recipe(archive.read(f"{number:05}.png")) == Recipe("cats", seed=seed, psi=0.8)
        assert Image.open(archive.open("00005.png")).size == (256, 256)


READ = {"webp": _animation, "gif": _animation, "mp4": _video, "zip": _frames}
