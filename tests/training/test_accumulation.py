"""A batch in parts does to both networks what it does in one piece, to within rounding."""

import pytest
import torch
from training import games

from gan.errors import StudioError
from gan.networks.layers import minibatch_std
from gan.training.accumulation import paint, parts_of_batch, pieces
from gan.training.augment import AUGMENTATIONS
from gan.training.records import StepRecord
from gan.training.team import ALONE
from gan.training.trainer import Trainer

# Rates of 0 leave both networks as they are, so that only the parts' own rounding tells the gradients apart.
STILL = dict(
    batch_size=24,
    g_lr=0.0,
    d_lr=0.0,
    d_steps=2,
    mirror=True,
    augment=tuple(AUGMENTATIONS),
    augment_p=0.6,
    penalty_every=1,
    penalty_weight=2.0,
    style_mixing=0.5,
    path_length=2.0,
    path_every=1,
)


def played(name: str, classes: int, **knobs) -> tuple[Trainer, list[StepRecord]]:
    trainer = games.trainer(name, classes, **STILL | knobs)
    return trainer, list(trainer.run(2))


@pytest.mark.parametrize("parts", [2, 3])
@pytest.mark.parametrize(
    "penalty, loss", [("r1", "non-saturating"), ("gradient", "wasserstein"), ("r1+r2", "relativistic")]
)
@pytest.mark.parametrize("name", ["mlp", "dcgan", "stylegan2"])
def test_gradients_records_and_averages_are_those_of_the_batch_in_one_piece(name, penalty, loss, parts):
    whole, told = played(name, 3, penalty=penalty, loss=loss)
    cut, said = played(name, 3, penalty=penalty, loss=loss, accumulate=parts)
    for network in ("generator", "discriminator"):
        for (path, mine), theirs in zip(
            getattr(whole, network).named_parameters(), getattr(cut, network).parameters(), strict=True
        ):
            error = (mine.grad - theirs.grad).norm() / mine.grad.norm().clamp(min=1e-6)
            assert error < 1e-4, (network, path, float(error))
        for mine, theirs in zip(getattr(whole, network).buffers(), getattr(cut, network).buffers(), strict=True):
            torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-7)
    for mine, theirs in zip(told, said, strict=True):
        assert vars(mine) == pytest.approx(vars(theirs), rel=1e-4, abs=1e-6)
    assert torch.equal(whole.rng.get_state(), cut.rng.get_state())


@pytest.mark.parametrize("batch, parts", [(6, 2), (7, 7), (5, 5)])
def test_path_lengths_are_measured_on_the_same_pictures(batch, parts):
    """Also where parts are odd, or of one picture, of which every other one then measures none."""
    knobs = dict(batch_size=batch, mirror=False, augment=(), path_length=50.0)
    (whole, _), (cut, _) = played("stylegan2", 0, **knobs), played("stylegan2", 0, **knobs, accumulate=parts)
    assert whole.paths.usual > 0
    torch.testing.assert_close(cut.paths.state_dict(), whole.paths.state_dict(), rtol=1e-4, atol=1e-7)
    assert torch.equal(whole.rng.get_state(), cut.rng.get_state())
    torch.testing.assert_close(cut.generator.center(), whole.generator.center(), rtol=1e-5, atol=1e-7)
    if parts == 2:  # parts of one cannot be compared with each other, and so are judged otherwise
        for mine, theirs in zip(whole.generator.parameters(), cut.generator.parameters(), strict=True):
            torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-3, atol=1e-5)


def test_what_the_generator_tracks_moves_with_the_mean_and_constants_stay_exactly():
    trainer, _ = played("stylegan2", 0, accumulate=3)
    start, _ = games.pair("stylegan2")
    moved = [
        name
        for (name, mine), theirs in zip(trainer.generator.named_buffers(), start.buffers(), strict=True)
        if not torch.equal(mine, theirs)
    ]
    assert moved == ["mapping.w_avg"]


def test_a_part_is_no_larger_than_it_has_to_be():
    seen = []
    trainer = games.trainer("mlp", batch_size=12, accumulate=4, penalty="none")
    trainer.discriminator.register_forward_pre_hook(lambda module, inputs: seen.append(len(inputs[0])))
    list(trainer.run(1))
    assert seen == 12 * [3]  # real and fake for the discriminator, fake for the generator, each in four parts


def test_strided_parts_compare_the_same_pictures():
    """Part k of x[k::parts] forms the groups that the minibatch standard deviation forms in the whole."""
    x = torch.randn(24, 2, 3, 3, generator=torch.Generator().manual_seed(0))
    whole = minibatch_std(x, 4)
    for parts in (2, 3, 6):
        for part in range(parts):
            torch.testing.assert_close(minibatch_std(x[part::parts], 4), whole[part::parts])


def test_a_batch_that_cannot_be_cut_is_refused_and_nothing_changes():
    with pytest.raises(StudioError, match="A batch of 6 cannot be cut into 4 equal parts"):
        games.trainer("mlp", accumulate=4)
    trainer = games.trainer("mlp", accumulate=3)
    before = trainer.config
    with pytest.raises(StudioError, match="A batch of 8 cannot be cut into 3 equal parts"):
        trainer.change(batch_size=8, g_lr=0.5)
    assert trainer.config is before and trainer.optimizer_g.param_groups[0]["lr"] == before.g_lr


def test_grids_and_signals_are_painted_in_as_many_parts():
    whole, cut = games.trainer("stylegan2", 3, grid_size=7), games.trainer("stylegan2", 3, grid_size=7, accumulate=3)
    seen = []
    dict(cut.ema.average.named_children())["synthesis"].register_forward_pre_hook(
        lambda module, inputs: seen.append(len(inputs[0]))
    )
    torch.testing.assert_close(torch.tensor(cut.grid().samples), torch.tensor(whole.grid().samples), rtol=0, atol=2e-5)
    assert seen == [3, 3, 1]
    mine, theirs = cut.signals(), whole.signals()
    assert (mine.diversity, mine.nearest, mine.apart) == pytest.approx(
        (theirs.diversity, theirs.nearest, theirs.apart), rel=1e-4
    )
    assert max(seen) == 22  # a third of the 64 samples that are measured
    assert pieces(64, (3, 128, 128), 1) == 1 and pieces(36, (3, 1024, 1024), 4) == 36  # large ones one by one
    one = paint(whole.ema.average, torch.zeros(2, 4), torch.eye(3)[:2], 9)  # more parts than pictures
    assert len(one) == 2


def test_every_part_starts_from_the_same_draws():
    rng = torch.Generator().manual_seed(7)
    rows = [chance.randn(2, 1) for chance in parts_of_batch(rng, torch.nn.Linear(1, 1), 3, ALONE)]
    again = torch.Generator().manual_seed(7)
    assert torch.equal(torch.stack(rows, dim=1).flatten(), torch.randn(6, generator=again))
    assert torch.equal(rng.get_state(), again.get_state())
