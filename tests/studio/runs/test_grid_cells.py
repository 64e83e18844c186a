"""What the pictures of a run's grids are of, where that cannot be read."""

from gan.locales import find_locale
from gan.studio.runs.grid_cells import cells_of
from gan.studio.runs.pins import FIXED


def test_pins_that_cannot_be_read_leave_the_seeds_and_a_sentence_in_the_reader_s_language(tmp_path):
    (tmp_path / FIXED).write_bytes(b"x")
    cells, notes = cells_of(tmp_path, 2, 0)
    assert cells == [{"seed": 0}, {"seed": 1}] and len(notes) == 1
    said = find_locale(["zh-CN"]).translated(notes)[0]
    assert FIXED in said and said != notes[0] and said.endswith("。")
