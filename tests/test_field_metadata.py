"""The property table: what is derived from a dataclass of knobs."""

import dataclasses
import json
import math
import time
from dataclasses import dataclass

import pytest

from gan.errors import StudioError
from gan.field_metadata import Knob, check, convert, from_values, knob, plain, show, table, to_values


@dataclass(frozen=True)
class Dial:
    psi: float = knob(1.0, "How far.", low=-1, high=2, step=0.01, unit="of 1")
    count: int = knob(3, "How many.", low=1, high=2**32 - 1)
    mode: str = knob("soft", "Which way.", choices={"soft": "Gently.", "hard": "Firmly."})
    on: bool = knob(False, "Whether.")
    clamp: int | None = knob(None, "Perhaps.", low=1)
    sizes: tuple[int, ...] = knob((1, 2), "Some.", low=0, high=9, most=4)
    kinds: tuple[str, ...] = knob((), "Some words.", choices=("a", "b"))
    plain_field: int = 7

    def __post_init__(self):
        check(self)


def refuse(*, match, **values):
    with pytest.raises(StudioError, match=match) as caught:
        from_values(Dial, values)
    assert len(str(caught.value)) < 300
    return str(caught.value)


def test_the_table_has_every_knob_in_order_and_nothing_else():
    rows = table(Dial)
    assert list(rows) == ["psi", "count", "mode", "on", "clamp", "sizes", "kinds"]
    assert rows["psi"] == Knob("psi", float, False, False, 1.0, "How far.", -1, 2, 0.01, "of 1")
    assert (rows["clamp"].kind, rows["clamp"].optional, rows["clamp"].many) == (int, True, False)
    assert (rows["sizes"].kind, rows["sizes"].many, rows["sizes"].most) == (int, True, 4)
    assert rows["mode"].choices == ("soft", "hard") and rows["mode"].helps == {"soft": "Gently.", "hard": "Firmly."}
    assert rows["kinds"].choices == ("a", "b") and rows["kinds"].helps == {}


def test_defaults_are_valid_and_an_empty_table_gives_them():
    assert from_values(Dial, {}) == Dial()


@pytest.mark.parametrize(
    "text, value",
    [
        (dict(psi="0.5"), dict(psi=0.5)),
        (dict(psi=1), dict(psi=1.0)),
        (dict(psi=" -1 "), dict(psi=-1.0)),
        (dict(count="12"), dict(count=12)),
        (dict(mode="hard"), dict(mode="hard")),
        (dict(on="yes"), dict(on=True)),
        (dict(on="Off"), dict(on=False)),
        (dict(on="1"), dict(on=True)),
        (dict(on=True), dict(on=True)),
        (dict(clamp="none"), dict(clamp=None)),
        (dict(clamp=""), dict(clamp=None)),
        (dict(clamp=None), dict(clamp=None)),
        (dict(clamp="4"), dict(clamp=4)),
        (dict(sizes="3,4"), dict(sizes=(3, 4))),
        (dict(sizes=[3]), dict(sizes=(3,))),
        (dict(sizes=""), dict(sizes=())),
        (dict(kinds="a, b"), dict(kinds=("a", "b"))),
        (dict(kinds=["b"]), dict(kinds=("b",))),
    ],
)
def test_text_and_json_become_values(text, value):
    assert from_values(Dial, text) == Dial(**value)


