"""The batcher: requests share batches, and none of them can hurt another."""

import contextvars
import math
import threading
from concurrent.futures import CancelledError

import numpy as np
import pytest
from small_models import SmallModels, grey_digits, styled

from gan.errors import StudioError
from gan.studio import fair_shares
from gan.studio.batcher import FILM_PIECE, LONGEST_LINE, SHARED_BATCH, SHARED_PIECE, Batcher
from gan.studio.engine import Engine
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe
from gan.studio.visitors import comes_from

SOON = 30  # seconds before a test gives up


class Door:
    """The real engine behind a door: every batch is noted and waits until the door is open."""

    def __init__(self, engine):
        self.engine, self.batches, self.at_once = engine, [], engine.at_once
        self.open, self.reached = threading.Event(), threading.Event()

    def render(self, recipes, size=None):
        self.batches.append([recipe.seed for recipe in recipes])
        self.reached.set()
        assert self.open.wait(SOON)
        return self.engine.render(recipes, size)


@pytest.fixture(scope="module")
def engine():
    return Engine(
        SmallModels(
            digits=grey_digits(),
            faces=styled(),
            clear=styled(channels=4),
            large=styled(side=512, channel_base=1024),
        )
    )


@pytest.fixture
def door(engine):
    return Door(engine)


@pytest.fixture
def large_door(engine):
    """Opened by the test, before its batcher closes."""
    return Door(engine)


@pytest.fixture
def batcher(door):
    """A batcher that is held up at its first picture, seed 1000, until `door.open` is set."""
    with Batcher(door) as batcher:
        batcher.submit([digit(1000)])
        assert door.reached.wait(SOON)
        yield batcher
        door.open.set()


def digit(seed, **settings):
    return Recipe("digits", seed=seed, **settings)


def test_everyone_gets_their_own_pictures(engine):
    with Batcher(engine) as batcher:
        futures = {seed: batcher.submit([digit(seed), digit(seed + 1)], size=24) for seed in range(20)}
        for seed, future in futures.items():
            expected = engine.render([digit(seed), digit(seed + 1)], size=24)
            assert np.abs(future.result(SOON).astype(int) - expected).max() <= 1


def test_who_waits_together_goes_together(batcher, door):
    futures = [batcher.submit([digit(seed)]) for seed in range(20)]
    door.open.set()
    for future in futures:
        future.result(SOON)
    assert door.batches == [[1000], list(range(16)), list(range(16, 20))]


def test_only_the_same_model_and_size_share(batcher, door):
    def face(seed):
        return Recipe("faces", seed=seed)

    asked = [
        ([digit(1)], None),
        ([face(2)], None),
        ([digit(3)], 24),
        ([face(4), Recipe("clear", seed=5)], 24),
        ([digit(6)], None),
        ([face(7)], None),
        ([digit(8)], 24),
    ]
    futures = [batcher.submit(recipes, size) for recipes, size in asked]
    door.open.set()
    for future in futures:
        future.exception(SOON)
    assert door.batches[1:] == [[2, 7], [1, 6], [3, 8], [4, 5]]  # digits had the first turn already


@pytest.mark.parametrize("steps", [1, 2])
def test_a_long_request_is_painted_in_pieces_after_short_ones(batcher, door, engine, steps):
    """Also one of several steps of a run."""
    recipes = [digit(seed, revision=str(seed % steps)) for seed in range(40)]
    long, short = batcher.submit(recipes), batcher.submit([digit(99)])
    door.open.set()
    assert short.result(SOON).shape == (1, 12, 8, 3)
    assert np.abs(long.result(SOON).astype(int) - engine.render(recipes)).max() <= 1
    assert door.batches[1:] == [[99], list(range(16)), list(range(16, 32)), list(range(32, 40))]


