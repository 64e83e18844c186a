"""The training doctor: each failure is provoked for real in a small run and called by its name; healthy runs are left
alone."""

import dataclasses
import json
import math
from pathlib import Path

import pytest
import torch
from training import failures

from gan.errors import StudioError
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.training.choices import BGC
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.doctor import Doctor, diagnose
from gan.training.findings import VERDICTS
from gan.training.losses import LOSSES
from gan.training.records import ChangeRecord, SignalRecord, StepRecord
from gan.training.trainer import Trainer

ZHAO = ("brightness", "saturation", "contrast", "flip", "translation", "cutout")  # Zhao et al. 2020


def verdicts(trainer: Trainer, steps: int) -> list[str]:
    """What was said, each time that it was something else."""
    doctor, said = Doctor(trainer.config), []
    for record in trainer.run(steps):
        doctor.see(record)
        verdict = doctor.diagnosis().verdict
        if said[-1:] != [verdict]:
            said.append(verdict)
    return said


def mended(trainer: Trainer, verdict: str, steps: int, more: int) -> list[str]:
    """Play until the verdict, apply its remedy, and play on: what was said after that."""
    records = list(trainer.run(steps))
    found = diagnose(records, trainer.config)
    assert found.verdict == verdict and 0 < found.severity <= 1 and found.sentence.endswith(".")
    start = trainer.config
    records.append(trainer.change(**found.remedy.changes))
    assert trainer.config == dataclasses.replace(start, **found.remedy.changes) != start
    doctor, said = Doctor(start), []
    for record in (*records, *trainer.run(steps + more)):
        doctor.see(record)
        said.append(doctor.diagnosis().verdict)
    return said[len(records) :]


@pytest.mark.parametrize(
    "name, data, knobs",
    [
        ("points", failures.ring(), dict(g_lr=2e-3, d_lr=2e-3, penalty_weight=0.1)),
        ("pictures", failures.discs(), {}),
        ("pictures", failures.discs(), dict(loss="hinge")),
        ("pictures", failures.discs(), dict(loss="wasserstein", penalty="gradient", penalty_every=1)),
        ("pictures", failures.discs(), dict(augment=ZHAO, augment_p=0.5)),
    ],
)
def test_healthy_runs_are_left_alone(name, data, knobs):
    said = verdicts(failures.trainer(name, data, **knobs), 250)
    assert said[0] == "learning" and set(said[1:]) <= {"improving", "healthy"} and said[-1] == "healthy"


@pytest.mark.parametrize("loss", ["minimax", "non-saturating"])
def test_a_discriminator_that_learns_a_hundred_times_as_fast_wins(loss):
    knobs = dict(g_lr=1e-4, d_lr=1e-2, penalty="none", loss=loss)
    assert verdicts(failures.trainer("pictures", failures.discs(), **knobs), 200) == ["learning", "d_wins"]


def test_its_remedy_makes_the_generator_learn_again():
    trainer = failures.trainer("pictures", failures.discs(), d_lr=1e-2, penalty="none", loss="minimax")
    before = trainer.signals().apart
    said = mended(trainer, "d_wins", 150, 150)
    assert said[0] == "trying" and trainer.config.penalty == "r1"
    assert trainer.signals().apart < 0.8 * before


@pytest.mark.parametrize(
    "name, data, knobs",
    [
        ("points", failures.ring(), dict(g_lr=2e-2, d_lr=2e-4)),
        ("pictures", failures.discs(), dict(g_lr=2e-3, d_lr=1e-5)),
    ],
)
def test_a_generator_that_learns_a_hundred_times_as_fast_wins(name, data, knobs):
    trainer = failures.trainer(name, data, **knobs)
    said = mended(trainer, "g_wins", 250, 150)
    assert said[0] == "trying" and said[-1] != "g_wins" and trainer.config.d_lr == trainer.config.g_lr


def test_collapse():
    knobs = dict(g_lr=1e-2, d_lr=1e-2, penalty="none", loss="minimax", beta1=0.9)
    trainer = failures.trainer("pictures", failures.discs(), **knobs)
    assert verdicts(trainer, 150) == ["learning", "collapse"]
    x = torch.from_numpy(trainer.grid().samples)
    assert x.std(dim=0).max() < 0.01  # it is true


