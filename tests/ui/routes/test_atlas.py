import json

import pytest

from gan.studio import atlas


def told(app, path, body=None):
    status, answer, _ = app.ask(f"studio/atlas{path}", body)
    return status, json.loads(answer)


def test_a_map_is_made_once_and_kept_and_everything_has_its_place(app, monkeypatch):
    monkeypatch.setattr(atlas, "MOST_SIDE", 5)
    status, found = told(app, "?id=digits&class=1")
    assert status == 200 and found["side"] == 5 and sorted(found["seeds"]) == list(range(25))
    for cell in (0, 7, 24):
        recipe = {"model": "digits", "seed": found["seeds"][cell], "label": 1}
        place = told(app, "/here", {"recipe": recipe})[1]
        assert (place["x"], place["y"]) == pytest.approx((cell % 5 + 0.5, cell // 5 + 0.5), abs=0.2)
    monkeypatch.setattr(atlas, "arrange", None)  # not asked for again, also by another process
    again = atlas.Atlases(app.studio.library, app.studio.atlases._folder)
    assert again.of("digits", None, 1, None).seeds == found["seeds"]


def test_a_broken_file_is_made_anew(app, monkeypatch):
    monkeypatch.setattr(atlas, "MOST_SIDE", 4)
    before = told(app, "?id=digits&class=2")[1]
    for file in app.studio.atlases._folder.iterdir():
        file.write_bytes(file.read_bytes()[:100])
    again = atlas.Atlases(app.studio.library, app.studio.atlases._folder)
    paint = lambda recipes: app.studio.batcher.submit(recipes).result()  # noqa: E731
    assert again.of("digits", None, 2, paint).seeds == before["seeds"]


def test_maps_that_cannot_be_are_said(app):
    for query in ("?id=nobody", "?id=digits&class=9", "?id=cats&class=0", "?id=digits&class=x"):
        status, answer = told(app, query)
        assert status == 400 and answer["error"].endswith("."), query
    assert told(app, "/here", {"recipe": {"model": "nobody"}})[0] == 400