def test_nobody_waits_behind_more_than_one_piece_and_none_waits_forever(engine):
    """Every picture is followed by another wish, as of those who drag, while a long request is under way."""

    class Dragging(Door):
        def render(self, recipes, size=None):
            if len(self.batches) < 8:
                batcher.submit([digit(1000 + len(self.batches))])
            return super().render(recipes, size)

    door = Dragging(engine)
    with Batcher(door) as batcher:
        batcher.submit([digit(1)])
        assert door.reached.wait(SOON)
        long = batcher.submit([digit(seed) for seed in range(40)])
        door.open.set()
        long.result(SOON)
    assert [batch if len(batch) < 3 else len(batch) for batch in door.batches[1:7]] == [
        [1000],
        [1001],
        16,
        [1002, 1003],
        16,
        10,
    ]


def from_(address, ask, *args):
    """As if it were asked from there."""

    def asked():
        comes_from(address)
        return ask(*args)

    return contextvars.copy_context().run(asked)


def test_each_address_has_the_same_share_however_much_it_asks_for(engine):
    """Eve wants 40 pictures in one request and ten times 16 in others, while Ann and Bob drag."""
    others = 24

    class Dragging(Door):
        def render(self, recipes, size=None):
            if len(dragged) < others:
                name = ("ann", "bob")[len(dragged) % 2]
                dragged.append(from_(name, batcher.submit, [digit(1000 + len(dragged))]))
            return super().render(recipes, size)

    door, dragged = Dragging(engine), []
    with Batcher(door) as batcher:
        batcher.submit([digit(999)])
        assert door.reached.wait(SOON)
        greedy = [from_("eve", batcher.submit, [digit(seed) for seed in range(40)])]
        greedy += [from_("eve", batcher.submit, [digit(seed) for seed in range(16)]) for _ in range(10)]
        door.open.set()
        for future in greedy:
            future.result(SOON)
    until = next(i for i, batch in enumerate(door.batches) if 1000 + others - 1 in batch)
    eves = [sum(seed < 100 for seed in batch) for batch in door.batches]
    assert sum(eves[:until]) <= others / 2 + SHARED_PIECE  # Ann and Bob have had half of the others' each
    assert max(eves[1:until]) <= SHARED_PIECE < max(eves)  # in small pieces, and in large ones when they are gone


def test_a_long_request_ends_while_others_of_its_address_and_of_another_drag_on(engine):
    """Whom an address passes over is owed the next turn there, whoever else has turns between."""

    class Dragging(Door):
        def render(self, recipes, size=None):
            if not long.done() and len(dragged) < 1000:
                name = ("ann", "bob")[len(dragged) % 2]
                dragged.append(from_(name, batcher.submit, [digit(1000 + len(dragged))]))
            return super().render(recipes, size)

    door, dragged = Dragging(engine), []
    with Batcher(door) as batcher:
        long = batcher.submit([digit(999)])
        assert door.reached.wait(SOON)
        long = from_("ann", batcher.submit, [digit(seed) for seed in range(12)])
        door.open.set()
        long.result(SOON)
        assert len(dragged) < 100


def test_other_work_has_its_turn_among_the_pictures(batcher, door):
    def fail():
        raise ZeroDivisionError("of one's own")

    done, failed, dropped = batcher.do(lambda: len(door.batches), 1), batcher.do(fail, 1), batcher.do(fail, 1)
    picture = batcher.submit([digit(1)])
    assert dropped.cancel() and batcher.waiting == 4
    door.open.set()
    assert done.result(SOON) == 1 and len(picture.result(SOON)) == 1
    with pytest.raises(ZeroDivisionError):
        failed.result(SOON)


def test_one_address_fills_no_batch_while_somebody_else_is_about(batcher, door, monkeypatch):
    monkeypatch.setattr(fair_shares, "ABOUT", math.inf)
    asked = [from_("eve", batcher.submit, [digit(seed)]) for seed in range(6)]
    asked += [from_(name, batcher.submit, [digit(10 + i)]) for i, name in enumerate("abcd")]
    door.open.set()
    for future in asked:
        future.result(SOON)
    assert door.batches[1:] == [[0, 1, 2, 3, 10, 11, 12, 13], [4, 5]] and SHARED_BATCH == 4


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now

    def works(self, seconds: float) -> None:
        """Work that takes so long."""
        self.now += seconds


