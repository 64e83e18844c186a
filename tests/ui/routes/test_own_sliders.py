import json

from gan.studio.recipes import Recipe

SIDES = {
    "having": [{"model": "cats", "seed": seed} for seed in (1, 2, 3)],
    "lacking": [{"model": "cats", "seed": seed} for seed in (4, 5, 6)],
}


def told(app, path, body=None):
    status, answer, _ = app.ask(f"studio/own/{path}", body)
    return status, json.loads(answer)


def test_made_kept_and_in_a_file(app):
    status, answer = told(app, "make", {**SIDES, "name": "Hat"})
    assert status == 200
    slider = answer["slider"]
    moved = {"model": "cats", "seed": 9, "own": [f"Hat~{slider['move']}~1.5"]}
    assert (app.pictures(moved) != app.pictures({"model": "cats", "seed": 9})).any()
    assert Recipe.from_query(Recipe.from_json(moved).to_query()) == Recipe.from_json(moved)
    assert told(app, "sliders?id=cats") == (200, {"here": True, "sliders": []})
    assert told(app, "keep", {"id": "cats", "sliders": [slider]}) == (200, {})
    assert told(app, "sliders?id=cats") == (200, {"here": True, "sliders": [slider]})
    file = json.dumps({"gan_studio_sliders": 1, "model": "cats", "sliders": [slider]}).encode()
    assert told(app, "file?id=cats", file) == (200, {"sliders": [slider]})
    status, answer = told(app, "file?id=digits", file)
    assert status == 400 and "made for another model" in answer["error"]
    assert told(app, "keep", {"id": "cats", "sliders": []}) == (200, {})


def test_where_several_people_are_nobody_changes_a_model_for_others(app, monkeypatch):
    monkeypatch.setattr(app.studio.library, "shared", True)
    assert told(app, "sliders?id=cats") == (200, {"here": False, "sliders": []})
    status, answer = told(app, "keep", {"id": "cats", "sliders": []})
    assert status == 400 and "Your browser keeps your sliders." in answer["error"]
    assert told(app, "make", {**SIDES, "name": "Hat"})[0] == 200


def test_what_makes_no_slider_is_said(app):
    other = [{"model": "digits", "label": 0}]
    for body in (
        {},
        {**SIDES, "name": 5},
        {**SIDES, "having": [], "name": "Hat"},
        {**SIDES, "having": other, "name": "Hat"},
        {"having": [], "lacking": [], "name": "Hat"},
        {**SIDES, "having": SIDES["having"] * 40, "name": "Hat"},
    ):
        status, answer = told(app, "make", body)
        assert status == 400 and answer["error"].endswith("."), body
    assert told(app, "file?id=cats", b"x" * 300_000)[0] == told(app, "file?id=cats", b"\xff")[0] == 400
    assert told(app, "keep", {"id": "../etc", "sliders": []})[0] == 400
