"""Other settings while the game goes on."""

import dataclasses

import pytest
from training import games
from training.test_trainer import same

from gan.errors import StudioError
from gan.field_metadata import to_values
from gan.store.run_folder import Run
from gan.store.saved_state import load_state, save_state
from gan.training.config import TrainConfig
from gan.training.records import ChangeRecord, StepRecord

OTHER = dict(
    loss="hinge",
    batch_size=9,
    accumulate=3,
    g_lr=3e-3,
    d_lr=4e-3,
    beta1=0.1,
    beta2=0.9,
    d_steps=2,
    freeze_d=1,
    clip=0.5,
    warmup_steps=6,
    penalty="gradient",
    penalty_weight=3.0,
    penalty_every=2,
    augment=("flip", "cutout"),
    augment_p=0.5,
    precision="bfloat16",
    ada_target=0.7,
    ada_kimg=0.2,
    style_mixing=0.5,
    path_length=1.0,
    path_every=2,
    mirror=True,
    ema_kimg=0.1,
    ema_rampup=0.3,
    record_every=2,
    grid_every=3,
    signals_every=3,
    grid_size=7,
)


def test_the_record_says_what_really_changed():
    trainer = games.trainer("mlp")
    list(trainer.run(3))
    record = trainer.change(g_lr=5e-3, augment=["flip"], batch_size=6, d_lr="0.001")  # as JSON and links have it
    assert record == ChangeRecord(3, dict(g_lr=5e-3, augment=["flip"], d_lr=0.001))
    assert (trainer.config.g_lr, trainer.config.augment, trainer.config.d_lr) == (5e-3, ("flip",), 0.001)
    assert trainer.change().changes == {}


def test_every_setting_but_the_seed_can_change_and_is_in_force():
    assert set(OTHER) == set(TrainConfig.__dataclass_fields__) - {"seed"}
    trainer = games.trainer("dcgan")
    list(trainer.run(4))
    trainer.change(**OTHER)
    assert trainer.optimizer_g.param_groups[0]["lr"] == 3e-3 and trainer.optimizer_d.param_groups[0]["lr"] == 4e-3
    assert trainer.optimizer_d.param_groups[0]["betas"] == (0.1, 0.9)
    records = list(trainer.run(8))
    assert [(type(r).__name__, r.step) for r in records] == [
        ("StepRecord", 6),
        ("GridRecord", 6),
        ("SignalRecord", 6),
        ("StepRecord", 8),
    ]
    assert len(records[1].samples) == 7 and records[-1].images == 4 * 6 + 4 * 9 == trainer.images


@pytest.mark.parametrize(
    "fields", [dict(g_lr=-1), dict(loss="magic"), dict(speed=3), dict(seed=5), dict(g_lr=1e-3, d_lr="x")]
)
def test_what_cannot_be_is_refused_and_changes_nothing(fields):
    trainer = games.trainer("mlp")
    before = trainer.config
    with pytest.raises(StudioError):
        trainer.change(**fields)
    assert trainer.config is before and trainer.optimizer_g.param_groups[0]["lr"] == before.g_lr


def test_a_change_to_what_it_was_is_the_same_game():
    plain, changed = games.trainer("mlp"), games.trainer("mlp")
    list(plain.run(6))
    list(changed.run(3))
    changed.change(**to_values(changed.config))
    list(changed.run(6))
    same(plain, changed)


@pytest.mark.parametrize("name", ["mlp", "stylegan2"])
def test_resuming_after_a_change_is_not_stopping_bit_for_bit(name, tmp_path):
    whole = games.trainer(name, 3)
    records = list(whole.run(3))
    whole.change(**OTHER)
    records = list(whole.run(5))
    save_state(whole.state_dict(), tmp_path / "state.safetensors")
    second = games.trainer(name, 3)  # of the settings that the run was started with
    second.load_state_dict(load_state(tmp_path / "state.safetensors"))
    assert second.config == whole.config and second.images == whole.images
    one, two = list(whole.run(9)), list(second.run(9))
    same(whole, second)
    assert [repr(r) for r in one] == [repr(r) for r in two] and len(records + one) > 4


def test_states_from_before_changes_were_possible_go_on():
    one, two = games.trainer("mlp"), games.trainer("mlp")
    list(one.run(4))
    state = one.state_dict()
    del state["config"], state["images"]
    two.load_state_dict(state)
    list(one.run(7))
    list(two.run(7))
    same(one, two)


def test_a_run_tells_its_changes_and_the_settings_in_force(tmp_path):
    from kept_runs import settings

    run, trainer = Run.create(tmp_path / "run", settings()), games.trainer("mlp", signals_every=2)
    trainer.change(**to_values(trainer.config))
    for record in trainer.run(2):
        run.write(record)
    change = dataclasses.replace(trainer.change(g_lr=0.5, augment=("flip",)), reason="Because.")
    run.write(change)
    assert run.config().g_lr == 0.5 and change in run.events()
    assert [type(r).__name__ for r in run.events()] == ["StepRecord", "StepRecord", "SignalRecord", "ChangeRecord"]
    assert run.steps() == [r for r in run.events() if isinstance(r, StepRecord)]
    run.save(trainer)
    fresh = games.trainer("mlp")
    run.restore(fresh)
    assert fresh.config == trainer.config == run.config() and change in run.events()
    assert "| g_lr | 0.5 |" in (run.snapshot(fresh, {}) / "README.md").read_text()


def test_a_change_that_was_not_saved_is_taken_back_in_words(tmp_path):
    from kept_runs import settings

    run, trainer = Run.create(tmp_path / "run", settings()), games.trainer("mlp")
    list(trainer.run(2))
    run.save(trainer)
    run.write(trainer.change(g_lr=0.5))
    run.restore(games.trainer("mlp"))
    assert run.config().g_lr == 2e-4 and run.events()[-1].changes["g_lr"] == 2e-4


def test_old_lines_without_a_kind_are_steps(tmp_path):
    from kept_runs import settings

    run = Run.create(tmp_path / "run", settings())
    record = next(games.trainer("mlp").run(1))
    run.write(record)
    path = run.path / "events.jsonl"
    assert path.read_text().startswith('{"kind": "step", ')
    path.write_text(path.read_text().replace('"kind": "step", ', ""))
    assert run.events() == [record]