def test_long_work_rests_while_somebody_else_is_about_and_nothing_else_does(door):
    clock = Clock()
    with Batcher(door, clock) as batcher:
        first = from_("ann", batcher.submit, [digit(1000)])
        assert door.reached.wait(SOON)
        long = from_("eve", batcher.submit, [digit(seed) for seed in range(3)])
        film = from_("eve", batcher.do, lambda: clock.works(0.5), 1, True)
        door.open.set()
        first.result(SOON)
        film.result(SOON)  # it passed the long one over, whose turn would be now
        for _ in range(2):
            for future in [from_(name, batcher.submit, [digit(9)]) for name in ("eve", "ann")]:
                future.result(SOON)
        assert {seed for batch in door.batches for seed in batch} == {1000, 9}
        clock.now += 0.5
        assert len(long.result(SOON)) == 3


@pytest.mark.parametrize(
    "pictures, is_part, rests", [(SHARED_PIECE, False, 0), (SHARED_PIECE + 1, False, 1), (1, True, 1)]
)
def test_what_rests_is_long_and_as_long_as_its_piece_took(engine, pictures, is_part, rests):
    clock, begun = Clock(), []

    def work() -> None:
        begun.append(clock.now)
        clock.works(0.25)

    with Batcher(engine, clock) as batcher:
        from_("ann", batcher.submit, [digit(1)]).result(SOON)
        pieces = [from_("eve", batcher.do, work, pictures, is_part) for _ in range(2)]
        pieces[0].result(SOON)
        if rests:
            from_("eve", batcher.submit, [digit(2)]).result(SOON)  # has its turn before, since the other one rests
            assert not pieces[1].done()
            clock.now += 0.25
        pieces[1].result(SOON)
    assert begun == [0, 0.25 * (1 + rests)]


def test_alone_long_work_never_rests(engine):
    clock = Clock()
    with Batcher(engine, clock) as batcher:
        for _ in range(3):
            from_("eve", batcher.do, lambda: clock.works(0.5), 8, True).result(SOON)
    assert clock.now == 1.5


def test_whoever_is_painted_or_waits_is_about_however_long_a_piece_takes(engine):
    """Eve and Ann ask for as much, each piece of which takes three seconds."""
    clock = Clock()

    class Slow(Door):
        def render(self, recipes, size=None):
            pictures = super().render(recipes, size)
            clock.works(3)
            return pictures

    door = Slow(engine)
    with Batcher(door, clock) as batcher:
        held = from_("ann", batcher.submit, [digit(1000)])
        assert door.reached.wait(SOON)
        clock.works(3)
        film = from_("eve", batcher.film, engine.frames(PathRecipe((digit(1), digit(2)), steps=20)))
        eves = from_("eve", batcher.submit, [digit(seed) for seed in range(24)])
        anns = from_("ann", batcher.submit, [digit(100 + seed) for seed in range(6)], 24)  # in batches of her own
        door.open.set()
        for future in (held, eves, anns):
            future.result(SOON)
        assert len(film.result(SOON)) == SHARED_PIECE  # Ann was being painted when it was asked for
    last = door.batches.index([104, 105])
    assert {len(batch) for batch in door.batches[1 : last + 2]} == {SHARED_PIECE}  # and a piece after she is done
    assert max(map(len, door.batches[last + 2 :])) > SHARED_PIECE


def test_films_are_painted_few_frames_at_a_time_while_somebody_else_is_about(engine, monkeypatch):
    monkeypatch.setattr(fair_shares, "ABOUT", math.inf)
    path = PathRecipe((digit(1), digit(2)), steps=20)
    with Batcher(engine) as batcher:
        alone = from_("eve", lambda: list(batcher.whole_film(engine.frames(path))))
        from_("ann", batcher.submit, [digit(1)]).result(SOON)
        beside = from_("eve", lambda: list(batcher.whole_film(engine.frames(path))))
    assert [len(frames) for frames in alone] == [FILM_PIECE, FILM_PIECE, 21 - 2 * FILM_PIECE]
    assert [len(frames) for frames in beside] == [SHARED_PIECE] * 10 + [1]
    expected = np.concatenate(list(engine.frames(path))).astype(int)
    for frames in (alone, beside):
        assert np.abs(np.concatenate(frames) - expected).max() <= 1


