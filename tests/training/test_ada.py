"""Adaptive augmentation: the share of changed pictures follows how sure the discriminator is of the training
pictures."""

import pytest
import torch
from training import games

from gan.training.ada import EVERY, Ada
from gan.training.choices import BGC
from gan.training.config import TrainConfig


def shares(rights, **knobs) -> list[float]:
    config = TrainConfig(**dict(batch_size=10, ada_target=0.6, ada_kimg=0.4, augment=("flip",)) | knobs)
    ada, seen = Ada("cpu"), []
    for right in rights:
        ada.see(torch.tensor(right), config)
        seen.append(ada.share(config))
    return seen


def test_it_moves_every_fourth_update_by_the_pictures_seen():
    """Four updates of 10 pictures are a tenth of 400; a mean sign of 0.8 lies above the target, one of 0.2 below it."""
    assert shares(8 * [0.9] + 4 * [0.6]) == pytest.approx([0, 0, 0, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.1])
    assert shares([1.0, 0.8, 1.0, 0.8])[-1] == pytest.approx(0.1) and shares([1.0, 0.5, 0.5, 0.5])[-1] == 0


def test_it_stays_within_its_bounds():
    assert shares(80 * [1.0])[-1] == 1 and shares(80 * [1.0], augment_p=0.25)[-1] == 0.25
    assert min(shares(12 * [0.0])) == 0
    assert shares(8 * [0.75], ada_target=0.5)[-1] == 0  # at the target itself it rests


def test_without_a_target_the_share_is_the_setting_and_without_changes_it_is_none():
    assert shares(8 * [1.0], ada_target=0.0, augment_p=0.3) == 8 * [0.3]
    assert shares([1.0], ada_target=0.0, augment=()) == [0.0]
    assert TrainConfig(ada_target=0.6).changes == BGC and TrainConfig().changes == ()
    assert TrainConfig(ada_target=0.6, augment=("flip",)).changes == ("flip",)


def test_a_discriminator_that_learns_few_pictures_by_heart_is_shown_more_of_them_changed():
    trainer = games.trainer("mlp", d_lr=2e-3, g_lr=1e-5, ada_target=0.3, ada_kimg=0.1, batch_size=6)
    share = [record.augment_p for record in trainer.run(24)]
    assert share[0] == 0 and max(share) >= 0.24
    restored = games.trainer("mlp", ada_target=0.3)
    restored.load_state_dict(trainer.state_dict())
    assert restored.ada.p == trainer.ada.p and EVERY == 4


def test_states_of_earlier_versions_are_read():
    trainer, old = games.trainer("mlp"), games.trainer("mlp").state_dict()
    del old["ada"], old["paths"]
    trainer.load_state_dict(old)
    assert next(trainer.run(1)).augment_p == 0
