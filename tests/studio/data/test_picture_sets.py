"""Sets of training pictures: received in parts, read in a thread, looked at, bounded, and each its owner's alone."""

import asyncio
import contextvars
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from coroutines import finished

from gan.errors import NO_SET, StudioError
from gan.studio.data import picture_sets as module
from gan.studio.data import set_room
from gan.studio.data import upload_limits as tally
from gan.studio.data.picture_sets import PictureSets
from gan.studio.data.set_records import NO_PICTURES
from gan.studio.png_recipes import png_bytes
from gan.studio.visitors import comes_from

ANN, BOB = "ann-" + "a" * 16, "bob-" + "b" * 16


@pytest.fixture
def sets(tmp_path):
    return PictureSets(tmp_path / "sets")


def picture(seed: int = 0, side: int = 20) -> bytes:
    return png_bytes(np.random.RandomState(seed).randint(0, 256, (side, side, 3), dtype=np.uint8))


def give(sets: PictureSets, id: str, name: str, data: bytes, visitor: str | None = ANN, parts: int = 3) -> int:
    async def stream():
        size = max(1, len(data) // parts)
        for at in range(0, len(data), size):
            yield data[at : at + size]

    return finished(sets.receive(id, visitor, name, stream()))


def read(sets: PictureSets, id: str, side: int = 16, channels: int = 3, reader=None) -> dict:
    """Read the set to the end and say how it went."""
    sets.read(id, ANN, side, channels, reader)
    for thread in threading.enumerate():
        if thread.name == "pictures":
            thread.join(30)
    return sets.about(id, ANN)


def filled(sets: PictureSets, count: int = 3) -> str:
    id = sets.new(ANN)
    for i in range(count):
        give(sets, id, f"cat {i}.png", picture(i))
    return id


def test_what_nobody_could_begin_to_read_is_read_again(sets, monkeypatch):
    id = filled(sets)

    def none_left(thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none_left)
        with pytest.raises(RuntimeError):
            sets.read(id, ANN, 16, 3)
    assert read(sets, id)["status"] == "ready"


def test_one_address_has_a_part_of_the_room(tmp_path, monkeypatch):
    """Whoever makes up tokens makes room by their own sets, not by others'."""
    monkeypatch.setattr(set_room, "MOST_OF_ADDRESS", 3)
    sets = PictureSets(tmp_path)
    honest = sets.new("honest-" + "h" * 16)
    asking = contextvars.copy_context()
    asking.run(comes_from, "192.0.2.7")
    made = [asking.run(sets.new, f"made-up-{i:016d}") for i in range(6)]
    kept = {path.name for path in tmp_path.iterdir()}
    assert honest in kept and len(kept & set(made)) == 3 and made[-1] in kept


def test_files_become_pictures_and_a_report(sets):
    id = filled(sets)
    assert sets.about(id, ANN) == {"status": "empty"}
    told = read(sets, id)
    assert told["status"] == "ready" and told["report"]["count"] == 3 and told["report"]["side"] == 16
    data, report = sets.data(id, ANN)
    images = np.load(data)["images"]
    assert images.shape == (3, 16, 16, 3) and report.count == 3
    sheet = sets.sheet(id, ANN)
    assert sheet.dtype == np.uint8 and np.array_equal(sheet[:16, :16], images[0])
    assert not np.array_equal(sets.sheet(id, ANN, ("brightness",)), sheet)


def test_another_size_is_read_from_the_same_files(sets):
    id = filled(sets)
    read(sets, id, 16)
    give(sets, id, "one more.png", picture(9))
    told = read(sets, id, 8, 1)
    assert (told["report"]["side"], told["report"]["channels"], told["report"]["count"]) == (8, 1, 4)
    assert np.load(sets.data(id, ANN)[0])["images"].shape == (4, 8, 8, 1)


def test_names_are_told_and_never_paths(sets):
    id = sets.new(ANN)
    for name in ("../../etc/passwd.png", "/etc/passwd", "a\0b.png", "x" * 5000, "\u202egnp.exe", ""):
        give(sets, id, name, b"no picture")
    give(sets, id, "good.png", picture())
    told = read(sets, id)
    assert told["status"] == "ready" and told["report"]["count"] == 1 and told["report"]["broken"] == 6
    assert any("passwd" in name for name, _ in told["report"]["broken_files"])
    kept = {path.name for path in (sets.root / id / "in").iterdir()}
    assert kept == {f"{i:06d}" for i in range(1, 8)}
    assert sorted(path.name for path in sets.root.iterdir()) == [id]


def test_a_zip_is_read_by_its_own_name(sets, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../out.png", picture(1))
        archive.writestr("two.png", picture(2))
    id = sets.new(ANN)
    give(sets, id, "cats.zip", (tmp_path / "a.zip").read_bytes())
    give(sets, id, "torn.zip", (tmp_path / "a.zip").read_bytes()[:40])
    told = read(sets, id)["report"]
    assert told["count"] == 2 and told["broken_files"] == [
        ["torn.zip", "torn.zip cannot be unpacked. Make the zip anew."]
    ]


def test_what_cannot_be_read_says_why(sets):
    id = sets.new(ANN)
    give(sets, id, "note.doc", b"hello")
    told = read(sets, id)
    assert told["status"] == "failed" and told["error"].startswith("None of the files is a picture")
    with pytest.raises(StudioError, match="not ready yet. None of the files"):
        sets.data(id, ANN)
    give(sets, id, "cat.png", picture())
    assert read(sets, id)["status"] == "ready"


def test_a_reader_that_breaks_off_leaves_a_sentence(sets):
    def broken(into, side, channels, tell, turn):
        tell(5)
        raise StudioError("The Hub went away.", "Try again.")

    assert read(sets, sets.new(ANN, "the Hub"), reader=broken) == {
        "status": "failed",
        "error": "The Hub went away. Try again.",
    }


class Slow:
    """A reader that fetches until `fetched` is set, then takes its turn and reads until `done` is."""

    def __init__(self):
        self.fetching, self.fetched, self.reading, self.done = (threading.Event() for _ in range(4))

    def __call__(self, into, side, channels, tell, turn):
        tell(2, "fetching")
        self.fetching.set()
        assert self.fetched.wait(30)
        with turn:
            self.reading.set()
            assert self.done.wait(30)
        raise StudioError("Enough.")


def test_one_reading_at_a_time_and_how_far_it_is(sets):
    id, other, slow = filled(sets), filled(sets), Slow()
    sets.read(id, ANN, 16, 3, slow)
    assert slow.fetching.wait(30) and sets.about(id, ANN) == {"status": "reading", "done": 2, "words": "fetching"}
    with pytest.raises(StudioError, match="being read already"):
        sets.read(id, ANN, 16, 3)
    slow.fetched.set()
    assert slow.reading.wait(30)
    sets.read(other, ANN, 16, 3)
    waiting = {"status": "reading", "done": 0, "words": "Waiting: others are read first."}
    until = time.monotonic() + 30
    while sets.about(other, ANN) != waiting:
        assert time.monotonic() < until, sets.about(other, ANN)
    slow.done.set()
    assert read(sets, sets.new(ANN))["status"] == "failed"  # no files
    assert sets.about(other, ANN)["status"] == "ready" and sets.about(id, ANN)["error"] == "Enough."


def test_one_address_has_so_many_read_at_once(sets, monkeypatch):
    monkeypatch.setattr(module, "MOST_READ", 1)
    slow, others = Slow(), [filled(sets), filled(sets)]
    asking = contextvars.copy_context()
    asking.run(comes_from, "192.0.2.7")
    asking.run(sets.read, others[0], ANN, 16, 3, slow)
    with pytest.raises(StudioError, match="Many sets from your address"):
        asking.run(sets.read, others[1], ANN, 16, 3)
    sets.read(others[1], ANN, 16, 3)  # from somewhere else
    slow.fetched.set(), slow.done.set()
    read(sets, sets.new(ANN))  # until all threads are over
    asking.run(sets.read, others[1], ANN, 16, 3)
    read(sets, sets.new(ANN))
    assert sets.about(others[1], ANN)["status"] == "ready"


def test_nobody_waits_while_others_fetch(sets):
    id, slow = sets.new(ANN), Slow()
    sets.read(id, ANN, 16, 3, slow)
    assert slow.fetching.wait(30)
    other = filled(sets)
    sets.read(other, ANN, 16, 3)
    until = time.monotonic() + 30
    while sets.about(other, ANN)["status"] == "reading":
        assert time.monotonic() < until
    assert sets.about(other, ANN)["status"] == "ready" and sets.about(id, ANN)["status"] == "reading"
    slow.fetched.set(), slow.done.set()
    read(sets, sets.new(ANN))  # until all threads are over


def test_a_set_is_its_owners(sets):
    id = filled(sets)
    read(sets, id)
    for act in (
        lambda: sets.about(id, BOB),
        lambda: sets.data(id, BOB),
        lambda: sets.read(id, BOB, 8, 3),
        lambda: give(sets, id, "x.png", b"", BOB),
        lambda: sets.sheet(id, BOB),
    ):
        with pytest.raises(StudioError, match="somebody else's"):
            act()
    assert sets.about(id, None)["status"] == "ready"  # whoever runs the app
    assert ANN not in (sets.root / id / "set.json").read_text()
    for wrong in ("", "../" + id, "a" * 24, None, 7):
        with pytest.raises(StudioError, match="no longer kept") as caught:
            sets.about(wrong, ANN)
        assert caught.value.code == NO_SET


def test_too_much_is_refused_and_nothing_of_it_stays(sets, monkeypatch):
    monkeypatch.setattr(tally, "MOST_BYTES", 10_000)
    id = filled(sets, 1)
    with pytest.raises(StudioError, match="more than 0 GB"):
        give(sets, id, "huge.png", b"x" * 20_000)
    assert len(list((sets.root / id / "in").iterdir())) == 1
    assert give(sets, id, "small.png", b"x" * 5_000) == 2  # what was refused takes no room
    monkeypatch.setattr(tally, "MOST_FILES", 2)
    with pytest.raises(StudioError, match="more than 2 files"):
        give(sets, id, "third.png", b"x")


@pytest.mark.parametrize("end", [ConnectionResetError("gone"), asyncio.CancelledError(), ValueError("whatever")])
def test_a_file_that_does_not_arrive_whole_leaves_nothing(sets, monkeypatch, end):
    async def stream():
        yield b"x" * 8_000
        raise end

    monkeypatch.setattr(tally, "MOST_BYTES", 10_000)
    id = filled(sets, 1)
    for _ in range(3):
        with pytest.raises((StudioError, type(end))):
            finished(sets.receive(id, ANN, "half.png", stream()))
    assert len(list((sets.root / id / "in").iterdir())) == len(sets.files(id, ANN)) == 1
    assert give(sets, id, "small.png", b"x" * 5_000) == 2


def test_no_number_is_used_twice_after_a_restart(sets, monkeypatch):
    id = filled(sets, 1)
    monkeypatch.setattr(tally, "MOST_BYTES", 10_000)
    with pytest.raises(StudioError):
        give(sets, id, "huge.png", b"x" * 20_000)
    give(sets, id, "second.png", b"second")
    again = PictureSets(sets.root)
    assert give(again, id, "third.png", b"third") == 3
    assert [(path.read_bytes(), name) for path, name in again.files(id, ANN)][1:] == [
        (b"second", "second.png"),
        (b"third", "third.png"),
    ]


def test_receiving_keeps_nobody_from_the_event_loop(sets):
    """While another thread has the lock, the loop goes on."""
    id = filled(sets, 1)
    freed = []

    def free() -> None:
        if not freed:
            sets._lock.release()
        freed.append(True)

    async def parts():
        yield b"x"

    async def both() -> bool:
        task = asyncio.create_task(sets.receive(id, ANN, "x.png", parts()))
        await asyncio.sleep(0)
        went_on = not freed
        free()
        await task
        return went_on

    sets._lock.acquire()
    guard = threading.Timer(5, free)  # else a loop that waits would wait for ever
    guard.start()
    try:
        assert finished(both())
    finally:
        guard.cancel()


def test_sets_are_removed_without_the_lock(sets, monkeypatch):
    remove, locked = module.shutil.rmtree, []

    def seen(path, **how):
        locked.append(sets._lock.locked())
        remove(path, **how)

    monkeypatch.setattr(module.shutil, "rmtree", seen)
    for _ in range(set_room.MOST_OF_ONE + 2):
        sets.new(ANN)
    assert locked == [False, False] and len(list(sets.root.iterdir())) == set_room.MOST_OF_ONE


def aged(sets: PictureSets, id: str, seconds: float) -> str:
    """The set, as if it had been touched last so long ago."""
    os.utime(sets.root / id, 2 * (time.time() - seconds,))
    return id


def test_a_set_that_is_used_stays(sets):
    id = filled(sets)
    read(sets, id)
    aged(sets, id, set_room.OLDEST + 10)
    sets.data(id, ANN)
    sets.new(BOB)
    assert sets.about(id, ANN)["status"] == "ready"


def test_strangers_take_no_fresh_sets_away(sets, monkeypatch):
    monkeypatch.setattr(set_room, "MOST_SETS", 3)
    old, *fresh = [sets.new(f"visitor {i}") for i in range(3)]
    with pytest.raises(StudioError, match="Too many people are giving data just now"):
        sets.new(BOB)
    assert {path.name for path in sets.root.iterdir()} == {old, *fresh}
    aged(sets, old, set_room.FRESH + 10)
    bobs = sets.new(BOB)
    assert {path.name for path in sets.root.iterdir()} == {bobs, *fresh}


def test_old_sets_go_and_nobody_keeps_many(sets, monkeypatch):
    old = filled(sets, 1)
    before = time.time() - set_room.OLDEST - 10
    os.utime(sets.root / old, (before, before))
    mine = [sets.new(ANN) for _ in range(set_room.MOST_OF_ONE + 2)]
    bobs = sets.new(BOB)
    kept = {path.name for path in sets.root.iterdir()}
    assert old not in kept and bobs in kept and len(kept & set(mine)) == set_room.MOST_OF_ONE


def test_many_sets_at_once_of_one_who_may_keep_few(sets):
    """Whoever comes late finds the set whole, or hears that it is gone."""

    def use(i: int) -> str:
        id = sets.new(ANN)
        try:
            give(sets, id, "cat.png", picture(i))
            sets.source(id, ANN)
            return sets.about(id, ANN)["status"]
        except StudioError as error:
            return error.message

    with ThreadPoolExecutor(32) as pool:
        told = set(pool.map(use, range(200)))
    assert "empty" in told and told <= {"empty", "What you gave is no longer kept here."}
    assert len(list(sets.root.iterdir())) == set_room.MOST_OF_ONE


def test_a_set_outlives_the_app(sets):
    id = filled(sets)
    read(sets, id)
    again = PictureSets(sets.root)
    assert again.about(id, ANN)["status"] == "ready"
    give(again, id, "fourth.png", picture(4))
    assert [name for _, name in again.files(id, ANN)][-1] == "fourth.png" and len(again.files(id, ANN)) == 4


def test_text_files_alone_are_words(sets):
    """Read into a list, looked at as words; beside pictures a text is what it was."""
    id = sets.new(ANN)
    words = [f"{a}{b}{c}" for a in "bcdf" for b in "aeiou" for c in "lmnr"]
    give(sets, id, "first.txt", "\n".join(words[:50]).encode())
    give(sets, id, "Second.TXT", "\n".join([*words[40:], "ça"]).encode())
    told = read(sets, id, *NO_PICTURES)
    assert told["status"] == "ready" and told["report"]["makes"] == "text" and told["report"]["count"] == 80
    assert "80 different words" in told["report"]["sentences"][0]
    path, report = sets.data(id, ANN)
    assert path.read_text().split() == words and report.outside == 1 and report.twice == 10
    assert sets.sheet(id, ANN).shape == (9 * 54, 4 * 240, 3)
    give(sets, id, "cat.png", picture())
    told = read(sets, id)
    assert told["report"]["count"] == 1 and told["report"]["broken"] == 2


def test_pictures_for_a_base_of_words_are_refused(sets):
    told = read(sets, filled(sets), *NO_PICTURES)
    assert told["status"] == "failed" and "This base makes words, and these are pictures" in told["error"]
