"""The adversarial game itself: one loop that yields records and knows no screen, no file and no model's name."""

import copy
from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.knobs import from_values, to_values
from gan.networks.contract import Discriminator, Generator
from gan.training.augment import augment
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.ema import Ema
from gan.training.fixed import Fixed, first_seeds
from gan.training.losses import LOSSES
from gan.training.penalties import PENALTIES
from gan.training.records import ChangeRecord, GridRecord, Record, SignalRecord, StepRecord
from gan.training.signals import Probe

_TOTALS = ("loss_d", "loss_g", "accuracy_real", "accuracy_fake", "penalty")


class Trainer:
    """Train a pair on samples. All chance comes from one generator, so that a saved state continues bit for bit.

    Both networks are trained in place, on the device of `data`. `ema.average` is the generator to show and to keep.
    `fixed` are pictures that come first in every grid. Raises StudioError where networks, data and these do not fit each other.
    """

    def __init__(self, generator: Generator, discriminator: Discriminator, data: Samples, config: TrainConfig,
                 fixed: Fixed | None = None):
        _check_fit(generator, discriminator, data)
        if fixed is not None:
            fixed.check_fit(generator)
        self._fixed = fixed
        device = data.x.device
        self.data, self.device = data, device
        self.generator, self.discriminator = generator.to(device).train(), discriminator.to(device).train()
        self.ema = Ema(self.generator, config.ema_kimg, config.ema_rampup)
        adam = partial(torch.optim.Adam, eps=1e-8, fused=True)
        self.optimizer_g, self.optimizer_d = adam(self.generator.parameters()), adam(self.discriminator.parameters())
        self.rng = torch.Generator(device).manual_seed(config.seed)
        self.step = 0
        self.images = 0     # training pictures drawn so far, counted as the papers count kimg: one batch for each step
        self._totals = torch.zeros(len(_TOTALS), device=device)
        self._since = 0
        self._use(config)

    def change(self, **fields) -> ChangeRecord:
        """Go on from here with other settings, named as in TrainConfig; the record says which of them really changed.

        All may change but `seed`. The state carries them, so that a resumed run goes on with the settings in force.
        Raises StudioError, and changes nothing, where a setting is unknown or out of its range.
        """
        before, after = to_values(self.config), to_values(from_values(TrainConfig, to_values(self.config) | fields))
        changes = {name: value for name, value in after.items() if value != before[name]}
        if "seed" in changes:
            raise StudioError("The seed of a run that has begun cannot change.", "Start a new run with that seed.")
        self._use(from_values(TrainConfig, after))
        return ChangeRecord(self.step, changes)

    def run(self, until: int) -> Iterator[Record]:
        """Play until step `until`, yielding each record when it is due. Stop iterating at any time; call again to go on."""
        if self.step == 0 and self.config.grid_every:
            yield self.grid()
        while self.step < until:
            due = (self.step + 1) % self.config.record_every == 0
            norm_d = self._train_discriminator(due)
            norm_g = self._train_generator(due)
            self.step += 1
            self.images += self.config.batch_size
            self._since += 1
            self.ema.update(self.config.batch_size, self.images)
            if due:
                yield self._step_record(norm_d, norm_g)
            if self.config.grid_every and self.step % self.config.grid_every == 0:
                yield self.grid()
            if self.config.signals_every and self.step % self.config.signals_every == 0:
                yield self.signals()

    def signals(self) -> SignalRecord:
        """The averaged generator's samples measured against the training data."""
        if self._probe is None:
            self._probe = Probe(self.data, self.config)
        return self._probe.measure(self.ema.average, self.step)

    def grid(self) -> GridRecord:
        """Samples of the averaged generator from latents that stay the same all run; takes nothing from its chance."""
        with torch.no_grad():
            x = self._grid.paint(self.ema.average)
        return GridRecord(self.step, x.cpu().numpy())

    def state_dict(self) -> dict:
        """Everything that the next step depends on: nested dicts of tensors and plain values.

        As everywhere in PyTorch the tensors are the live ones: save or copy them before playing on.
        """
        return dict(
            step=self.step, images=self.images, config=to_values(self.config), since=self._since, totals=self._totals, rng=self.rng.get_state(),
            generator=self.generator.state_dict(), discriminator=self.discriminator.state_dict(),
            ema=self.ema.average.state_dict(),
            optimizer_g=self.optimizer_g.state_dict(), optimizer_d=self.optimizer_d.state_dict(),
        )

    def load_state_dict(self, state: dict) -> None:
        """The inverse of `state_dict`, settings included. Nothing of `state` is shared with this trainer afterwards.

        States of earlier versions hold no settings: this trainer's own are then the ones in force.
        """
        state = copy.deepcopy(state)
        self._use(from_values(TrainConfig, state["config"]) if "config" in state else self.config)
        self.step, self._since = state["step"], state["since"]
        self.images = state.get("images", self.step * self.config.batch_size)
        self._totals = state["totals"].to(self.device)
        self.rng.set_state(state["rng"].cpu())
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        self.ema.average.load_state_dict(state["ema"])
        self.optimizer_g.load_state_dict(state["optimizer_g"])
        self.optimizer_d.load_state_dict(state["optimizer_d"])

    def _use(self, config: TrainConfig) -> None:
        """Put settings in force: whatever is derived from them is derived here."""
        self.config = config
        self.loss, self.penalty = LOSSES[config.loss], PENALTIES.get(config.penalty)
        for optimizer, lr in ((self.optimizer_g, config.g_lr), (self.optimizer_d, config.d_lr)):
            for group in optimizer.param_groups:
                group.update(lr=lr, betas=(config.beta1, config.beta2))
        self.ema.pictures, self.ema.rampup = config.ema_kimg * 1000, config.ema_rampup
        self._grid = self._grid_latents(config.grid_size).to(self.device)
        self._probe = None      # made when it is first needed, and again for other augmentations

    def _train_discriminator(self, due: bool) -> Tensor | None:
        """d_steps updates; returns the gradient's norm where a record is due."""
        self.discriminator.requires_grad_(True)
        for i in range(self.config.d_steps):
            self.optimizer_d.zero_grad(set_to_none=True)
            loss, parts = self._discriminator_loss(self.step * self.config.d_steps + i)
            loss.backward()
            norm = _grad_norm(self.discriminator) if due else None
            self.optimizer_d.step()
            self._totals += parts / self.config.d_steps
        return norm

    def _discriminator_loss(self, update: int) -> tuple[Tensor, Tensor]:
        """The loss with its penalty, and this update's share of the totals."""
        real, real_c = self.data.draw(self.config.batch_size, self.rng)
        if self.config.mirror and real.dim() == 4:
            real = augment(real, ("flip",), 1.0, self.rng)
        with torch.no_grad():
            fake, fake_c = self._samples()
        real_logits, fake_logits = self._judge(real, real_c), self._judge(fake, fake_c)
        loss = total = self.loss.d(real_logits, fake_logits)
        penalty = loss.new_zeros([])
        if self.penalty is not None and update % self.config.penalty_every == 0:
            penalty = self.penalty(lambda x: self._judge(x, real_c), real, fake, self.rng)
            total = loss + penalty * (self.config.penalty_weight * self.config.penalty_every)
        with torch.no_grad():
            zero = loss.new_zeros([])
            cut = (real_logits.mean() + fake_logits.mean()) / 2 if self.loss.cut is None else self.loss.cut
            right = (real_logits > cut).float().mean(), (fake_logits < cut).float().mean()
            parts = torch.stack([loss, zero, *right, penalty])
        return total, parts

    def _train_generator(self, due: bool) -> Tensor | None:
        """One update; returns the gradient's norm where a record is due."""
        self.discriminator.requires_grad_(False)
        self.optimizer_g.zero_grad(set_to_none=True)
        loss = self.loss.g(self._judge(*self._samples()))
        loss.backward()
        norm = _grad_norm(self.generator) if due else None
        self.optimizer_g.step()
        self._totals[1] += loss.detach()
        return norm

    def _samples(self) -> tuple[Tensor, Tensor | None]:
        """A batch of the generator's pictures from fresh latents, classes and noise."""
        n = self.config.batch_size
        z = torch.randn((n, self.generator.z_dim), generator=self.rng, device=self.device)
        c = self.data.draw_classes(n, self.rng)
        noise = partial(torch.randn, generator=self.rng, device=self.device)
        return self.generator(z, c, noise), c

    def _judge(self, x: Tensor, c: Tensor | None) -> Tensor:
        return self.discriminator(augment(x, self.config.augment, self.config.augment_p, self.rng), c)

    def _step_record(self, norm_d: Tensor, norm_g: Tensor) -> StepRecord:
        means = dict(zip(_TOTALS, (self._totals / self._since).tolist()))
        self._totals.zero_()
        self._since = 0
        return StepRecord(self.step, self.images, **means, grad_norm_d=float(norm_d), grad_norm_g=float(norm_g))

    def _grid_latents(self, n: int) -> Fixed:
        """The fixed pictures, then seeds 0, 1, 2, ... until there are n."""
        seeds = first_seeds(n, self.generator)
        return seeds if self._fixed is None else self._fixed.then(seeds)[:n]


def _grad_norm(network: torch.nn.Module) -> Tensor:
    """The Euclidean norm of all gradients together."""
    return torch.nn.utils.get_total_norm([p.grad for p in network.parameters() if p.grad is not None])


def _check_fit(generator: Generator, discriminator: Discriminator, data: Samples) -> None:
    shapes = {"generator": generator.image_shape, "discriminator": discriminator.image_shape}
    for name, shape in shapes.items():
        if tuple(shape) != data.shape:
            raise StudioError(f"The {name} works on samples of shape {tuple(shape)}, the data has {data.shape}.",
                              "Choose a pair for that shape, or resize the pictures.")
    if not generator.num_classes == discriminator.num_classes == data.num_classes:
        raise StudioError(f"The generator has {generator.num_classes} classes, the discriminator "
                          f"{discriminator.num_classes} and the data {data.num_classes}.", "They must have the same classes.")
    if not len(data):
        raise StudioError("There are no pictures to learn from.", "Add some and start again.")
