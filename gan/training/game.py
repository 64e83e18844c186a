"""What both players see of one part of a batch, and what each has to lose there."""

import math

import torch
from torch import Tensor

from gan.networks.contract import Discriminator, Generator
from gan.training.ada import Ada
from gan.training.augment import augment
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.losses import LOSSES
from gan.training.penalties import PENALTIES, Pictures
from gan.training.random_source import RandomSource
from gan.training.styles import SHRINK, Paths, mixed, path_lengths, path_penalty


class Game:
    """The rules in force: how a part of a batch is drawn, painted, changed and judged, and what that costs whom.

    It moves no weight. `ada` and `paths` are read here, and told by whoever plays.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        data: Samples,
        config: TrainConfig,
        ada: Ada,
        paths: Paths,
        part_size: int,
    ) -> None:
        self._generator, self._discriminator, self._data, self._config = generator, discriminator, data, config
        self._ada, self._paths, self._part_size = ada, paths, part_size
        self.loss, self._penalty = LOSSES[config.loss], PENALTIES.get(config.penalty)

    def discriminator_loss(self, update: int, rng: RandomSource) -> tuple[Tensor, ...]:
        """The loss with its penalty, real and fake logits, the loss without, and the penalty unweighted."""
        real = self._training_pictures(rng)
        with torch.no_grad():
            fake = self._samples(rng, real)
        real_logits, fake_logits = self._judge(*real, rng), self._judge(*fake, rng)
        loss = total = self.loss.d(real_logits, fake_logits)
        penalty = loss.new_zeros([])
        if self._penalty is not None and update % self._config.penalty_every == 0:
            penalty = self._penalty.of(lambda x, c: self._judge(x, c, rng), real, fake, rng)
            total = loss + penalty * (self._config.penalty_weight * self._config.penalty_every)
        return total, real_logits, fake_logits, loss, penalty

    def generator_loss(self, rng: RandomSource) -> Tensor:
        """Training pictures are drawn and judged only where the loss looks at them."""
        if not self.loss.relativistic:
            return self.loss.g(None, self._judge(*self._samples(rng), rng))
        real = self._training_pictures(rng)
        with torch.no_grad():
            real_logits = self._judge(*real, rng)
        return self.loss.g(real_logits, self._judge(*self._samples(rng, real), rng))

    def even_out(self, rng: RandomSource) -> Tensor:
        """Add the gradients of the path lengths that fall to this part; returns its share of their mean, 0 where it has
        none."""
        total = math.ceil(self._config.batch_size / SHRINK)
        rng = rng.another(total)
        if not rng.rows:
            return self._paths.usual.new_zeros([])
        self._generator.eval()  # what it tracks of its w is what the batch itself left
        w, _ = self._styles(rng.rows, rng)
        self._generator.train()
        lengths = path_lengths(self._paint(w, rng), w, rng)
        share = rng.rows * rng.parts / total
        weight = self._config.path_length * self._config.path_every * share / self._config.accumulate
        (path_penalty(lengths, self._paths.usual) * weight).backward()
        return lengths.detach().mean() * share

    def _training_pictures(self, rng: RandomSource) -> Pictures:
        """Some of them mirrored if asked for."""
        x, c = self._data.draw(self._part_size, rng)
        if self._config.mirror and x.dim() == 4:
            x = augment(x, ("flip",), 1.0, rng)
        return x, c

    def _samples(self, rng: RandomSource, real: Pictures | None = None) -> Pictures:
        """The generator's pictures, from fresh latents, classes and noise.

        A relativistic loss holds each against one of `real`, and so they share their classes.
        """
        c = real[1] if real is not None and self.loss.relativistic else None
        w, c = self._styles(self._part_size, rng, c)
        return self._paint(w, rng), c

    def _styles(self, n: int, rng: RandomSource, c: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """n fresh w, some of them mixed where there are styles to mix, and their classes, drawn unless given."""
        z = rng.randn(n, self._generator.z_dim)
        c = self._data.draw_classes(n, rng) if c is None else c
        if self._config.style_mixing and self._generator.num_ws > 1:
            return mixed(self._generator, z, c, self._config.style_mixing, rng), c
        return self._generator.mapping(z, c), c

    def _paint(self, w: Tensor, rng: RandomSource) -> Tensor:
        with self._precision(w):
            return self._generator.synthesis(w, lambda shape: rng.randn(*shape)).float()

    def _judge(self, x: Tensor, c: Tensor | None, rng: RandomSource) -> Tensor:
        x = augment(x, self._config.changes, self._ada.share(self._config), rng)
        with self._precision(x):
            return self._discriminator(x, c).float()

    def _precision(self, x: Tensor) -> torch.autocast:
        """For what costs time, synthesis and discriminator. Mapping, changes, losses and penalties are in float32."""
        return torch.autocast(x.device.type, torch.bfloat16, enabled=self._config.precision == "bfloat16")
