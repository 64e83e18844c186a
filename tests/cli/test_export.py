"""The command that writes a model for other places."""

import json


def test_a_page_is_written(gan):
    done = gan("export --model cats --to web --out page")
    assert done.status == 0 and not done.err
    assert done.out.splitlines()[-1] == "Try it: python -m http.server --directory page"
    about = json.loads((gan.folder / "page" / "model.json").read_text(encoding="utf-8"))
    assert (about["image_shape"], about["texts"]["en"]["title"]) == ([3, 12, 8], "Cats")
    assert (gan.folder / "page" / "index.html").is_file()


def test_what_cannot_be_written_is_refused(gan, refused):
    assert "cannot paint models" in refused("export --model points --out page")
    (gan.folder / "mine").mkdir()
    (gan.folder / "mine" / "letter.txt").write_text("mine")
    assert "is there already" in refused("export --model cats --out mine", leaves=["mine", "letter.txt"])
