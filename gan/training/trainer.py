"""The adversarial game itself: one loop that yields records and knows no screen, no file and no model's name."""

import copy
import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.field_metadata import from_values, to_values
from gan.messages import say
from gan.networks.contract import Discriminator, Generator
from gan.training.accumulation import check_parts, parts_of_batch, pieces
from gan.training.ada import Ada
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.ema import Ema
from gan.training.game import Game
from gan.training.memory_format import lay_out, placed
from gan.training.random_source import RandomSource
from gan.training.records import ChangeRecord, GridRecord, Record, SignalRecord, StepRecord
from gan.training.sample_grid import GridLatents, first_seeds
from gan.training.signals import Probe
from gan.training.styles import Paths
from gan.training.team import ALONE, Team

_TOTALS = ("loss_d", "loss_g", "accuracy_real", "accuracy_fake", "penalty")


class Trainer:
    """Train a pair on samples. All random numbers come from one generator, so that a saved state continues bit for bit.

    Both networks are trained in place, on the device of `data`. `ema.average` is the generator to show and to keep.
    `fixed` are pictures that come first in every grid. In a team each process has a trainer like this one, and the
    lead's tells the others what it does before it does it: "play", "change" with its fields, and "restore", for which
    they load the same state. Raises StudioError where networks, data and fixed pictures do not fit each other, or the
    batch cannot be cut.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        data: Samples,
        config: TrainConfig,
        fixed: GridLatents | None = None,
        team: Team = ALONE,
    ) -> None:
        _check_fit(generator, discriminator, data)
        if fixed is not None:
            fixed.check_fit(generator)
        self._fixed = fixed
        device = data.x.device
        self.data, self.device, self.team = data, device, team
        self.generator, self.discriminator = placed(generator, device).train(), placed(discriminator, device).train()
        self.ema = Ema(self.generator, config.ema_kimg, config.ema_rampup)
        adam = partial(torch.optim.Adam, eps=1e-8, fused=True)
        self.optimizer_g, self.optimizer_d = adam(self.generator.parameters()), adam(self.discriminator.parameters())
        self.rng = torch.Generator(device).manual_seed(config.seed)
        self.step = 0
        self.images = 0  # training pictures drawn so far, counted as the papers count kimg: one batch for each step
        self.ada, self.paths = Ada(device), Paths(device)
        self._totals = torch.zeros(len(_TOTALS), device=device)
        self._since = 0
        self._probe: Probe | None = None
        self._use(config)

    def change(self, **fields: Any) -> ChangeRecord:
        """Go on from here with other settings, named as in TrainConfig; the record says which of them really changed.

        All may change but `seed`. The state carries them, so that a resumed run goes on with the settings in force.
        Raises StudioError, and changes nothing, where a setting is unknown or out of its range.
        """
        before, after = to_values(self.config), to_values(from_values(TrainConfig, to_values(self.config) | fields))
        changes = {name: value for name, value in after.items() if value != before[name]}
        if "seed" in changes:
            raise StudioError("The seed of a run that has begun cannot change.", "Start a new run with that seed.")
        self._use(from_values(TrainConfig, after))
        self.team.tell("change", fields=changes)
        return ChangeRecord(self.step, changes)

    def run(self, until: int) -> Iterator[Record]:
        """Play until step `until`, yielding each record when it is due. Stop iterating at any time; call again to go
        on."""
        if self.step == 0 and self.config.grid_every:
            yield self.grid()
        while self.step < until:
            record = self.play()
            if record:
                yield record
            if self.config.grid_every and self.step % self.config.grid_every == 0:
                yield self.grid()
            if self.config.signals_every and self.step % self.config.signals_every == 0:
                yield self.signals()

    def play(self) -> StepRecord | None:
        """One step, and its record where one is due."""
        self.team.tell("play")
        due = (self.step + 1) % self.config.record_every == 0
        warming = self.step < self.config.warmup_steps
        if self.generator.training == warming:
            self.generator.train(not warming)  # while it waits it does not track its w either
        norm_d = self._train_discriminator(due)
        norm_g = (0.0 if due else None) if warming else self._train_generator(due)
        self.step += 1
        self.images += self.config.batch_size
        self._since += 1
        if not warming:
            self.ema.update(self.config.batch_size, self.images)
        if norm_d is None or norm_g is None:  # no record is due
            return None
        return self._step_record(norm_d, norm_g)

    def signals(self) -> SignalRecord:
        """The averaged generator's samples measured against the training data."""
        if self._probe is None:
            self._probe = Probe(self.data, self.config)
        return self._probe.measure(self.ema.average, self.step)

    def grid(self) -> GridRecord:
        """Samples of the averaged generator from latents that stay the same all run; draws nothing."""
        parts = pieces(len(self._grid), self.generator.image_shape, self.config.accumulate)
        size = math.ceil(len(self._grid) / parts)  # where a batch does not fit, a grid need not either
        with torch.no_grad():
            x = torch.cat(
                [self._grid[at : at + size].paint(self.ema.average) for at in range(0, len(self._grid), size)]
            )
        return GridRecord(self.step, x.cpu().numpy())

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next step depends on: nested dicts of tensors and plain values.

        As everywhere in PyTorch the tensors are the live ones: save or copy them before playing on.
        """
        return dict(
            step=self.step,
            images=self.images,
            config=to_values(self.config),
            since=self._since,
            totals=self._totals,
            rng=self.rng.get_state(),
            ada=self.ada.state_dict(),
            paths=self.paths.state_dict(),
            generator=self.generator.state_dict(),
            discriminator=self.discriminator.state_dict(),
            ema=self.ema.average.state_dict(),
            optimizer_g=self.optimizer_g.state_dict(),
            optimizer_d=self.optimizer_d.state_dict(),
        )

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The inverse of `state_dict`, settings included. Nothing of `state` is shared with this trainer afterwards.

        States of earlier versions hold no settings: this trainer's own are then the ones in force. Nor do they hold
        what was not there to be kept.
        """
        self.team.tell("restore")
        state = copy.deepcopy(state)
        self._use(from_values(TrainConfig, state["config"]) if "config" in state else self.config)
        self.step, self._since = state["step"], state["since"]
        self.images = state.get("images", self.step * self.config.batch_size)
        self._totals = state["totals"].to(self.device)
        self.rng.set_state(state["rng"].cpu())
        for name in {"ada", "paths"} & state.keys():
            getattr(self, name).load_state_dict(state[name])
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        self.ema.average.load_state_dict(state["ema"])
        self.optimizer_g.load_state_dict(state["optimizer_g"])
        self.optimizer_d.load_state_dict(state["optimizer_d"])
        lay_out(self.optimizer_g)
        lay_out(self.optimizer_d)

    def _use(self, config: TrainConfig) -> None:
        """Put settings in force: whatever is derived from them is derived here. Raises StudioError before anything
        changes."""
        check_parts(config, self.team)
        self.config = config
        part_size = config.batch_size // (config.accumulate * self.team.size)
        self.game = Game(
            self.generator, self.discriminator, self.data, config, ada=self.ada, paths=self.paths, part_size=part_size
        )
        for optimizer, lr in ((self.optimizer_g, config.g_lr), (self.optimizer_d, config.d_lr)):
            for group in optimizer.param_groups:
                group.update(lr=lr, betas=(config.beta1, config.beta2))
        self.ema.pictures, self.ema.rampup = config.ema_kimg * 1000, config.ema_rampup
        self._grid = self._grid_latents(config.grid_size).to(self.device)
        self._probe = None  # made when it is first needed, and again for other augmentations

    def _train_discriminator(self, due: bool) -> Tensor | None:
        """d_steps updates; returns the gradient's norm where a record is due."""
        self.discriminator.requires_grad_(True)
        for block in self.discriminator.blocks()[: self.config.freeze_d]:
            block.requires_grad_(False)  # no gradients, so that Adam leaves them alone, too
        for i in range(self.config.d_steps):
            norm = self._update_discriminator(self.step * self.config.d_steps + i, due)
        return norm

    def _update_discriminator(self, update: int, due: bool) -> Tensor | None:
        """One update, part by part."""
        self.optimizer_d.zero_grad(set_to_none=True)
        seen = []
        for rng in self._parts():
            total, *told = self.game.discriminator_loss(update, rng)
            (total / self.config.accumulate).backward()
            seen.append([one.detach() for one in told])
        facts = self._facts(*zip(*seen, strict=True))
        norm = self._descend(self.discriminator, self.optimizer_d, facts, due)
        if self.config.clip:
            with torch.no_grad():
                for weight in self.discriminator.parameters():
                    weight.clamp_(-self.config.clip, self.config.clip)
        self._totals += facts / self.config.d_steps
        self.ada.see(facts[_TOTALS.index("accuracy_real")], self.config)
        return norm

    def _facts(
        self, real: Sequence[Tensor], fake: Sequence[Tensor], loss: Sequence[Tensor], penalty: Sequence[Tensor]
    ) -> Tensor:
        """This update's share of the totals, from what was seen in each part."""
        real_logits, fake_logits = torch.cat([*real]), torch.cat([*fake])
        cut = self.game.loss.cut if self.game.loss.cut is not None else self._middle(real_logits, fake_logits)
        right = (real_logits > cut).float().mean(), (fake_logits < cut).float().mean()
        nothing = real_logits.new_zeros([])
        return torch.stack([torch.stack([*loss]).mean(), nothing, *right, torch.stack([*penalty]).mean()])

    def _middle(self, real: Tensor, fake: Tensor) -> Tensor:
        """Halfway between the mean logits of both, for losses whose logits have no zero."""
        middle = (real.mean() + fake.mean()) / 2
        self.team.mean([middle])
        return middle

    def _train_generator(self, due: bool) -> Tensor | None:
        """One update; returns the gradient's norm where a record is due."""
        self.discriminator.requires_grad_(False)
        self.optimizer_g.zero_grad(set_to_none=True)
        even, seen = self.paths.due(self.generator, self.config, self.step), []
        for rng in self._parts():
            loss = self.game.generator_loss(rng)
            (loss / self.config.accumulate).backward()
            seen.append(torch.stack([loss.detach(), self.game.even_out(rng) if even else loss.new_zeros([])]))
        facts = torch.stack(seen).mean(dim=0)
        norm = self._descend(self.generator, self.optimizer_g, facts, due)
        self._totals[1] += facts[0]
        if even:
            self.paths.see(facts[1])
        return norm

    def _descend(
        self, network: torch.nn.Module, optimizer: torch.optim.Optimizer, facts: Tensor, due: bool
    ) -> Tensor | None:
        """One step along the gradients, which are first averaged over the team, as are `facts`; returns their norm if
        due."""
        gradients = [p.grad for p in network.parameters() if p.grad is not None]
        self.team.mean([*gradients, facts])
        norm = torch.nn.utils.get_total_norm(gradients) if due else None
        optimizer.step()
        return norm

    def _parts(self) -> Iterator[RandomSource]:
        return parts_of_batch(self.rng, self.generator, self.config.accumulate, self.team)

    def _step_record(self, norm_d: Tensor | float, norm_g: Tensor | float) -> StepRecord:
        means = dict(zip(_TOTALS, (self._totals / self._since).tolist(), strict=True))
        played = min(self._since, self.step - self.config.warmup_steps)  # steps in which the generator learned
        means["loss_g"] *= self._since / max(played, 1)
        self._totals.zero_()
        self._since = 0
        return StepRecord(
            self.step,
            self.images,
            **means,
            grad_norm_d=float(norm_d),
            grad_norm_g=float(norm_g),
            augment_p=self.ada.share(self.config),
            path_length=self.paths.told(self.config),
        )

    def _grid_latents(self, n: int) -> GridLatents:
        """The fixed pictures, then seeds 0, 1, 2, ... until there are n."""
        seeds = first_seeds(n, self.generator)
        return seeds if self._fixed is None else self._fixed.then(seeds)[:n]


def _check_fit(generator: Generator, discriminator: Discriminator, data: Samples) -> None:
    shapes = {"generator": generator.image_shape, "discriminator": discriminator.image_shape}
    for name, shape in shapes.items():
        if tuple(shape) != data.shape:
            raise StudioError(
                say(
                    "The {name} works on samples of shape {shape}, the data has {shape2}.",
                    name=name,
                    shape=tuple(shape),
                    shape2=data.shape,
                ),
                "Choose a pair for that shape, or resize the pictures.",
            )
    if not generator.num_classes == discriminator.num_classes == data.num_classes:
        raise StudioError(
            say(
                "The generator has {num_classes} classes, the discriminator {num_classes2} and the data "
                "{num_classes3}.",
                num_classes=generator.num_classes,
                num_classes2=discriminator.num_classes,
                num_classes3=data.num_classes,
            ),
            "They must have the same classes.",
        )
    if not len(data):
        raise StudioError("There is nothing to learn from.", "Give some training data and start again.")
