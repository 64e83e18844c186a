"""State dicts of plain generators: those of well-known code give their own pictures, and others are told what they
are."""

import functools
import json
import re

import pytest
import torch
from foreign import stacks_of_the_world as world
from torch import nn
from torch.nn.utils import parametrizations, spectral_norm

from gan.errors import StudioError
from gan.foreign.formats.stack import read
from gan.foreign.found import Found, stored
from gan.foreign.stack import known_layouts as stack_layouts
from gan.networks.registry import build_generator

KNOWN = {  # how a file is recognised, None where it is guessed
    "dcgan": (world.dcgan, "PyTorch's examples"),
    "huggan": (lambda: world.dcgan("model"), "HugGAN"),
    "mnist linear": (world.four_linear, "pytorch-mnist-GAN"),
    "dcgan by another name": (lambda: world.dcgan("layers"), None),
    "dcgan of 4 channels": (lambda: world.dcgan("net", channels=4, bias=True), None),
    "cryptopunks": (world.cryptopunks, "CryptoPunks"),
    "coursera mnist": (world.coursera_mnist, "MNIST of the Coursera"),
    "coursera celeba": (world.coursera_celeba, "CelebA of the Coursera"),
    "pytorch-gan 32": (world.PyTorchGan, "convolutional generator of PyTorch-GAN"),
    "pytorch-gan 28": (lambda: world.PyTorchGan(28), "convolutional generator of PyTorch-GAN"),
    "pytorch-gan acgan": (lambda: world.PyTorchGan(channels=3, join="multiply"), "ACGAN"),
    "conditional wgan-gp": (lambda: world.PyTorchGan(28, join="z first", act=nn.ReLU), "conditional WGAN-GP"),
    "pytorch-gan gan": (world.linear_gan, "fully connected generator of PyTorch-GAN"),
    "pytorch-gan cgan": (world.LinearCgan, "conditional GAN of PyTorch-GAN"),
    "udacity": (world.Udacity, "Udacity's"),
    "udacity with a convolution": (world.FacesWithAConv, "a Udacity project"),
    "kernel 7 first": (world.mnist_seven, None),
    "28 pixels by a step to 7": (world.mnist_by_an_odd_step, None),
    "28 pixels by a cut": (world.mnist_by_a_cut, None),
    "grey 32": (lambda: world.grey(4), None),
    "grey 128": (lambda: world.grey(6), None),
    "linear first": (world.tutorial_32, None),
    "kernels of 5": (world.keras_like, None),
    "upsampling": (world.upsampling, None),
    **{
        f"upsampled to {first * 2**blocks}": (functools.partial(world.upsampled, first, blocks), None)
        for first, blocks in ((4, 4), (6, 3), (6, 4), (8, 3), (4, 6), (8, 2), (7, 2))
    },
    "upsampled, two convolutions each": (lambda: world.upsampled(4, 3, each=2), None),
    "dropout between": (world.dropping_out, None),
    "96 pixels by a step of three": (world.anime_96, None),
    "prelu": (world.learnt_slopes, None),
    "instance norm": (world.plain_norms, None),
    "spectral norm": (lambda: world.spectral(spectral_norm), "PyTorch's examples"),
    "spectral norm, new": (lambda: world.spectral(parametrizations.spectral_norm), "PyTorch's examples"),
    "names for a list": (world.fc_names, None),
    "projected, with classes": (world.Projected, None),
    **{
        f"projected, kernels of {kernel}": (functools.partial(world.Projected, kernel=kernel), None)
        for kernel in (3, 5)
    },
    "projected, a norm of the row": (lambda: world.Projected(norm_row=True), None),
    "projected, names for a list": (lambda: world.Projected(named=True), None),
}


def found(table: dict, config: dict | None = None, name: str = "netG.pth") -> Found:
    tree = {key: stored(value) if isinstance(value, torch.Tensor) else value for key, value in table.items()}
    return Found(name, tree, config or {})


def opened(conversion):
    g = build_generator("stack", json.loads(json.dumps(conversion.generator)))
    g.load_state_dict({key: tensor.read() for key, tensor in conversion.weights.items()})
    return g.eval()


@torch.no_grad()
def check(net, conversion) -> None:
    """The same pictures from the same latent values, and from z where these are normal."""
    g, (z, *labels) = opened(conversion), world.inputs(net)
    c = torch.eye(g.num_classes)[labels[0]] if labels else None
    want = net(z, *labels)
    w = z if c is None else torch.cat([z, c], 1)
    torch.testing.assert_close(g.synthesis(w[:, None]), want, rtol=0, atol=1e-5)
    assert want.std() > 0.02 and g.z_dim == net.nz
    uniform = getattr(net, "uniform", False)
    assert conversion.generator["latent"] == ("uniform" if uniform else "normal")
    assert torch.allclose(g(z, c), want, atol=1e-5) != uniform