def test_large_pictures_are_painted_one_by_one(large_door):
    """And somebody with a small model waits for one of them, however many people ask for more."""
    with Batcher(large_door) as batcher:
        batcher.submit([Recipe("large", seed=1000)])
        assert large_door.reached.wait(SOON)
        several = batcher.submit([Recipe("large", seed=seed) for seed in range(3)])
        singles = [batcher.submit([Recipe("large", seed=seed)]) for seed in (10, 11)]
        small = batcher.submit([digit(99)])
        large_door.open.set()
        assert several.result(SOON).shape == (3, 512, 512, 3)
        for future in (*singles, small):
            future.result(SOON)
    assert large_door.batches == [[1000], [99], [0], [10], [1], [2], [11]]


def test_what_is_left_of_a_cancelled_request_is_not_painted(large_door):
    with Batcher(large_door) as batcher:
        dropped = batcher.submit([Recipe("large", seed=seed) for seed in range(3)])
        assert large_door.reached.wait(SOON)
        assert dropped.cancel()
        large_door.open.set()
        batcher.submit([digit(99)]).result(SOON)
    assert large_door.batches == [[0], [99]]


def test_more_than_one_answer_can_hold_is_refused_before_any_piece(large_door):
    with Batcher(large_door) as batcher, pytest.raises(StudioError, match="too much at once"):
        batcher.submit([Recipe("large")] * 300).result(SOON)
    assert not large_door.batches


def test_a_cancelled_request_is_not_painted(batcher, door):
    kept, dropped = batcher.submit([digit(1)]), batcher.submit([digit(2)])
    assert dropped.cancel()
    door.open.set()
    kept.result(SOON)
    assert door.batches == [[1000], [1]]


def test_a_cancelled_oldest_request_is_not_painted(batcher, door):
    dropped, kept = batcher.submit([digit(2)]), batcher.submit([digit(1)])
    assert dropped.cancel()
    door.open.set()
    kept.result(SOON)
    assert door.batches == [[1000], [1]]


def test_an_error_stays_with_whoever_asked_for_it(batcher, door):
    good, bad, also_good = (batcher.submit([digit(1)]), batcher.submit([digit(2, label=7)]), batcher.submit([digit(3)]))
    unknown = batcher.submit([Recipe("nowhere")])
    door.open.set()
    with pytest.raises(StudioError, match="class 7"):
        bad.result(SOON)
    with pytest.raises(StudioError, match="nowhere"):
        unknown.result(SOON)
    assert len(good.result(SOON)) == len(also_good.result(SOON)) == 1
    assert len(batcher.submit([digit(4)]).result(SOON)) == 1


def test_errors_that_nobody_foresaw_leave_the_batcher_working(engine):
    class Fragile:
        at_once = staticmethod(engine.at_once)

        def render(self, recipes, size=None):
            if any(recipe.seed == 13 for recipe in recipes):
                raise ZeroDivisionError("13")
            return engine.render(recipes, size)

    with Batcher(Fragile()) as batcher:
        futures = [batcher.submit([digit(seed)]) for seed in range(10, 16)]
        with pytest.raises(ZeroDivisionError):
            futures[3].result(SOON)
        assert all(len(future.result(SOON)) == 1 for i, future in enumerate(futures) if i != 3)


def mixed(*models):
    return [Recipe(model, seed=seed) for seed, model in enumerate(models)]