@pytest.mark.parametrize(
    "name, data, knobs",
    [
        ("points", failures.ring(), dict(g_lr=1.0, d_lr=1.0)),
        ("pictures", failures.discs(), dict(g_lr=1.0, d_lr=1.0)),
        ("points", Samples(failures.ring().x * 1e25), dict(loss="least-squares")),  # their squares are no numbers
    ],
)
def test_divergence_is_seen_at_once(name, data, knobs):
    trainer = failures.trainer(name, data, **knobs)
    found = diagnose(trainer.run(40), trainer.config)
    assert found.verdict == "diverged" and found.severity == 1
    assert found.remedy.changes == dict(g_lr=trainer.config.g_lr / 10, d_lr=trainer.config.d_lr / 10)


@pytest.mark.parametrize(
    "name, data, knobs",
    [
        ("pictures", failures.patterns(8), dict(penalty_weight=10.0)),
        ("points", failures.ring(8), dict(g_lr=2e-3, d_lr=2e-3, penalty_weight=0.1)),
    ],
)
def test_eight_pictures_are_copied(name, data, knobs):
    trainer = failures.trainer(name, data, **knobs)
    assert verdicts(trainer, 400) == ["learning", "healthy", "copying"]


def test_an_augmentation_that_shows():
    """A generator of mirrored pictures goes on with pictures as they are: with "flip" nothing tells it to turn
    round."""
    base = failures.trainer("pictures", Samples(failures.discs(left=True).x.flip(3)))
    list(base.run(250))
    trainer = Trainer(
        base.generator,
        base.discriminator,
        failures.discs(left=True),
        TrainConfig(
            batch_size=64, g_lr=1e-3, d_lr=1e-3, grid_every=0, signals_every=50, augment=("brightness", "flip")
        ),
    )
    said = mended(trainer, "leaking", 150, 200)
    assert trainer.config.augment == ("brightness",) and said[0] == "trying" and said[-1] != "leaking"
    assert trainer.signals().apart < 0.2


# By hand


def step(number: int, **more) -> StepRecord:
    return StepRecord(
        **dict(
            step=number,
            images=64 * number,
            loss_d=1.2,
            loss_g=0.8,
            accuracy_real=0.7,
            accuracy_fake=0.7,
            penalty=0.1,
            grad_norm_d=1.0,
            grad_norm_g=1.0,
        )
        | more
    )


def signal(number: int, **more) -> SignalRecord:
    return SignalRecord(**dict(step=number, diversity=0.9, nearest=1.1, apart=0.1, leak=0.1, leaking="flip") | more)


def story(steps: dict, signals: dict) -> list:
    return [*(step(n, **steps) for n in range(10, 310, 10)), *(signal(n, **signals) for n in (100, 200, 300))]


@pytest.mark.parametrize(
    "verdict, steps, signals",
    [
        ("healthy", {}, {}),
        ("diverged", dict(loss_d=math.nan), {}),
        ("diverged", dict(loss_g=-1e4), {}),
        ("diverged", dict(grad_norm_g=math.inf), {}),
        ("collapse", {}, dict(diversity=0.2)),
        ("d_wins", dict(loss_d=0.01, accuracy_real=1.0, accuracy_fake=1.0), {}),
        ("healthy", dict(loss_d=0.2, accuracy_real=1.0, accuracy_fake=1.0), {}),  # as style-based pairs have it
        ("healthy", dict(loss_d=0.01, accuracy_real=1.0, accuracy_fake=1.0), dict(apart=0.02)),
        ("g_wins", dict(accuracy_real=0.5, accuracy_fake=0.5), dict(apart=0.5)),
        ("healthy", dict(accuracy_real=0.5, accuracy_fake=0.5), dict(apart=0.02)),
        ("astray", {}, dict(apart=0.4)),
        ("copying", {}, dict(nearest=0.1)),
        ("leaking", {}, dict(leak=0.9)),
        ("unmeasured", {}, dict(diversity=math.nan, nearest=math.nan, apart=math.nan, leak=math.nan)),
        ("unmeasured", {}, dict(nearest=math.nan)),
    ],
)
def test_each_verdict_follows_from_its_numbers(verdict, steps, signals):
    found = diagnose(story(steps, signals), TrainConfig(augment=("flip",)))
    assert found.verdict == verdict and "{" not in found.sentence
    assert json.loads(json.dumps(dataclasses.asdict(found)))["verdict"] == verdict
    if found.remedy:
        assert TrainConfig(**{"augment": ("flip",), **found.remedy.changes}) != TrainConfig(augment=("flip",))
        assert found.remedy.label and found.remedy.options().startswith("--")


