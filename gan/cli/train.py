"""`python -m gan train`: play the game on a set of pictures and leave a run folder behind."""

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import torch

from gan.cli.follow import END, follow
from gan.cli.measure import cost
from gan.cli.networks import net_values
from gan.cli.options import add_knobs, chosen
from gan.cli.play import Limits, play
from gan.cli.sources import fetched_data, local_data, model_folder, open_model
from gan.errors import StudioError
from gan.knobs import from_values, to_values
from gan.messages import say
from gan.networks.contract import Generator
from gan.networks.registry import FROM_SCRATCH, build_discriminator, build_generator, family
from gan.store.grids import columns_of
from gan.store.model_folder import load_discriminator, load_generator, read_config
from gan.store.run_folder import Run, RunSettings
from gan.studio.data.datasets import Dataset, read_dataset
from gan.studio.runs.control import Worker
from gan.studio.runs.new_discriminators import WARMUP, new_discriminator, with_discriminator
from gan.studio.runs.pins import fixed_latents, keep_fixed, kept_fixed, read_pins
from gan.studio.runs.torchrun import own_card, team_of_processes
from gan.training.config import DEFAULTS, TrainConfig, defaults
from gan.training.data import Samples
from gan.training.sample_grid import GridLatents
from gan.training.team import Team
from gan.training.trainer import Trainer

_MAY_DIFFER = {"accumulate"}  # when a run is resumed: the game stays the same
_ABOUT = ("title", "summary", "licence", "about_data")