@pytest.mark.parametrize(
    "values, words",
    [
        (dict(psi=9), "psi must lie between -1 and 2, not 9.0"),
        (dict(psi="9"), "not 9.0"),
        (dict(psi=math.nan), "not nan"),
        (dict(psi=math.inf), "not inf"),
        (dict(psi="-inf"), "not -inf"),
        (dict(psi="much"), "psi must be a number, not 'much'"),
        (dict(psi=None), "psi must be a number, but it has no value"),
        (dict(psi=True), "psi must be a number, not True"),
        (dict(psi=[1.0]), r"not \[1.0\]"),
        (dict(psi={}), "not {}"),
        (dict(count=0), "count must lie between 1 and 4294967295, not 0"),
        (dict(count=2.0), "a whole number, not 2.0"),
        (dict(count="2.5"), "a whole number, not '2.5'"),
        (dict(count=True), "not True"),
        (dict(count=10**400), "count must lie between 1 and 4294967295"),
        (dict(count=10**5000), "count must lie between"),
        (dict(psi=10**400), "psi must lie between -1 and 2, not inf"),
        (dict(count="9" * 9999), "count must be a whole number"),
        (dict(mode="loud"), "mode cannot be 'loud'. Choose one of soft, hard"),
        (dict(mode=3), "mode must be a word, not 3"),
        (dict(on="maybe"), "on must be on or off, not 'maybe'"),
        (dict(on=1), "on must be on or off, not 1"),
        (dict(clamp=0), "clamp must be at least 1, not 0"),
        (dict(sizes=[1, 2, 3, 4, 5]), "sizes must be a list of at most 4 values"),
        (dict(sizes=[10]), "not 10"),
        (dict(sizes=[[1]]), r"not \[1\]"),
        (dict(sizes=3), "sizes must be a list of values, not 3"),
        (dict(sizes=[None]), "not None"),
        (dict(sizes=["x"]), "a list, each a whole number, not 'x'"),
        (dict(sizes={"1": 2}), "must be a list of values"),
        (dict(kinds="a,c"), "kinds cannot be 'c'"),
        (dict(wrong=1), "There is no setting called 'wrong'. The settings are psi, count"),
        ({"x" * 500: 1}, "There is no setting called 'xxx"),
        (dict(psi="x" * 500), "psi must be a number"),
        (dict(plain_field=1), "no setting called 'plain_field'"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(values, words):
    refuse(match=words, **values)


@pytest.mark.parametrize("values", [None, [], "psi=1", 3, [("psi", 1)]])
def test_settings_that_are_no_table(values):
    with pytest.raises(StudioError, match="must be a table of names and values"):
        from_values(Dial, values)


def test_a_value_is_checked_when_the_dataclass_is_made_and_when_it_is_replaced():
    with pytest.raises(StudioError, match="psi must lie between"):
        Dial(psi=2.5)
    with pytest.raises(StudioError, match="psi must lie between"):
        dataclasses.replace(Dial(), psi=-1.5)
    with pytest.raises(StudioError, match="sizes must be a list of at most 4 values"):
        Dial(sizes=[1])  # a list is not frozen


def test_values_round_trip_through_json():
    dial = Dial(psi=-0.25, count=2**32 - 1, on=True, clamp=9, sizes=(), kinds=("b", "a"))
    values = to_values(dial)
    assert list(values) == list(table(Dial)) and values["kinds"] == ["b", "a"]
    assert from_values(Dial, json.loads(json.dumps(values))) == dial


def test_convert_alone_changes_the_kind_but_not_the_range():
    assert convert(table(Dial)["psi"], "77") == 77.0


def test_numbers_are_written_as_people_do():
    assert [plain(n) for n in (2**32 - 1, 1e6, 0.01, -1.0)] == ["4294967295", "1000000", "0.01", "-1"]


def test_a_value_is_shown_short_and_soon_whatever_it_holds():
    twice = 1
    for _ in range(24):
        twice = [twice, twice]  # written out, 16 million numbers
    start = time.process_time()
    assert show(twice).startswith("[[[[") and len(show(twice)) == 60 and time.process_time() - start < 1
    assert [show(value) for value in ("a", 0.25, [1, [2]], None)] == ["'a'", "0.25", "[1, [2]]", "None"]
    assert (
        show("x" * 10**6) == "'" + "x" * 56 + "..."
        and show(10**5000) == "something enormous"
        and len(show(10**100)) == 60
    )


def test_the_error_joins_its_two_sentences():
    error = StudioError("It is broken.", "Mend it.")
    assert (str(error), error.message, error.hint) == ("It is broken. Mend it.", "It is broken.", "Mend it.")
    assert str(StudioError("It is broken.")) == "It is broken."