def test_a_generator_that_still_comes_nearer_is_given_time():
    records = story(dict(loss_d=0.01, accuracy_real=1.0, accuracy_fake=1.0), {})[:30]
    for far, verdict in (((0.8, 0.7, 0.6), "improving"), ((0.8, 0.79, 0.78), "d_wins")):
        measured = [signal(n, apart=a) for n, a in zip((100, 200, 300), far, strict=True)]
        assert diagnose([*records, *measured], TrainConfig()).verdict == verdict


def test_a_chase_is_over_only_when_the_samples_have_arrived():
    """Who chases passes by the data now and then; what has another reason is not said twice."""
    doctor, said = Doctor(TrainConfig(beta1=0.9)), []
    for n, far in zip(range(100, 1000, 100), (0.4, 0.3, 0.29, 0.3, 0.1, 0.3, 0.07, 0.06, 0.03), strict=True):
        for at in range(n - 90, n + 10, 10):
            doctor.see(step(at))
        doctor.see(signal(n, apart=far))
        said.append(doctor.diagnosis())
    verdicts = [one.verdict for one in said]
    assert verdicts == ["learning", "healthy", "improving", *["astray"] * 5, "healthy"]
    assert said[4].remedy.changes == dict(beta1=0.5)
    collapsed = diagnose(story({}, dict(apart=0.4, diversity=0.1)), TrainConfig())
    assert collapsed.verdict == "collapse" and collapsed.others == ()


def test_while_the_discriminator_warms_up_only_divergence_is_judged():
    """What a collapse would look like is, until the generator has played for a while, the base as it came."""
    config, doctor = TrainConfig(warmup_steps=200), Doctor(TrainConfig(warmup_steps=200))
    assert doctor.diagnosis().sentence == (
        "The discriminator is new and learns alone until step 200; the generator waits."
    )
    said = {}
    for n in range(10, 410, 10):
        doctor.see(step(n, **(dict(loss_g=0.0, grad_norm_g=0.0) if n <= 200 else {})))
        if n % 100 == 0:
            doctor.see(signal(n, diversity=0.1))
        said[n] = doctor.diagnosis().verdict
    assert {n for n, verdict in said.items() if verdict == "warming"} == set(range(10, 200, 10))
    assert {n for n, verdict in said.items() if verdict == "learning"} == set(range(200, 300, 10))
    assert {n for n, verdict in said.items() if verdict == "collapse"} == set(range(300, 410, 10))
    assert diagnose([step(10, loss_d=math.nan)], config).verdict == "diverged"


def test_a_warm_up_leaves_no_trace_in_what_is_measured_after_it():
    doctor = Doctor(TrainConfig(warmup_steps=200, record_every=100))
    for n in (100, 200, 300, 400):  # few records: those of the warm-up would be among the newest three
        doctor.see(
            step(n, **(dict(loss_d=0.01, accuracy_real=1.0, accuracy_fake=1.0, grad_norm_g=0.0) if n <= 200 else {}))
        )
        doctor.see(signal(n))
    assert [r.step for r in doctor._steps] == [300, 400] and doctor._fade() == 1.0


def test_without_signals_only_what_records_say():
    winning = story(dict(loss_d=0.01, accuracy_real=1.0, accuracy_fake=1.0), {})[:30]
    assert diagnose(winning, TrainConfig(signals_every=0)).verdict == "d_wins"
    assert diagnose(winning, TrainConfig()).verdict == "learning"
    assert diagnose([], TrainConfig()).verdict == "learning"


