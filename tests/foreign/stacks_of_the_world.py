"""Generators as well-known code builds them, small: what people's state dicts are saved from. For tests of what is
read."""

import torch
from torch import nn


def randomised(net: nn.Module) -> nn.Module:
    """The network in evaluation mode, every weight and statistic a number of its own."""
    draw = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if name.endswith("running_var"):
                tensor.copy_(torch.rand(tensor.shape, generator=draw) + 0.5)
            elif tensor.is_floating_point() and not name.endswith(("_u", "_v")):
                tensor.copy_(torch.randn(tensor.shape, generator=draw) * 0.3)
    net(*inputs(net))  # spectral norm settles its vectors while training
    return net.eval()


def inputs(net: nn.Module, n: int = 5):
    """z, and labels where it takes them."""
    z = torch.randn(n, net.nz, generator=torch.Generator().manual_seed(2))
    return (z, torch.arange(n) % net.classes) if getattr(net, "classes", 0) else (z,)


class Stack(nn.Module):
    """A Sequential under one name, which takes z as it is or as maps of 1x1."""

    def __init__(self, name: str, *layers: nn.Module, maps: bool = True, shape=None):
        super().__init__()
        self.inside, self.maps, self.shape = name, maps, shape
        self.add_module(name, nn.Sequential(*layers))
        first = next(p for p in self.parameters())
        self.nz = first.shape[0] if maps else first.shape[1]

    def forward(self, z):
        x = getattr(self, self.inside)(z[:, :, None, None] if self.maps else z)
        return x if self.shape is None else x.view(-1, *self.shape)


def blocks(convs, act=nn.ReLU, bias=False, nested=False, last=nn.Tanh):
    """Transposed convolutions (in, out, kernel, stride, padding, output padding) with batch norm between."""
    layers = []
    for i, (a, b, *more) in enumerate(convs):
        conv = nn.ConvTranspose2d(a, b, *more, bias=bias)
        block = [conv, nn.BatchNorm2d(b), act()] if i + 1 < len(convs) else [conv, last()]
        layers += [nn.Sequential(*block)] if nested else block
    return layers


def dcgan(name="main", nz=10, ngf=4, channels=3, **more):
    sizes = [
        (nz, ngf * 8, 4, 1, 0),
        (ngf * 8, ngf * 4, 4, 2, 1),
        (ngf * 4, ngf * 2, 4, 2, 1),
        (ngf * 2, ngf, 4, 2, 1),
        (ngf, channels, 4, 2, 1),
    ]
    return Stack(name, *blocks(sizes, **more))


def cryptopunks():
    return Stack("network", *blocks([(10, 16, 3, 1, 0), (16, 8, 3, 2, 1), (8, 6, 4, 2, 0), (6, 4, 4, 2, 1)]))


def coursera_mnist():
    return Stack("gen", *blocks([(10, 16, 3, 2), (16, 8, 4, 1), (8, 5, 3, 2), (5, 1, 4, 2)], bias=True, nested=True))


def coursera_celeba():
    return Stack(
        "gen",
        *blocks([(10, 16, 3, 2), (16, 8, 3, 2), (8, 6, 3, 2), (6, 5, 3, 2), (5, 3, 4, 2)], bias=True, nested=True),
    )


def mnist_seven():
    return Stack("main", *blocks([(10, 16, 7, 1, 0), (16, 8, 4, 2, 1), (8, 6, 4, 2, 1), (6, 1, 3, 1, 1)]))


def mnist_by_an_odd_step():
    return Stack("main", *blocks([(10, 16, 4, 1, 0), (16, 8, 3, 2, 1), (8, 6, 4, 2, 1), (6, 1, 4, 2, 1)]))


def mnist_by_a_cut():
    """32 pixels, of which the last layer cuts off a margin."""
    return Stack(
        "main", *blocks([(10, 16, 4, 1, 0), (16, 8, 4, 2, 1), (8, 7, 4, 2, 1), (7, 6, 4, 2, 1), (6, 1, 1, 1, 2)])
    )


