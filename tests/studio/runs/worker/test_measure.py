"""What a few steps tell of all, weighed rightly where penalties are rare."""

import pytest
from training import games

from gan.networks.contract import parameter_count
from gan.studio.runs.worker.measure import _penalties, cost
from gan.training.config import TrainConfig
from gan.training.styles import Paths


class Clockwork:
    """A clock that goes on by what each step of a trainer costs: 1 second, 5 more for each penalty and 7 for path
    lengths."""

    def __init__(self, trainer, monkeypatch):
        self.now, self.timed, play = 0.0, [], trainer.run

        def run(until):
            self.now += 1 + 5 * _penalties(trainer.config, trainer.step)
            self.now += 7 * Paths.due(trainer.generator, trainer.config, trainer.step)
            self.timed.append(trainer.step)
            return play(until)

        monkeypatch.setattr(trainer, "run", run)
        monkeypatch.setattr("gan.studio.runs.worker.measure.time.perf_counter", lambda: self.now)


@pytest.mark.parametrize(
    "knobs, seconds, played",
    [
        (dict(penalty="none"), 1, 3),
        (dict(penalty_every=1), 6, 3),
        (dict(penalty_every=4), 1 + 5 / 4, 3),
        (dict(penalty_every=16), 1 + 5 / 16, 3),
        (dict(penalty_every=2, d_steps=2), 6, 3),
        (dict(penalty_every=3, d_steps=2), 1 + 10 / 3, 3),
    ],
)
def test_rare_penalties_are_weighed_rightly(monkeypatch, knobs, seconds, played):
    """Long steps: three are enough, whatever the length of the cycle."""
    trainer = games.trainer("mlp", **knobs)
    clock = Clockwork(trainer, monkeypatch)
    told = cost(trainer, 3)
    assert 1 / told["steps_per_second"] == pytest.approx(seconds)
    assert clock.timed[:2] == [0, 0] and played <= len(clock.timed) - 1 <= played + 3  # the first is not timed


@pytest.mark.parametrize(
    "knobs, seconds",
    [
        (dict(penalty="none"), 1 + 7 / 4),
        (dict(penalty_every=8), 1 + 5 / 8 + 7 / 4),
        (dict(penalty_every=1, path_every=1), 13),
    ],
)
def test_path_lengths_are_weighed_rightly(monkeypatch, knobs, seconds):
    """Due in the step in which a penalty is due, and more often than it."""
    trainer = games.trainer("stylegan2", path_length=2.0, **knobs)
    clock = Clockwork(trainer, monkeypatch)
    assert 1 / cost(trainer, 3)["steps_per_second"] == pytest.approx(seconds)
    assert clock.timed[:3] == [0, 0, 0] and len(clock.timed) <= 2 + 6  # one step more than without them


def test_the_penalties_that_are_counted_are_those_of_the_game():
    for d_steps, every in ((1, 1), (1, 4), (2, 3), (3, 2), (5, 5)):
        trainer = games.trainer("mlp", d_steps=d_steps, penalty_every=every)
        penalised = [record.penalty > 0 for record in trainer.run(2 * every)]
        assert penalised == [_penalties(trainer.config, step) > 0 for step in range(2 * every)]
        assert sum(_penalties(trainer.config, step) for step in range(every)) == d_steps
    assert _penalties(TrainConfig(penalty="none"), 0) == 0


def test_the_networks_are_counted():
    trainer = games.trainer("stylegan2", 3)
    g, d = parameter_count(trainer.generator), parameter_count(trainer.discriminator)
    told = cost(trainer, 1)
    assert (told["parameters_g"], told["parameters_d"], told["pictures"]) == (g, d, 24)