def test_after_a_change_nothing_else_is_advised_until_all_is_measured_afresh():
    doctor = Doctor(TrainConfig(penalty="none"))
    for record in story({}, dict(diversity=0.1)):
        doctor.see(record)
    assert doctor.diagnosis().remedy.changes["penalty"] == "r1"
    doctor.see(ChangeRecord(300, dict(penalty="r1", augment=["flip"])))
    assert doctor.diagnosis().verdict == "trying" and doctor.config.augment == ("flip",)


def told(records, config) -> list:
    """The diagnosis after each record."""
    doctor, said = Doctor(config), []
    for record in records:
        doctor.see(record)
        said.append(doctor.diagnosis())
    return said


def course(diversities, first: int = 100, **steps) -> list:
    """Records of a run whose variety is measured every hundred steps."""
    records = []
    for i, diversity in enumerate(diversities):
        at = first + 100 * i
        records += [*(step(n, **steps) for n in range(at - 90, at + 10, 10)), signal(at, diversity=diversity)]
    return records


def test_a_verdict_stands_until_its_own_signal_is_measured_anew_and_is_well():
    """Variety that grows from 5 to 7 % is no reason to say that nothing is wrong; nor is 26 % after 24 %."""
    said = told(course([0.05, 0.05, 0.07, 0.09, 0.24, 0.26, 0.29, 0.5]), TrainConfig())
    first = [one.verdict for one in said].index("collapse")
    assert {one.verdict for one in said[first:-1]} == {"collapse"} and said[-1].verdict == "healthy"
    assert "9 %" in said[4 * 11 - 1].sentence  # the sentence goes with what was measured last
    unknown = told([*course([0.05, 0.05]), *course([math.nan] * 3, 300)], TrainConfig())
    assert unknown[-1].verdict == "collapse"


def test_several_verdicts_stand_at_once_and_none_before_its_cause():
    winning = dict(loss_d=0.001, accuracy_real=1.0, accuracy_fake=1.0, grad_norm_g=1e-4)
    early = [
        step(n) for n in range(1, 10)
    ]  # beside which the generator's slope has vanished: d_wins is as bad as can be
    found = told([*early, *course([0.1, 0.1, 0.1], **winning)], TrainConfig(penalty="none"))[-1]
    assert found.verdict == "collapse" and [other.verdict for other in found.others] == ["d_wins"]
    assert found.others[0].severity == 1.0 > found.severity
    copying = told(story({}, dict(diversity=0.2, nearest=0.01)), TrainConfig())[-1]
    assert copying.verdict == "copying" and [other.verdict for other in copying.others] == ["collapse"]


@pytest.mark.parametrize(
    "after, verdicts, judged",
    [
        ([0.4, 0.5, 0.5], ["trying", "healthy"], "helped."),
        ([0.1, 0.1, 0.1], ["trying", "collapse"], "did not help."),
        ([0.1, 0.2, 0.3, 0.4], ["trying", "healthy"], "helped."),  # it is given time while it gets better
        ([0.1, 0.2, 0.2, 0.2, 0.2], ["trying", "collapse"], "did not help."),
    ],
)
def test_a_remedy_is_judged(after, verdicts, judged):
    config = TrainConfig(penalty="none", loss="minimax")
    before = course([0.1, 0.1, 0.1])
    remedy = told(before, config)[-1].remedy
    change = ChangeRecord(300, remedy.changes)
    said = told([*before, change, *course(after, 400)], config)[len(before) :]
    assert list(dict.fromkeys(one.verdict for one in said)) == verdicts
    assert said[0].sentence.startswith(f"“{remedy.label}” is being tried. Before it: ") and said[0].remedy is None
    assert said[-1].sentence.startswith(f"“{remedy.label}” {judged}")
    if judged != "helped.":  # and something else is to be tried
        assert said[-1].remedy.changes not in (None, remedy.changes)
    later = told([*before, change, *course(after + after[-1:] * 7, 400)], config)[-1]
    assert "“" not in later.sentence and later.verdict == verdicts[-1]


RIGHT = dict(loss_d=0.4, accuracy_real=0.92, accuracy_fake=0.96)  # as people's had it when nothing more was learnt


