"""What may be ordered, and the run that comes of it."""

import dataclasses

import numpy as np
import pytest
import torch

from gan.errors import StudioError
from gan.networks.registry import build_discriminator, build_generator, family
from gan.store.model_config import ModelConfig
from gan.studio.data.dataset_doctor import Doctor, Report
from gan.studio.data.pictures import Seen
from gan.studio.data.training_file import LABEL
from gan.studio.runs import half_precision, hardware
from gan.studio.runs.classics import CLASSICS
from gan.studio.runs.new_discriminators import WARMUP
from gan.studio.runs.orders import BranchOrder, ContinueOrder, Order, preset, read_order, read_values, spec_of
from gan.studio.runs.presets import FEWEST, MOMENTS, PRESETS
from gan.studio.runs.worker.networks import net_values
from gan.training.data import Samples

PAIR = ModelConfig("mlp", dict(image_shape=[1, 8, 8]), dict(image_shape=[1, 8, 8]), licence="CC0")
ALONE = ModelConfig("mlp", dict(image_shape=[1, 8, 8]))


def pictures(count, classes=()) -> Report:
    doctor = Doctor(8, 3)
    for i in range(count):
        doctor.see(f"{i}.png", Seen(8, 8, True, False), np.full((8, 8, 3), i, np.uint8))
    doctor.classes = tuple(classes)
    return doctor.report()


def test_names_without_a_value_are_left_out():
    order = read_order(
        dict(set="s", base="cats", family=None, preset=None, steps=None, title=None, train=None, pins=None)
    )
    assert order == Order("s", "cats") and read_values(ContinueOrder, dict(steps=None)) == ContinueOrder()
    assert read_values(BranchOrder, dict(step=3, title="x")).changes() == dict(title="x")


def test_a_person_overrules_the_preset_and_nothing_else():
    spec = spec_of(
        read_order(dict(set="s", base="cats", preset="good", train=dict(g_lr=0.5))), PAIR, pictures(100), "cats.zip"
    )
    steps, train = preset("good", "mlp", PAIR, 100)
    assert (spec.steps, spec.train) == (
        PRESETS["good"].tuned,
        train | dict(g_lr=0.5),
    ) and spec.snapshot_steps == steps // MOMENTS
    assert (spec.summary, spec.about_data) == ("Fine-tuned from cats.", "100 pictures: cats.zip")
    assert spec.licence == "That of cats (CC0), and whatever the training data allow."
    scratch = spec_of(read_order(dict(set="s", family="dcgan", steps=3)), None, pictures(5), "x")
    assert (scratch.steps, scratch.snapshot_steps, scratch.summary, scratch.licence, scratch.base) == (3, 1, "", "", "")


def test_a_classic_brings_its_networks_and_its_game():
    """And learns no classes, though the pictures are sorted; what a person sets goes before it."""
    order = read_order(dict(set="s", classic="article", preset="good", train=dict(d_lr=0.5)))
    report = dataclasses.replace(pictures(50, "ab"), side=28, channels=1)
    spec, classic = spec_of(order, None, report, "x"), CLASSICS["article"]
    assert (order.family, spec.family, spec.label, spec.net) == ("mlp", "mlp", "none", classic.net)
    assert (spec.train["g_lr"], spec.train["d_lr"], spec.train["beta1"], spec.train["augment"]) == (1e-3, 0.5, 0.0, [])
    assert spec.steps == PRESETS["good"].scratch
    with pytest.raises(StudioError, match="read at 8 x 8 for another model"):
        spec_of(order, None, pictures(50), "x")
    with pytest.raises(StudioError, match="classic"):
        read_order(dict(set="s", classic="alexnet"))


@pytest.mark.parametrize("name", CLASSICS)
def test_every_classic_can_be_built(name):
    classic = CLASSICS[name]
    shape = (classic.channels, classic.side, classic.side)
    generator, discriminator = net_values(classic.net, family(classic.family), Samples(torch.zeros(1, *shape)))
    assert build_generator(classic.family, generator, "meta").image_shape == shape
    assert build_discriminator(classic.family, discriminator, "meta").image_shape == shape


@pytest.mark.parametrize(
    "gain, here, device, name, precision",
    [
        (1.7, ["cpu"], "auto", "dcgan", "bfloat16"),
        (1.1, ["cpu"], "auto", "dcgan", "float32"),  # too little to be sure of
        (1.7, ["cpu"], "auto", "mlp", "float32"),
        (1.7, ["cuda:0", "cpu"], "auto", "dcgan", "float32"),
        (1.7, ["cuda:0", "cpu"], "cpu", "dcgan", "float32"),  # as the form shows it, which was asked for "auto"
    ],
)
def test_a_processor_with_units_for_it_trains_in_bfloat16(monkeypatch, gain, here, device, name, precision):
    monkeypatch.setattr(half_precision, "processor_gain", lambda: gain)
    monkeypatch.setattr(hardware, "devices", lambda: here)
    assert preset("quick", name, None, 9, device)[1]["precision"] == precision