def grey(convs: int):
    sizes = [(10, 8, 4, 1, 0), *[(8, 8, 4, 2, 1)] * (convs - 2), (8, 1, 4, 2, 1)]
    return Stack("main", *blocks(sizes, bias=True))


def tutorial_32():
    return Stack(
        "layers",
        nn.Linear(10, 8 * 16),
        nn.Unflatten(1, (8, 4, 4)),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        *blocks([(8, 7, 4, 2, 1), (7, 6, 4, 2, 1), (6, 5, 4, 2, 1), (5, 3, 3, 1, 1)], bias=True),
        maps=False,
    )


def keras_like():
    """Transposed convolutions of 5 as in TensorFlow's tutorial, and sigmoid-free."""
    return Stack(
        "net",
        nn.Linear(10, 8 * 49, bias=False),
        nn.BatchNorm1d(8 * 49),
        nn.ReLU(),
        nn.Unflatten(1, (8, 7, 7)),
        nn.ConvTranspose2d(8, 6, 5, 1, 2, bias=False),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.ConvTranspose2d(6, 5, 5, 2, 2, 1, bias=False),
        nn.BatchNorm2d(5),
        nn.ReLU(),
        nn.ConvTranspose2d(5, 1, 5, 2, 2, 1, bias=False),
        nn.Tanh(),
        maps=False,
    )