@pytest.mark.parametrize("case", KNOWN)
def test_a_state_dict_gives_the_pictures_of_its_network(case):
    make, known = KNOWN[case]
    net = world.randomised(make())
    conversion = read(found(net.state_dict()))
    check(net, conversion)
    assert (
        (known in conversion.guessed[0] and known in conversion.kind)
        if known
        else "is not in its file" in conversion.guessed[0]
    )
    assert conversion.about.get("pixel_art", False) == (opened(conversion).image_shape[1] <= 32)


@pytest.mark.parametrize("case", KNOWN)
def test_sorted_names_do_no_harm(case):
    """Safetensors files are sorted: conv_blocks before l1, main.10 before main.2."""
    net = world.randomised(KNOWN[case][0]())
    table = net.state_dict()
    check(net, read(found({key: table[key] for key in sorted(table)})))


@pytest.mark.parametrize(
    "make, words",
    [
        (world.dcgan, "relu and tanh"),
        (lambda: world.dcgan("model"), "relu and tanh"),
        (world.linear_gan, "leaky_relu slope=0.2 and tanh"),
        (world.Udacity, None),
        (world.four_linear, None),
        (world.coursera_mnist, None),
    ],
)
def test_names_that_anybody_gives_do_not_tell_the_activations(make, words):
    guessed = read(found(make().state_dict())).guessed
    assert guessed[1:] == ((f"Its activations are not in its file: {words}, as there.",) if words else ())


def test_every_layout_is_read_by_a_test_and_says_where_it_is_from():
    net = {case: read(found(make().state_dict())).kind for case, (make, known) in KNOWN.items() if known}
    names = {layout.name for layout in stack_layouts.layouts()}
    assert names - set(net.values()) == {"the DCGAN of Wasserstein GAN"}  # below: its names have points in them
    assert all("/" in layout.source or "Coursera" in layout.source for layout in stack_layouts.layouts())


@pytest.mark.parametrize("mark", [".", ":", "-"])
def test_the_names_of_wasserstein_gan(mark):
    net = world.randomised(world.dcgan())
    blocks = ["initial", "pyramid", "pyramid", "pyramid", "final"]
    sizes = ["10-32", "32-16", "16-8", "8-4", "4-3"]
    named = {}
    for key, tensor in net.state_dict().items():
        _, number, leaf = key.split(".")
        block, norm = divmod(int(number), 3)
        size = sizes[block].split("-")[1] if norm else sizes[block]
        named[f"main.{blocks[block]}{mark}{size}{mark}{'batchnorm' if norm else 'convt'}.{leaf}"] = tensor
    conversion = read(found(named))
    check(net, conversion)
    assert "Wasserstein" in conversion.kind


def test_wherever_the_table_lies():
    net, other, d = world.randomised(world.dcgan()), world.dcgan(ngf=5).state_dict(), world.Critic().state_dict()
    g = net.state_dict()
    inert = {key: stored(t) for key, t in g.items()}
    others = {key: stored(t) for key, t in other.items()}
    critic = {key: stored(t) for key, t in d.items()}
    trees = [
        {"epoch": 3, "netD": critic, "netG": inert},
        {"D_state_dict": critic, "G_state_dict": inert},
        {"generator": others, "discriminator": critic, "g_ema": inert},
        {"model": {"state_dict": inert}},
        {f"module.{key}": t for key, t in inert.items()},
        {f"_orig_mod.module.{key}": t for key, t in inert.items()},
        {"state_dict": _under("generator", inert) | _under("discriminator", critic)},
        _under("netG", inert) | _under("netD", critic),
        [inert, critic],
        (critic, inert),
        {"nets": [critic, inert]},
        {"n_averaged": stored(torch.tensor(7))} | _under("module", inert),
        {"initted": stored(torch.zeros(1)), "step": stored(torch.tensor(7))}
        | _under("online_model", others)
        | _under("ema_model", inert),
        _under("online_model.G", others) | _under("ema_model.D", critic) | _under("ema_model.module.G", inert),
        _under("model.generator", inert)
        | _under("model.discriminator", critic)
        | {"loss.steps": stored(torch.zeros(3))},
    ]
    for tree in trees:
        check(net, read(Found("all.ckpt", tree)))


def _under(prefix: str, table: dict) -> dict:
    return {f"{prefix}.{key}": tensor for key, tensor in table.items()}


def test_missing_counters_are_not_missed():
    net = world.randomised(world.dcgan())
    check(net, read(found({key: t for key, t in net.state_dict().items() if "num_batches" not in key})))


