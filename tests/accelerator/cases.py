"""What is done on a device that is not the CPU, in a process of its own: python tests/accelerator/cases.py FOLDER

Prints as JSON the traceback of each case, "" for one that went well, and the operators that were used.
"""

import json
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/studio")]

import elsewhere  # noqa: E402 (after the path)
import numpy as np  # noqa: E402
import torch  # noqa: E402
from small_models import SmallModel, SmallModels, small_generator, styled  # noqa: E402
from training import games  # noqa: E402

from gan.field_metadata import to_values  # noqa: E402
from gan.latents.blending import blend  # noqa: E402
from gan.latents.directions import effect_order  # noqa: E402
from gan.store.run_folder import Run  # noqa: E402
from gan.store.run_settings import RunSettings  # noqa: E402
from gan.studio.engine import Engine  # noqa: E402
from gan.studio.path_recipes import PathRecipe  # noqa: E402
from gan.studio.recipes import Recipe  # noqa: E402
from gan.studio.runs.hardware import device_name, finish_work, memory, peak_memory  # noqa: E402
from gan.training.augment import AUGMENTATIONS  # noqa: E402
from gan.training.config import TrainConfig  # noqa: E402
from gan.training.losses import LOSSES  # noqa: E402
from gan.training.penalties import PENALTIES  # noqa: E402
from gan.training.records import GridRecord  # noqa: E402
from gan.training.sample_grid import first_seeds  # noqa: E402
from gan.training.trainer import Trainer  # noqa: E402

EVERYTHING = dict(
    batch_size=6,
    accumulate=2,
    record_every=1,
    grid_every=2,
    signals_every=2,
    grid_size=4,
    d_steps=2,
    mirror=True,
    augment=tuple(AUGMENTATIONS),
    augment_p=0.6,
    penalty_every=1,
    ada_target=0.5,
    ada_kimg=0.1,
    style_mixing=0.5,
    path_length=2.0,
    path_every=1,
    freeze_d=1,
)


FEW = dict(accumulate=1, d_steps=1, augment=("flip",))
"""Where something else is looked at than what `played` goes through."""


def trainer(family: str, device: torch.device, classes: int = 0, **knobs) -> Trainer:
    pair = games.pair(family, classes)
    config = TrainConfig(**EVERYTHING | knobs)
    return Trainer(*pair, games.data(family, classes).to(device), config, first_seeds(2, pair[0]))


def all_there(trainer: Trainer) -> None:
    """Whatever the next step works with lies on the device."""
    networks = trainer.generator, trainer.discriminator, trainer.ema.average
    tensors = [tensor for network in networks for tensor in (*network.parameters(), *network.buffers())]
    for optimizer in (trainer.optimizer_g, trainer.optimizer_d):
        tensors += [value for memory in optimizer.state.values() for value in memory.values()]
    assert len(tensors) > 20 and all(tensor.device == trainer.device for tensor in tensors)


def played(family: str, classes: int):
    """Everything at once, the same game as on the CPU; what is saved goes on there and here."""

    def case(device: torch.device, folder: Path) -> None:
        there, here = trainer(family, device, classes), trainer(family, torch.device("cpu"), classes)
        for mine, theirs in zip(there.run(2), here.run(2), strict=True):
            assert type(mine) is type(theirs)
            if isinstance(mine, GridRecord):
                np.testing.assert_allclose(mine.samples, theirs.samples, atol=2e-3)
            elif hasattr(mine, "loss_d"):
                assert abs(mine.loss_d - theirs.loss_d) < 0.02 and abs(mine.loss_g - theirs.loss_g) < 0.02
        all_there(there)

    return case


def run_folder(device: torch.device, folder: Path) -> None:
    """Saved on the device, restored there and on the CPU; the model is kept, and what a worker asks of a device."""
    there = trainer("dcgan", device, **FEW)
    settings = RunSettings("x", None, None, "dcgan", *games.PAIRS["dcgan"], (), to_values(there.config))
    run = Run.create(folder / "run", settings)
    for record in there.run(2):
        run.write(record)
    run.save(there)
    run.snapshot(there, {})
    for other in (trainer("dcgan", device, **FEW), trainer("dcgan", torch.device("cpu"), **FEW)):
        run.restore(other)
        all_there(other)
        assert other.step == 2 and len(list(other.run(3))) > 0
    there.change(loss="hinge", batch_size=12)
    list(there.run(4))
    finish_work(device)
    assert device_name(device) and memory(device) >= 0 and peak_memory(device) >= 0


def every_loss_and_penalty(device: torch.device, folder: Path) -> None:
    for loss in LOSSES:
        for penalty in ("none", *PENALTIES):
            list(trainer("mlp", device, 3, loss=loss, penalty=penalty, **FEW).run(1))