def test_what_is_mixed_comes_out_as_one_however_it_is_cut(door, engine, monkeypatch):
    """Opaque pictures beside transparent ones, and pictures that cannot stand beside one another, which are refused
    before any of them is painted."""
    monkeypatch.setattr(fair_shares, "ABOUT", math.inf)
    door.open.set()
    recipes = mixed("faces", "faces", "clear", "clear")
    with Batcher(door) as batcher:
        from_("ann", batcher.submit, [digit(1000)]).result(SOON)
        pictures = from_("eve", batcher.submit, recipes).result(SOON)
        with pytest.raises(StudioError, match="differ in size"):
            from_("eve", batcher.submit, mixed("faces", "faces", "digits", "digits")).result(SOON)
        assert len(batcher.submit([digit(1001)]).result(SOON)) == 1
    assert door.batches == [[1000], [0, 1], [2, 3], [1001]]
    assert np.abs(pictures.astype(int) - engine.render(recipes)).max() <= 1


def test_an_error_of_putting_pictures_together_stays_with_whoever_asked(engine, monkeypatch):
    def assemble(parts, count):
        raise MemoryError(count)

    with Batcher(engine) as batcher, monkeypatch.context() as patch:
        patch.setattr("gan.studio.batcher.assemble", assemble)
        with pytest.raises(MemoryError):
            batcher.submit([digit(seed) for seed in range(20)]).result(SOON)
        patch.undo()
        assert len(batcher.submit([digit(1)]).result(SOON)) == 1


def test_the_line_is_bounded_but_for_films_that_have_begun_and_cancelled_requests_make_room(batcher, door, engine):
    waiting = [batcher.submit([digit(seed)]) for seed in range(LONGEST_LINE)]
    path = PathRecipe((digit(1), digit(2)), steps=20)
    film, begun = engine.frames(path), engine.frames(path)
    begun.take(1)
    for ask in (lambda: batcher.submit([digit(1)]), lambda: batcher.film(film)):
        with pytest.raises(StudioError, match="busy"):
            ask()
    more = batcher.film(begun)  # half of it is of no use to anybody
    assert waiting[100].cancel() and waiting[101].cancel()
    extra = batcher.submit([digit(7)])
    door.open.set()
    assert len(extra.result(SOON)) == len(waiting[-1].result(SOON)) == 1 and len(more.result(SOON)) > 1


def test_asking_for_nothing(batcher):
    with pytest.raises(StudioError, match="at least one"):
        batcher.submit([])


@pytest.mark.parametrize("size", [7, True, {}, [64], float("nan")])
def test_sizes_that_are_none(batcher, door, size):
    with pytest.raises(StudioError, match="pixels wide"):
        batcher.submit([digit(1)], size)
    door.open.set()
    assert len(batcher.submit([digit(1)]).result(SOON)) == 1


def test_closing_finishes_the_batch_at_hand_and_cancels_the_rest(door):
    batcher = Batcher(door)
    painting = batcher.submit([digit(1)])
    assert door.reached.wait(SOON)
    waiting = batcher.submit([Recipe("faces")])
    painting.add_done_callback(lambda _: batcher.close())  # from the batcher's own thread, which cannot join itself
    closer = threading.Thread(target=batcher.close)
    closer.start()
    with pytest.raises(CancelledError):
        waiting.result(SOON)
    door.open.set()
    assert len(painting.result(SOON)) == 1
    closer.join(SOON)
    assert not closer.is_alive() and not batcher._painter.is_alive()
    with pytest.raises(StudioError, match="closing"):
        batcher.submit([digit(1)])
    batcher.close()


def test_fifty_people_who_drag_at_once(engine):
    """Each asks for a picture, takes it, asks again, and changes their mind about every fifth."""
    with Batcher(engine) as batcher:
        expected = engine.render([digit(seed) for seed in range(50)])
        wrong = []

        def person(seed):
            for turn in range(10):
                future = batcher.submit([digit(seed)])
                if turn % 5 == 4 and future.cancel():
                    continue
                if np.abs(future.result(SOON)[0].astype(int) - expected[seed]).max() > 1:
                    wrong.append(seed)

        people = [threading.Thread(target=person, args=(seed,)) for seed in range(50)]
        for one in people:
            one.start()
        for one in people:
            one.join(SOON)
        assert not wrong and not any(one.is_alive() for one in people)