def add_options(parser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("--out", type=Path, help="the run's folder")
    parser.add_argument(
        "--data",
        type=Path,
        help=(
            "a folder or a zip of pictures, an .npz with images (and labels), or hub:user/name, a dataset on the Hub"
        ),
    )
    parser.add_argument("--family", choices=FROM_SCRATCH, help="start from scratch with this family of networks")
    parser.add_argument("--base", help="start from this model: a bundled name, a folder, or user/repo on the Hub")
    parser.add_argument("--base-name", help="what the base is called in the model's card (default: as it was given)")
    parser.add_argument(
        "--pins",
        type=Path,
        metavar="FILE",
        help="a JSON list of recipes of the base: their pictures come first in the grids",
    )
    parser.add_argument("--steps", type=int, help="stop after this step")
    parser.add_argument("--minutes", type=float, help="stop after this time")
    parser.add_argument(
        "--measure",
        type=int,
        metavar="N",
        help="write nothing; play N steps and print as JSON how fast it goes and what it takes",
    )
    parser.add_argument("--resume", action="store_true", help="continue the run in --out")
    parser.add_argument("--side", type=int, help="height and width of the pictures, in pixels")
    parser.add_argument("--channels", type=int, choices=(1, 3, 4), help="1 grey, 3 colour, 4 with transparency")
    parser.add_argument(
        "--label", help=("which label gives the class; 'folder' for each picture's folder; 'none' for no classes")
    )
    parser.add_argument(
        "--net",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the networks, such as z_dim=64 or generator.hidden=128,256; may be repeated",
    )
    parser.add_argument("--device", default="auto", help="cpu, cuda, or auto (default: cuda where there is one)")
    parser.add_argument("--threads", type=int, help="processor threads to train with")
    parser.add_argument("--save-minutes", type=float, default=2.0, help="how often all is saved (default 2)")
    parser.add_argument(
        "--snapshot-steps",
        type=int,
        default=0,
        help="also keep the model at the start, every so many steps, and at an eighth, a quarter and a "
        "half of that many (default: at the end only)",
    )
    parser.add_argument(
        "--grid-seconds",
        type=float,
        default=0,
        help="also draw a grid of samples every so many seconds, more seldom where that would cost much or "
        "nobody watches; 0 for never (default 0)",
    )
    for name in _ABOUT:
        parser.add_argument(f"--{name.replace('_', '-')}", default="", help="for the model's card")
    add_knobs(parser.add_argument_group("knobs of the game"), TrainConfig)


def act(args) -> None:
    """Run the command, in each process that torchrun started, of which one leads.

    Raises StudioError for anything a person can mend.
    """
    with team_of_processes() as team:
        if team.leads:
            _lead(args, team)
            team.tell(END)
        else:
            follow(team, args.out, lambda run: _trainer(args, run, team))


def _lead(args, team: Team) -> None:
    """All that people see of a run: its folder, its lock, its words."""
    if args.measure is None:
        _check_place_and_end(args)
    for name in ("steps", "minutes", "threads", "side", "measure"):
        _check_amount(name, getattr(args, name), "above 0", lambda value: value > 0)  # which nan is not either
    for name in ("save_minutes", "snapshot_steps", "grid_seconds"):
        _check_amount(name, getattr(args, name), "from 0 on", lambda value: value >= 0)
    device = _device(args, team)
    if args.measure is not None:
        print(json.dumps(_measured(args, device, team)))
        return
    with Worker(args.out) as worker:
        run, trainer = _resume(args, team, worker) if args.resume else _start(args, team, device, worker)
        play(
            run,
            trainer,
            worker,
            Limits(args.steps, args.minutes, args.save_minutes, args.snapshot_steps, args.grid_seconds),
        )


def _measured(args, device: torch.device, team: Team) -> dict:
    """What the steps to be measured tell. Pictures from the Hub lie in a folder that is gone afterwards."""
    if args.out is not None:
        Run.check_free(args.out)
    with tempfile.TemporaryDirectory() as folder:
        args.out = Path(folder) / "run"
        return cost(_new(args, device, team)[1], args.measure)


def _check_place_and_end(args) -> None:
    """Raise StudioError where it is not said where a run shall be, or how long."""
    if args.out is None:
        raise StudioError("Where to?", "Give --out, the folder of the run.")
    if args.steps is None and args.minutes is None:
        raise StudioError("How long?", "Give --steps or --minutes, or both.")


def _start(args, team: Team, device: torch.device, worker: Worker) -> tuple[Run, Trainer]:
    settings, trainer, fixed = _new(args, device, team)
    run = Run.create(args.out, settings)
    worker.take()
    if fixed is not None:
        keep_fixed(run.path, fixed)
    return run, trainer


def _new(args, device: torch.device, team: Team) -> tuple[RunSettings, Trainer, GridLatents | None]:
    """All that a new run begins with, before anything is written."""
    if args.data is None or (args.family is None) == (args.base is None):
        raise StudioError(
            "A new run needs --data and one of --family and --base.", "Or --resume to continue the run in --out."
        )
    if args.out is not None:
        Run.check_free(args.out)  # before the pictures are read, which may take a while
    settings, dataset, pair = _from_base(args, device) if args.base else _from_scratch(args)
    config = from_values(TrainConfig, settings.train)
    fixed = _grid_latents(args, columns_of(config.grid_size))
    return settings, Trainer(*pair, _on(device, dataset.samples), config, fixed, team), fixed


def _grid_latents(args, most: int) -> GridLatents | None:
    """The pictures that come first in the grids: those pinned, or those that a branch was given by its parent."""
    if args.pins:
        return _pinned(args, most)
    return kept_fixed(args.out) if args.out is not None else None


def _from_scratch(args) -> tuple[RunSettings, Dataset, tuple]:
    dataset = read_dataset(local_data(args, args.side, args.channels), args.side, args.channels, args.label)
    kind = family(args.family)
    generator, discriminator = net_values(args.net, kind, dataset.samples.shape, dataset.samples.num_classes)
    train = {**DEFAULTS[args.family], **chosen(args, TrainConfig)}
    torch.manual_seed(train.get("seed", 0))
    pair = build_generator(args.family, generator), build_discriminator(args.family, discriminator)
    return _settings(args, dataset, args.family, generator, discriminator, train), dataset, pair


def _from_base(args, device: torch.device) -> tuple[RunSettings, Dataset, tuple]:
    if args.net:
        raise StudioError(
            "The base decides the networks' settings.", "Leave out --net, or start from scratch with --family."
        )
    folder = model_folder(args, args.base)
    base = read_config(folder, args.base)
    generator = load_generator(folder, base, args.base)
    train = {
        **defaults(base.family, max(generator.image_shape[1:], default=0), device.type),
        **chosen(args, TrainConfig),
    }
    if base.discriminator is None:
        base, train = with_discriminator(base, args.base), {"warmup_steps": WARMUP, **train}
        pair = generator, new_discriminator(base, train.get("seed", 0))
        print(
            f"{args.base_name or args.base} comes without a discriminator: a new one is made, and learns alone "
            f"for the first {train['warmup_steps']} steps.",
            file=sys.stderr,
        )
    else:
        pair = generator, load_discriminator(folder, base, args.base)
    label = args.label or (None if pair[0].num_classes else "none")
    dataset = _read_for(args, pair[0], label)
    if dataset.classes == tuple(map(str, range(len(base.classes)))):  # mere numbers: the base knows their names
        dataset.classes = base.classes
    settings = _settings(args, dataset, base.family, base.generator, base.discriminator, train)
    settings = replace(settings, label=label)  # what was read, so that resuming reads the same
    settings.about.update(psi=base.psi, pixel_art=base.pixel_art)
    return settings, dataset, pair


def _pinned(args, most: int) -> GridLatents | None:
    """The base's recipes in --pins, as many as stand in the first row of the grid."""
    if args.base is None:
        raise StudioError("Pins are pictures of the base.", "Leave out --pins, or start from a model with --base.")
    recipes = read_pins(args.pins, {args.base, args.base.partition("@")[0], args.base_name})[:most]
    return fixed_latents(open_model(args, args.base), recipes) if recipes else None


def _resume(args, team: Team, worker: Worker) -> tuple[Run, Trainer]:
    run = Run.open(args.out)
    worker.take()
    _check_same(args, run.settings, run.config())
    trainer = _trainer(args, run, team)
    run.restore(trainer)
    change = trainer.change(**{name: value for name, value in chosen(args, TrainConfig).items() if name in _MAY_DIFFER})
    if change.changes:
        run.write(change)
    return run, trainer


def _trainer(args, run: Run, team: Team) -> Trainer:
    """For the networks, the data and the settings in force of a run; its state is still to be loaded."""
    s = run.settings
    pair = build_generator(s.family, s.generator), build_discriminator(s.family, s.discriminator)
    if not team.leads:
        args.data = fetched_data(args)
    args.data = args.data or Path(s.data)
    dataset = _read_for(args, pair[0], s.label)
    return Trainer(*pair, _on(_device(args, team), dataset.samples), run.config(), kept_fixed(run.path), team)


def _check_same(args, s: RunSettings, in_force: TrainConfig) -> None:
    """Raise StudioError where an option asks for something else than the run was started with, or changed to since."""
    asked = {**chosen(args, TrainConfig), "family": args.family, "base": args.base_name or args.base}
    kept = {**to_values(in_force), "family": s.family, "base": s.base}
    for name, value in asked.items():
        if value is not None and value != kept[name] and name not in _MAY_DIFFER:
            raise StudioError(
                say("This run was started with {name} {kept}, not {value}.", name=name, kept=kept[name], value=value),
                "A resumed run keeps its settings: leave the option out, or start a new run.",
            )


def _read_for(args, generator: Generator, label: str | None) -> Dataset:
    """The data in the size that the generator makes."""
    shape = generator.image_shape
    channels, side = (shape[0], shape[-1]) if len(shape) == 3 else (None, None)
    return read_dataset(local_data(args, side, channels), side, channels, label)


def _settings(args, dataset: Dataset, name: str, generator: dict, discriminator: dict, train: dict) -> RunSettings:
    about = {key: getattr(args, key) for key in _ABOUT}
    about["data"] = about.pop("about_data")
    return RunSettings(
        str(args.data.resolve()),
        args.label,
        args.base_name or args.base,
        name,
        generator,
        discriminator,
        dataset.classes,
        to_values(from_values(TrainConfig, train)),
        {k: v for k, v in about.items() if v},
    )


def _check_amount(name: str, value: float | None, wanted: str, fits) -> None:
    if value is not None and not fits(value):
        raise StudioError(
            say("--{value} cannot be {value2}.", value=name.replace("_", "-"), value2=value),
            say("Give a number {wanted}.", wanted=wanted),
        )


def _device(args, team: Team) -> torch.device:
    """What this process computes on, with as many threads as were asked for."""
    if args.threads:
        torch.set_num_threads(args.threads)
    name = args.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda":
        name = own_card(team)
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise StudioError(say("The device {name!r} cannot be used here.", name=name), "Try --device cpu.") from error
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
    return device


def _on(device: torch.device, samples: Samples) -> Samples:
    return samples if device.type == "cpu" else samples.to(device)