def bfloat16(device: torch.device, folder: Path) -> None:
    for family in ("dcgan", "stylegan2"):
        list(trainer(family, device, precision="bfloat16", **FEW).run(2))


CLASSES = [Recipe("mlp", seed=1, label=1), Recipe("mlp", seed=2, psi=0.5), Recipe("mlp", seed=3, directions=(2.0, 0.0))]
PLAIN = [Recipe("dcgan", seed=1), Recipe("dcgan", seed=2, overrides=((0, 3.0),)), Recipe("stack", seed=1, psi=0.3)]
STYLED = [
    Recipe("faces", seed=1),
    Recipe("faces", seed=2, psi=0.5, cutoff=3),
    Recipe("faces", seed=1, layer_psi=((4, -1.0),)),
    Recipe("faces", seed=1, noise="none"),
    Recipe("faces", seed=3, noise="random", noise_seed=2),
    Recipe("faces", seed=3, noise="random", noise_seed=1, layer_noise=((4, 0.5),)),
    Recipe("faces", seed=1, layer_noise=((0, 0.0), (4, 2.0))),
    Recipe("faces", seed=1, directions=(2.0, 0.0, -1.0)),
    Recipe("faces", seed=1, style={"seed": 2, "psi": 0.2, "directions": [2]}, mix=(0.3, 0.6)),
    Recipe("faces", seed=1, walk=((9, 0.4), (8, 0.2))),
]


def models(device: torch.device) -> SmallModels:
    made = {family: small_generator(family, **games.PAIRS[family][0]) for family in ("dcgan", "stack")}
    made["mlp"] = small_generator("mlp", image_shape=(1, 12, 8), num_classes=3, z_dim=10, hidden=(32,))
    made["faces"] = styled().generator
    return SmallModels(**{name: SmallModel(generator.to(device)) for name, generator in made.items()})


def rendered(device: torch.device, folder: Path) -> None:
    """The same pictures and film as on the CPU."""
    here, there = (Engine(models(where)) for where in (torch.device("cpu"), device))
    for recipes in (CLASSES, PLAIN, STYLED):
        mine, theirs = (engine.render(recipes, 24).astype(int) for engine in (there, here))
        assert np.abs(mine - theirs).max() <= 1
    for easing, path in (("none", "linear"), ("ease", "spherical"), ("ease-in", "smooth")):
        keyframes = tuple(Recipe("faces", seed=seed) for seed in range(3))
        film = PathRecipe(keyframes, steps=3, path=path, easing=easing, loop=True)
        mine, theirs = (np.concatenate(list(engine.frames(film))).astype(int) for engine in (there, here))
        assert np.abs(mine - theirs).max() <= 1
    assert there.latents(STYLED[:2]).device == device and len(there.z(STYLED[0])) == 16


def found(device: torch.device, folder: Path) -> None:
    """What is found of a model when it is first asked for, and a blend of two."""
    generator, other = styled().generator.to(device), styled().generator.to(device)
    assert sorted(effect_order(generator, 8)) == list(range(16))
    halfway = blend(generator, other, (0.2, 0.5, 0.8))
    assert next(halfway.parameters()).device == device


def refused(device: torch.device, folder: Path) -> None:
    """What a graphics card refuses, this device does, too: else the other cases would show nothing."""
    there, here = torch.ones(2, device=device), torch.ones(2)
    assert (there * 2 + torch.tensor(1.0)).tolist() == [3.0, 3.0] and there.sum().item() == 2
    for mistake in (
        lambda: there + here,
        lambda: torch.cat([there, here]),
        lambda: there.copy_(here).mul_(here),
        lambda: there[torch.tensor([0])],
        lambda: there.double(),
        lambda: torch.zeros(2, dtype=torch.float64, device=device),
        lambda: torch.rand(2, generator=torch.Generator(), device=device),
        lambda: there.numpy(),
        lambda: np.asarray(there),
    ):
        try:
            mistake()
        except (RuntimeError, TypeError):
            continue
        raise AssertionError("The device lets a mistake pass.")


CASES = {
    **{f"train {family}": played(family, 0 if family == "points" else 3) for family in games.PAIRS},
    "run folder": run_folder,
    "every loss and penalty": every_loss_and_penalty,
    "bfloat16": bfloat16,
    "render": rendered,
    "find": found,
    "refuse": refused,
}


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    device, told = elsewhere.add(), {}
    for name, case in CASES.items():
        try:
            case(device, folder)
            told[name] = ""
        except Exception:
            told[name] = traceback.format_exc(limit=-8)
    print(json.dumps({"cases": told, "operators": sorted(elsewhere.operators)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