def upsampling():
    return Stack(
        "body",
        nn.Linear(10, 8 * 49),
        nn.Unflatten(1, (8, 7, 7)),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(8, 8, 3, 1, 1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(8, 6, 3, 1, 1),
        nn.ReLU(),
        nn.Conv2d(6, 1, 3, 1, 1),
        nn.Tanh(),
        maps=False,
    )


def upsampled(first: int, blocks: int, each=1, kernel=3):
    """A linear layer laid out, then blocks of an upsample and `each` convolutions, and one convolution to the
    picture."""
    layers = [nn.Linear(10, 8 * first**2), nn.Unflatten(1, (8, first, first))]
    for _ in range(blocks):
        convs = [[nn.Conv2d(8, 8, kernel, 1, kernel // 2), nn.BatchNorm2d(8), nn.ReLU()] for _ in range(each)]
        layers += [nn.Upsample(scale_factor=2), *sum(convs, [])]
    return Stack("main", *layers, nn.Conv2d(8, 3, 3, 1, 1), nn.Tanh(), maps=False)


def anime_96():
    """The generator of pytorch-book's chapter on anime faces: kernels of 4, and a last step of three pixels."""
    sizes = [(10, 16, 4, 1, 0), (16, 8, 4, 2, 1), (8, 6, 4, 2, 1), (6, 5, 4, 2, 1), (5, 3, 5, 3, 1)]
    return Stack("main", *blocks(sizes))


def dropping_out():
    return Stack(
        "main",
        nn.Linear(10, 12),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(12, 14),
        nn.BatchNorm1d(14),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(14, 3 * 256),
        nn.Tanh(),
        maps=False,
        shape=(3, 16, 16),
    )


def learnt_slopes():
    return Stack(
        "main",
        nn.ConvTranspose2d(10, 8, 4, 1, 0),
        nn.PReLU(8),
        nn.ConvTranspose2d(8, 8, 4, 2, 1),
        nn.BatchNorm2d(8),
        nn.PReLU(),
        nn.ConvTranspose2d(8, 3, 4, 2, 1),
        nn.Tanh(),
    )


def plain_norms():
    return Stack(
        "main",
        *[
            nn.InstanceNorm2d(layer.num_features, affine=True) if isinstance(layer, nn.BatchNorm2d) else layer
            for layer in dcgan()._modules["main"]
        ],
    )


def spectral(norm):
    net = dcgan()
    for layer in net._modules["main"]:
        if isinstance(layer, nn.ConvTranspose2d):
            norm(layer)
    return net


def linear_gan():
    return Stack("model", *_dense(10), maps=False, shape=(1, 28, 28))


def fc_names():
    """Attributes in place of a list: fc, then fc2, ... and their norms, ReLU between."""

    class Named(nn.Module):
        nz = 10

        def __init__(self):
            super().__init__()
            self.fc1, self.bn1 = nn.Linear(10, 12), nn.BatchNorm1d(12)
            self.fc2, self.bn2 = nn.Linear(12, 14), nn.BatchNorm1d(14)
            self.fc3 = nn.Linear(14, 3 * 256)

        def forward(self, z):
            h = torch.relu(self.bn2(self.fc2(torch.relu(self.bn1(self.fc1(z))))))
            return torch.tanh(self.fc3(h)).view(-1, 3, 16, 16)

    return Named()


def four_linear():
    """fc1 to fc4, leaky between."""

    class Named(nn.Module):
        nz = 10

        def __init__(self):
            super().__init__()
            self.fc1, self.fc2, self.fc3, self.fc4 = (
                nn.Linear(a, b) for a, b in ((10, 12), (12, 14), (14, 16), (16, 784))
            )

        def forward(self, z):
            for layer in (self.fc1, self.fc2, self.fc3):
                z = nn.functional.leaky_relu(layer(z), 0.2)
            return torch.tanh(self.fc4(z)).view(-1, 1, 28, 28)

    return Named()


class Udacity(nn.Module):
    """fc without an activation, then transposed convolutions with ReLU."""

    nz, uniform = 10, True

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 8 * 16)
        self.t_conv1 = nn.Sequential(nn.ConvTranspose2d(8, 6, 4, 2, 1, bias=False), nn.BatchNorm2d(6))
        self.t_conv2 = nn.Sequential(nn.ConvTranspose2d(6, 5, 4, 2, 1, bias=False), nn.BatchNorm2d(5))
        self.t_conv3 = nn.Sequential(nn.ConvTranspose2d(5, 3, 4, 2, 1, bias=False))

    def forward(self, z):
        h = self.fc(z).view(-1, 8, 4, 4)
        return torch.tanh(self.t_conv3(torch.relu(self.t_conv2(torch.relu(self.t_conv1(h))))))


class FacesWithAConv(nn.Module):
    """Nested blocks, a convolution that keeps the size among them, leaky, the first block bare."""

    nz, uniform = 10, True

    def __init__(self):
        super().__init__()
        convs = [
            nn.ConvTranspose2d(10, 8, 4, 1, 0, bias=False),
            nn.Conv2d(8, 7, 3, 1, 1, bias=False),
            nn.ConvTranspose2d(7, 6, 4, 2, 1, bias=False),
            nn.ConvTranspose2d(6, 5, 4, 2, 1, bias=False),
        ]
        blocks = [
            nn.Sequential(conv, nn.BatchNorm2d(conv.out_channels), *([nn.LeakyReLU(0.2)] if i else []))
            for i, conv in enumerate(convs)
        ]
        self.generator_deconv = nn.Sequential(*blocks, nn.Sequential(nn.ConvTranspose2d(5, 3, 4, 2, 1), nn.Tanh()))

    def forward(self, z):
        return self.generator_deconv(z[:, :, None, None])


class PyTorchGan(nn.Module):
    """l1 and conv_blocks; join: None, "multiply" or "z first"."""

    def __init__(self, side=32, channels=1, join=None, act=lambda: nn.LeakyReLU(0.2)):
        super().__init__()
        self.nz, self.classes, self.join, self.first = 10, 4 if join else 0, join, side // 4
        if join:
            self.label_emb = nn.Embedding(4, 10 if join == "multiply" else 6)
        self.l1 = nn.Sequential(nn.Linear(16 if join == "z first" else 10, 8 * self.first**2))
        self.conv_blocks = nn.Sequential(
            nn.BatchNorm2d(8),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 8, 3, 1, 1),
            nn.BatchNorm2d(8, 0.8),
            act(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 6, 3, 1, 1),
            nn.BatchNorm2d(6, 0.8),
            act(),
            nn.Conv2d(6, channels, 3, 1, 1),
            nn.Tanh(),
        )

    def forward(self, z, labels=None):
        e = self.label_emb(labels) if self.join else None
        h = {None: lambda: z, "multiply": lambda: e * z, "z first": lambda: torch.cat([z, e], 1)}[self.join]()
        return self.conv_blocks(self.l1(h).view(-1, 8, self.first, self.first))


class LinearCgan(nn.Module):
    """Fully connected, the class's embedding before z."""

    nz, classes = 10, 4

    def __init__(self):
        super().__init__()
        self.label_emb = nn.Embedding(4, 4)
        self.model = nn.Sequential(*_dense(14))

    def forward(self, z, labels):
        return self.model(torch.cat([self.label_emb(labels), z], -1)).view(-1, 1, 28, 28)


class OneHot(nn.Module):
    """z and a one-hot class side by side into a DCGAN: only a config beside it says so."""

    nz, classes = 10, 4

    def __init__(self):
        super().__init__()
        self.net = dcgan("main", 14)._modules["main"]

    def forward(self, z, labels):
        return self.net(torch.cat([z, torch.eye(4)[labels]], 1)[:, :, None, None])


class Projected(nn.Module):
    """z and a one-hot class of ten into a linear layer, laid out and normed as feature maps, and a convolution of 3 at
    the end. named: every layer is an attribute of its own, in place of lists."""

    nz, classes = 100, 10

    def __init__(self, named=False, kernel=4, norm_row=False):
        super().__init__()
        more = {3: (2, 1, 1), 4: (2, 1, 0), 5: (2, 2, 1)}[kernel]
        self.named, self.norm_row = named, norm_row
        self.project = nn.Linear(110, 8 * 49)
        self.bn0 = nn.BatchNorm1d(8 * 49) if norm_row else nn.BatchNorm2d(8)
        up1, up2 = nn.ConvTranspose2d(8, 6, kernel, *more), nn.ConvTranspose2d(6, 5, kernel, *more)
        last = nn.Conv2d(5, 1, 3, 1, 1)
        if named:
            self.deconv1, self.bn1 = up1, nn.BatchNorm2d(6)
            self.deconv2, self.bn2, self.out = up2, nn.BatchNorm2d(5), last
        else:
            blocks = [up1, nn.BatchNorm2d(6), nn.ReLU(), up2, nn.BatchNorm2d(5), nn.ReLU(), last, nn.Tanh()]
            self.net = nn.Sequential(*blocks)

    def forward(self, z, labels):
        h = self.project(torch.cat([z, torch.eye(10)[labels]], 1))
        h = torch.relu(self.bn0(h)).view(-1, 8, 7, 7) if self.norm_row else torch.relu(self.bn0(h.view(-1, 8, 7, 7)))
        if not self.named:
            return self.net(h)
        h = torch.relu(self.bn2(self.deconv2(torch.relu(self.bn1(self.deconv1(h))))))
        return torch.tanh(self.out(h))


def _dense(inputs: int) -> list[nn.Module]:
    layers = [nn.Linear(inputs, 12), nn.LeakyReLU(0.2)]
    for a, b in ((12, 14), (14, 16)):
        layers += [nn.Linear(a, b), nn.BatchNorm1d(b, 0.8), nn.LeakyReLU(0.2)]
    return [*layers, nn.Linear(16, 784), nn.Tanh()]


class Critic(nn.Module):
    """The discriminator of DCGAN; with `classes` a classifier."""

    def __init__(self, classes=1):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, 4, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(4, 8, 4, 2, 1, bias=False),
            nn.BatchNorm2d(8),
            nn.LeakyReLU(0.2),
            nn.Conv2d(8, classes, 4, 1, 0, bias=False),
        )
