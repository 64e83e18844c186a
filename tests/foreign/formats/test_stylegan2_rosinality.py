"""Checkpoints of rosinality's StyleGAN2 against a plain stand-in of it: the same pictures and logits."""

from argparse import Namespace

import pytest
import torch
from foreign.filling import pair
from foreign.rosinality import Discriminator, Generator

from gan.errors import StudioError
from gan.foreign.formats.stylegan2_rosinality import read
from gan.foreign.found import Found
from gan.foreign.readers.any_file import read_tree

WIDTHS = [8, 8, 6, 3]  # 8 at the most, 96 / side


def networks(widths=WIDTHS, channels=3):
    torch.manual_seed(0)
    return Generator(widths, z_dim=5, layers=3, channels=channels), Discriminator(widths, channels)


def saved(tmp_path, **content):
    path = tmp_path / "550000.pt"
    torch.save(content, path)
    return read(Found(path.name, read_tree(path, path.name)))


@torch.no_grad()
@pytest.mark.parametrize("channels", [1, 3])
def test_a_checkpoint_makes_the_same_pictures_and_judges_them_the_same(tmp_path, channels):
    g, d = networks(channels=channels)
    average, z = torch.randn(5), torch.randn(8, 5)
    made = saved(
        tmp_path,
        g=networks()[0].state_dict(),
        d=d.state_dict(),
        g_ema=g.state_dict(),
        g_optim={"state": {}},
        args=Namespace(size=32),
        latent_avg=average,
    )
    assert made.generator["side"] == 32 and made.generator["channel_base"] == 96 and made.generator["channel_max"] == 8
    assert made.guessed == ()
    g2, d2 = pair(made)
    x = g(z)
    torch.testing.assert_close(g2(z), x, rtol=0, atol=1e-4)
    torch.testing.assert_close(d2(x), d(x), rtol=1e-5, atol=1e-4)
    assert torch.equal(g2.center()[0, 0], average)


@torch.no_grad()
def test_the_average_is_computed_where_it_is_missing(tmp_path):
    g, _ = networks()
    made = saved(tmp_path, g_ema={f"module.{name}": tensor for name, tensor in g.state_dict().items()})
    w = g.style(torch.randn(20_000, 5))
    assert ((pair(made)[0].center()[0, 0] - w.mean(0)).abs() < 0.1 * w.std(0)).all()
    assert made.discriminator is None and ["average of w" in sentence for sentence in made.guessed] == [True]


@torch.no_grad()
def test_a_decoder_within_a_larger_table(tmp_path):
    """As pSp and e4e keep it, with the average once for every layer."""
    g, _ = networks()
    table = {
        "encoder.input.weight": torch.zeros(3),
        **{f"decoder.{name}": tensor for name, tensor in g.state_dict().items()},
    }
    average = torch.randn(5)
    made = saved(tmp_path, state_dict=table, latent_avg=average.repeat(8, 1))
    z = torch.randn(2, 5)
    g2, _ = pair(made)
    torch.testing.assert_close(g2(z), g(z), rtol=0, atol=1e-4)
    torch.testing.assert_close(g2.center()[0, 0], average)


def test_noise_that_was_not_saved_is_none(tmp_path):
    g, _ = networks()
    made = saved(
        tmp_path, g={name: tensor for name, tensor in g.state_dict().items() if not name.startswith("noises.")}
    )
    assert not pair(made)[0].state_dict()["synthesis.b8.conv0.noise_const"].any()


@pytest.mark.parametrize(
    "change, match",
    [
        (lambda table: table.pop("to_rgb1.bias"), "to_rgb1.bias"),
        (lambda table: table.pop("convs.1.conv.weight"), "even number"),
        (lambda table: table.update({"convs.1.conv.weight": torch.zeros(1, 7, 8, 3, 3)}), "7 feature maps at side 8"),
        (lambda table: table.update({"noises.noise_1": torch.zeros(2, 1, 8, 8)}), "noises.noise_1 .* shape"),
        (lambda table: table.update({"convs.0.conv.blur.kernel": torch.ones(4, 4)}), "another filter"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_name(tmp_path, change, match):
    table = dict(networks()[0].state_dict())
    change(table)
    with pytest.raises(StudioError, match=match):
        saved(tmp_path, g_ema=table)


def test_a_discriminator_of_another_kind_is_left_out(tmp_path):
    g, d = networks()
    made = saved(tmp_path, g_ema=g.state_dict(), d=networks(widths=[8, 8])[1].state_dict())
    assert made.discriminator is None and any("discriminator" in sentence for sentence in made.guessed)


def test_an_average_of_no_values_is_none(tmp_path):
    """In a damaged file whose w has none, either."""
    table = dict(networks()[0].state_dict())
    table |= {key: tensor[:, :0] for key, tensor in table.items() if key.endswith("modulation.weight")}
    with pytest.raises(StudioError):
        saved(tmp_path, g_ema=table, latent_avg=torch.zeros(0))


def test_other_files_are_left_to_other_adapters(tmp_path):
    assert saved(tmp_path, g={"weight": torch.zeros(2)}) is None