def test_a_config_beside_it_narrows_the_guess():
    net = world.randomised(world.OneHot())
    blind = read(found(net.state_dict()))
    assert (blind.generator["z_dim"], blind.generator["num_classes"]) == (14, 0)
    check(net, read(found(net.state_dict(), dict(nz=10, n_classes=4, ngf=4))))
    for lie in (
        dict(nz=99, n_classes=4),
        dict(nz=10, n_classes=5),
        dict(nz="many"),
        dict(nz=10**9, n_classes=-(10**9)),
    ):
        assert read(found(net.state_dict(), lie)).generator["z_dim"] == 14


def test_classes_that_a_first_layer_tells_are_said_to_be_guessed():
    """110 values come in: nobody draws as many latent values, and a hundred and ten classes are usual."""
    table = world.Projected().state_dict()
    guessed = read(found(table)).guessed
    assert guessed[0].startswith("How many classes it knows is not in its file: of the 110 values that come in, 100 ")
    assert guessed[-1].endswith("values come first is not in its file: z first was taken.")
    assert read(found(table, dict(z_dim=110))).generator["num_classes"] == 0
    sure = read(found(table, dict(z_dim=100, n_classes=10)))
    assert sure.generator["num_classes"] == 10 and not any("How many classes" in text for text in sure.guessed)


def test_nothing_is_read_before_it_is_wanted():
    table = world.dcgan().state_dict()

    def refuse():
        raise AssertionError("read")

    lazy = {key: type(stored(t))(tuple(t.shape), t.dtype, refuse) for key, t in table.items()}
    assert read(Found("netG.pth", lazy)).weights["layers.0.weight"].shape == (10, 32, 4, 4)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 4, 4, 2, 1), nn.Flatten(), nn.Linear(1024, 8))
        self.fc_mu, self.fc_var = nn.Linear(8, 4), nn.Linear(8, 4)
        self.decoder = nn.Sequential(nn.Linear(4, 128), nn.Unflatten(1, (8, 4, 4)), nn.ConvTranspose2d(8, 3, 4, 2, 1))


def picture_to_picture():
    return nn.Sequential(
        nn.Conv2d(3, 8, 7),
        nn.InstanceNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, 2, 1),
        nn.ReLU(),
        nn.ConvTranspose2d(16, 8, 3, 2, 1, 1),
        nn.ReLU(),
        nn.Conv2d(8, 3, 7),
        nn.Tanh(),
    )


@pytest.mark.parametrize(
    "net, words",
    [
        (world.Critic(), "it is a discriminator, which judges pictures"),
        (world.Critic(10), "looks at pictures and gives 10 values, such as a classifier"),
        (Autoencoder(), "it is an autoencoder"),
        (picture_to_picture(), "turns pictures into pictures"),
        (world.dcgan(channels=10), "It makes maps of 10 channels, which are no pictures"),
        (nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 50)), "gives 50 values, no square picture"),
        (
            nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 1)),
            "gives 1 value, no square picture: it may be a discriminator",
        ),
        (nn.TransformerEncoderLayer(8, 2, 16), "a transformer or a diffusion model"),
    ],
)
def test_other_networks_are_told_what_they_are(net, words):
    with pytest.raises(
        StudioError, match=f"netG.pth cannot be opened: {re.escape(words) if words[0] == 'i' else '.*' + words}"
    ):
        read(found(net.state_dict()))


@pytest.mark.parametrize(
    "change",
    [
        {"main.3.weight_u": (7,)},
        {"main.3.weight_v": (3, 2)},
        {"main.3.weight_u": ()},
        {"main.5.weight_orig": (16,), "main.5.weight_u": (16,), "main.5.weight_v": (1,)},
    ],
)
def test_a_spectral_norm_that_does_not_fit_is_refused(change):
    table = world.spectral(spectral_norm).state_dict() | {key: torch.zeros(shape) for key, shape in change.items()}
    with pytest.raises(StudioError, match="spectral norm of main.[35] does not fit"):
        read(found(table))


def test_words_without_end_lead_nowhere():
    assert read(found({f"{'gen.' * 3000}0.weight": torch.zeros(3), "gen.1.weight": torch.zeros(3)})) is None


def test_numbers_of_thousands_of_digits_are_names_like_others():
    assert read(found({f"main.{'9' * 5000}.weight": torch.zeros(3), "main.1.weight": torch.zeros(2, 5)})) is None


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"step": 3},
        {"a.weight": torch.zeros(3)},
        {"weight": torch.zeros(2, 3, 4)},
        {"a.weight": torch.zeros(0, 4), "b.weight": torch.zeros(0, 0, 3, 3), "c.weight": torch.zeros(0)},
        {"synthesis.b4.const": torch.zeros(8, 4, 4), "mapping.fc0.weight": torch.zeros(8, 8)},
        {f"n{i}.weight": torch.zeros(4, 4) for i in range(500)},
        {f"n.{i}.weight": torch.zeros(5, 5, 3, 3) for i in range(150)},
    ],
)
def test_what_is_no_stack_is_left_to_others(table):
    assert read(found(table)) is None