def test_late_in_a_run_a_discriminator_that_is_ahead_gets_a_stronger_r1():
    """Not early, not another penalty, not for ever, and not beside what is wrong; and it is told from that."""
    late, four = course([0.9] * 5, 5000, **RIGHT), dict(accuracy_real=0.82, accuracy_fake=0.86)
    found = told(late, TrainConfig())[-1]
    assert (found.verdict, found.remedy.changes) == ("ahead", dict(penalty_weight=4.0)) and found.severity < 0.5
    said = told([*late, ChangeRecord(5400, found.remedy.changes), *course([0.9] * 4, 5500, **four)], TrainConfig())
    assert said[-1].verdict == "healthy" and said[-1].sentence.startswith("“Make R1 four times as strong” helped.")
    for records, config in (
        (course([0.9] * 5, **RIGHT), TrainConfig()),
        (late, TrainConfig(penalty="none")),
        (late, TrainConfig(penalty_weight=16.0)),
        (late, TrainConfig(loss="wasserstein")),
        (course([0.9] * 5, 5000), TrainConfig()),
    ):
        assert told(records, config)[-1].verdict == "healthy"
    collapsed = told(course([0.1] * 5, 5000, **RIGHT), TrainConfig())[-1]
    assert collapsed.verdict == "collapse" and collapsed.others == ()
    by_hand = told([*late, ChangeRecord(5400, dict(g_lr=1e-5)), *course([0.9] * 4, 5500, **RIGHT)], TrainConfig())
    assert by_hand[len(late)].verdict == "learning" and by_hand[-1].sentence == found.sentence


def test_a_stronger_r1_that_changed_nothing_is_not_praised():
    """Nor is it offered for ever."""
    late, after = course([0.9] * 5, 5000, **RIGHT), course([0.9] * 5, 5500, **RIGHT)
    said = told([*late, ChangeRecord(5400, dict(penalty_weight=16.0)), *after], TrainConfig(penalty_weight=4.0))
    assert said[len(late)].sentence.startswith("“Make R1 four times as strong” is being tried.")
    assert (
        said[-1].sentence == (f"“Make R1 four times as strong” did not help. {VERDICTS['healthy']}")
        and said[-1].remedy is None
    )


def test_what_could_be_better_is_said_only_where_all_is_known_and_well():
    winning = dict(loss_d=0.01, accuracy_real=1.0, accuracy_fake=1.0)
    steps = [step(n, **winning) for n in range(5910, 6010, 10)]
    nearer = [signal(n, apart=far) for n, far in zip((5800, 5900, 6000), (0.8, 0.7, 0.6), strict=True)]
    assert diagnose([*steps, *nearer], TrainConfig()).verdict == "improving"
    late = course([0.9] * 5, 5000, **RIGHT)
    assert (
        diagnose([one for one in late if isinstance(one, StepRecord)], TrainConfig(signals_every=0)).verdict
        == "unmeasured"
    )


def test_a_change_by_hand_is_tried_but_not_praised():
    config, before = TrainConfig(penalty="none"), course([0.1, 0.1, 0.1])
    said = told([*before, ChangeRecord(300, dict(g_lr=1e-5)), *course([0.5, 0.5, 0.5], 400)], config)[len(before) :]
    assert said[0].sentence.startswith("A change is being tried. Before it: ") and said[-1].sentence.startswith(
        "Nothing"
    )
    refused = told([*before, ChangeRecord(300, {}, "Refused: no.")], config)
    assert refused[-1] == refused[-2]


@pytest.mark.parametrize("loss", LOSSES)
def test_remedies_run_out_in_the_end(loss):
    """Applied again and again, each remedy is valid and changes something, until there is none or rates are tiny."""
    for steps, signals in (
        (dict(loss_d=0.001, accuracy_real=1.0, accuracy_fake=1.0), {}),
        ({}, dict(diversity=0.1)),
        ({}, dict(nearest=0.1)),
        (dict(accuracy_real=0.4, accuracy_fake=0.4), dict(apart=0.9)),
    ):
        config = TrainConfig(loss=loss, penalty="none", d_lr=1e-3, d_steps=3)
        for _ in range(10):
            remedy = diagnose(story(steps, signals), config).remedy
            if remedy is None:
                break
            before, config = config, dataclasses.replace(config, **remedy.changes)
            assert config != before


