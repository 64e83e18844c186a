import json

import pytest
import torch

from gan.errors import StudioError
from gan.networks.registry import build_generator
from gan.store.own_sliders import MOST, OwnSlider, plain_name, read_sliders, write_sliders
from gan.store.slider_moves import from_move, to_move

PLAIN = build_generator("mlp", dict(image_shape=[1, 4, 4], z_dim=5, num_classes=2))
STYLED = build_generator("stylegan2", dict(side=16, z_dim=4, w_dim=6, channel_base=64))
VECTOR = torch.nn.functional.normalize(torch.tensor([1.0, -0.5, 0.25, 0.0, 2.0]), dim=0)
MOVE = to_move(VECTOR, 1.5)


def test_a_move_is_the_direction_and_its_scale_and_leaves_the_class_alone():
    found = from_move(MOVE, PLAIN)
    assert found.scales.tolist() == [1.5] and found.shell == 5
    assert found.vectors.norm() == pytest.approx(1) and (found.vectors[0, 5:] == 0).all()
    assert (found.vectors[0, :5] @ VECTOR) > 0.9999
    assert to_move(found.vectors[0, :5], 1.5) == MOVE


def test_a_slider_of_another_model_is_refused():
    with pytest.raises(StudioError, match="made for another model: it has 5 values, not 6"):
        from_move(MOVE, STYLED)


def test_a_file_reads_back():
    sliders = [OwnSlider("Hat", MOVE), OwnSlider("戴帽子", to_move(-VECTOR, 0.5))]
    assert read_sliders(write_sliders(sliders, "user/repo")) == sliders


GOOD = json.loads(write_sliders([OwnSlider("Hat", MOVE)], "m"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b" " * 300_000,
        json.dumps({**GOOD, "gan_studio_sliders": 2}).encode(),
        *(
            json.dumps({**GOOD, "sliders": rows}).encode()
            for rows in (
                None,
                [1],
                [{"name": "Hat"}],
                [{**GOOD["sliders"][0], "more": 1}],
                GOOD["sliders"] * (MOST + 1),
                *(
                    [{"name": name, "move": MOVE}]
                    for name in (None, "", "a~b", "a,b", " a", "x" * 41, "a\nb", "\u202e", ["a"])
                ),
                *(
                    [{"name": "Hat", "move": move}]
                    for move in (None, 5, "", "AAAA", "!!!!!!", "A" * 9000, MOVE + "=", "fHw" + MOVE[3:], "AAAAAAAA")
                ),
            )
        ),
    ],
)
def test_what_is_no_file_of_sliders_is_said_in_a_sentence(data):
    with pytest.raises(StudioError) as refused:
        read_sliders(data)
    assert len(str(refused.value)) < 300


def test_what_people_type_becomes_a_name():
    assert plain_name("  a~b, c\n" + "x" * 80) == ("a b c " + "x" * 80)[:40]
    assert plain_name("~ ,") == ""