def test_a_new_discriminator_warms_up_first():
    assert preset("quick", "mlp", ALONE, 9)[0] == preset("quick", "mlp", PAIR, 9)[0] + WARMUP
    assert (
        preset("quick", "mlp", ALONE, 9)[1]["warmup_steps"] == WARMUP
        and preset("quick", "mlp", PAIR, 9)[1]["warmup_steps"] == 0
    )


def test_a_new_discriminator_learns_with_all_its_blocks():
    assert (
        preset("thorough", "mlp", PAIR, 9)[1]["freeze_d"] > 0
        and preset("thorough", "mlp", ALONE, 9)[1]["freeze_d"] == 0
    )


def test_snapshots_have_room_for_a_new_discriminator(monkeypatch):
    """A base is kept as often without its discriminator as with it: each snapshot holds both."""
    monkeypatch.setattr("gan.studio.runs.presets.ROOM", 2**26)  # of which eleven such pairs fill
    with_own, with_new = (
        spec_of(read_order(dict(set="s", base="digits", steps=320)), base, pictures(9), "x") for base in (PAIR, ALONE)
    )
    assert (
        320 // MOMENTS < with_own.snapshot_steps < 320 // FEWEST and with_new.snapshot_steps == with_own.snapshot_steps
    )


def test_a_plan_knows_the_side_of_its_base():
    large, small = (
        ModelConfig("stylegan2", dict(side=side, channel_base=64), dict(side=side, channel_base=64))
        for side in (512, 16)
    )
    plans = [preset("good", "stylegan2", base, 9)[1] for base in (large, small)]
    assert (
        [plan["grid_size"] for plan in plans] == [4, 36]
        and plans[0]["penalty_weight"] > 6
        and plans[1]["penalty_weight"] == 0.3
    )


def test_a_base_with_classes_goes_on_with_those_of_the_pictures():
    classes = ModelConfig("mlp", dict(image_shape=[1, 8, 8], num_classes=2))
    order = read_order(dict(set="s", base="digits"))
    assert spec_of(order, classes, pictures(9, "abc"), "x").label == LABEL
    assert spec_of(order, classes, pictures(9), "x").label is None


def test_no_block_is_frozen_where_the_classes_change():
    """In an mlp the first one is told the class."""
    classes = ModelConfig("mlp", dict(image_shape=[1, 8, 8], num_classes=2), dict(image_shape=[1, 8, 8], num_classes=2))
    order = read_order(dict(set="s", base="digits", preset="thorough"))
    frozen = [spec_of(order, classes, pictures(9, names), "x").train["freeze_d"] for names in ("ab", "abc", "")]
    assert frozen == [2, 0, 0]


def test_a_base_without_classes_is_frozen_whatever_folders_its_pictures_lie_in():
    """It leaves them, so that nothing changes in its discriminator."""
    order = read_order(dict(set="s", base="cats", preset="thorough"))
    specs = [spec_of(order, PAIR, pictures(9, names), "x") for names in ("", "ab")]
    assert [spec.train["freeze_d"] for spec in specs] == [2, 2] and specs[1].label == "none"


def test_another_network_needs_pictures_of_as_many_classes():
    classes = ModelConfig("stylegan2", dict(side=16, num_classes=2))
    order = read_order(dict(set="s", base="mine"))
    with pytest.raises(StudioError, match="mine makes pictures of 2 classes, and your pictures are not sorted"):
        spec_of(order, classes, pictures(9), "x")
    with pytest.raises(StudioError, match="of 2 classes, and your pictures are sorted into 3"):
        spec_of(order, classes, pictures(9, "abc"), "x")
    assert spec_of(order, classes, pictures(9, "ab"), "x").label == LABEL


def test_a_pair_from_scratch_learns_the_classes_and_a_base_without_any_leaves_them():
    scratch, tuned = read_order(dict(set="s", family="dcgan")), read_order(dict(set="s", base="cats"))
    assert spec_of(scratch, None, pictures(9, "ab"), "x").label == LABEL
    assert spec_of(scratch, None, pictures(9), "x").label is None
    assert spec_of(tuned, PAIR, pictures(9, "ab"), "x").label == "none"
