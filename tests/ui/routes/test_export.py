"""A model in another form over real HTTP."""

import io
import json
import zipfile


def test_a_model_is_taken_as_a_page(app):
    status, body, headers = app.ask("studio/export/web.zip", {"id": "cats", "rev": None})
    assert status == 200 and headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {"Cats-web/index.html", "Cats-web/model.safetensors"} <= set(archive.namelist())
        assert archive.testzip() is None


def test_what_is_not_there_is_said(app):
    for path, body, said in (
        ("web", {"id": "nobody/faces"}, "not open here"),
        ("tape", {"id": "cats"}, "no such form"),
    ):
        status, answer, _ = app.ask(f"studio/export/{path}.zip", body)
        assert status == 400 and said in json.loads(answer)["error"]
