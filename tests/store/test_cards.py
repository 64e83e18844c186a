"""Cards of models that somebody else wrote."""

from gan.store.cards import put_section, read_card
from gan.store.model_config import CARD


def test_a_section_leaves_what_is_no_utf_8_as_it_is(tmp_path):
    (tmp_path / CARD).write_bytes(b"# Gr\xfc\xdfe\n\n## Scores\n\nNone.\n")
    for told in ("One \ud800.", "Two."):
        put_section(tmp_path, read_card(tmp_path), "sliders", told)
    card = (tmp_path / CARD).read_bytes()
    assert card.startswith(b"# Gr\xfc\xdfe\n") and card.endswith(b"-->\n\n## Scores\n\nNone.\n")
    assert card.count(b"sliders -->") == 2 and b"\nTwo.\n" in card and b"One" not in card


def test_a_model_without_a_card_gets_one(tmp_path):
    assert read_card(tmp_path) == ""
    put_section(tmp_path, "", "sliders", "One.")
    assert (tmp_path / CARD).read_text(encoding="utf-8").startswith("## Sliders\n\n<!-- sliders -->\nOne.")