def test_where_the_share_of_changed_pictures_adapts_the_one_in_force_is_halved():
    config, losing = TrainConfig(ada_target=0.6), dict(accuracy_real=0.4, accuracy_fake=0.4)
    for share, changes in ((0.4, dict(augment_p=0.2)), (0.1, dict(g_lr=config.g_lr / 2))):
        assert diagnose(story(losing | dict(augment_p=share), dict(apart=0.9)), config).remedy.changes == changes


@pytest.mark.parametrize(
    "augment, left", [(("flip",), ()), (("flip", "hue"), ("hue",)), ((), tuple(name for name in BGC if name != "flip"))]
)
def test_a_change_that_leaks_is_gone_also_where_its_share_adapts(augment, left):
    config = TrainConfig(augment=augment, ada_target=0.6)
    remedy = diagnose(story({}, dict(leak=2.0, leaking="flip")), config).remedy
    assert dataclasses.replace(config, **remedy.changes).changes == left


def test_every_verdict_has_a_sentence_in_plain_words():
    assert list(VERDICTS) == [
        "healthy",
        "learning",
        "improving",
        "trying",
        "unmeasured",
        "warming",
        "d_wins",
        "g_wins",
        "astray",
        "collapse",
        "diverged",
        "copying",
        "leaking",
        "ahead",
    ]
    assert all(text.endswith((".", "{trouble}")) for text in VERDICTS.values())


def recorded(name: str) -> list:
    """The records of a real run: recorded/."""
    kinds = {kind.__name__: kind for kind in (StepRecord, SignalRecord, ChangeRecord)}
    rows = map(json.loads, (Path(__file__).parent / "recorded" / f"{name}.jsonl").read_text().splitlines())
    return [kinds[row.pop("kind")](**row) for row in rows]


def test_the_classic_pair_as_it_was_recorded():
    """Fully connected, 100-256-512-1024-784 and 1024-512-256-1, handwritten digits, Adam 2e-4 (0.9, 0.999), no penalty:
    collapsed from the start, with a discriminator that is right on everything. At step 900 the remedy is applied."""
    records = recorded("classic_pair")
    config = TrainConfig(
        g_lr=2e-4, d_lr=2e-4, beta1=0.9, beta2=0.999, batch_size=64, penalty="none", record_every=20, signals_every=50
    )
    said = told(records, config)
    (change,) = (i for i, record in enumerate(records) if isinstance(record, ChangeRecord))
    before = [one.verdict for one in said[:change]]
    assert list(dict.fromkeys(before)) == ["learning", "collapse"] and before[-1] == "collapse"
    assert records[change].changes.items() <= said[change - 1].remedy.changes.items()
    assert [other.verdict for other in said[change - 1].others] == ["d_wins"]
    assert said[change].sentence.startswith("“Keep the discriminator smooth” is being tried.")
    for record, one in zip(records[change:], said[change:], strict=True):
        if isinstance(record, SignalRecord) and record.diversity < 0.25:
            assert one.verdict in ("trying", "collapse")


def test_a_run_knows_its_diagnosis(tmp_path):
    trainer = failures.trainer("pictures", failures.discs(), d_lr=1e-2, penalty="none", loss="minimax")
    g, d = failures.PAIRS["pictures"]
    run = Run.create(
        tmp_path / "run",
        RunSettings(
            "x",
            None,
            None,
            "mlp",
            g,
            d,
            (),
            dict(d_lr=1e-2, penalty="none", loss="minimax", signals_every=50, batch_size=64),
        ),
    )
    assert run.diagnosis().verdict == "learning"
    for record in trainer.run(150):
        run.write(record)
    found = Run.open(run.path).diagnosis()
    assert found.verdict == "d_wins" and found == diagnose(run.events(), run.config())
    run.write(trainer.change(**found.remedy.changes))
    assert run.config().penalty == "r1" and run.diagnosis().verdict == "trying"
    with pytest.raises(StudioError):
        trainer.change(penalty="magic")
