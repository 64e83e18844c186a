"""README.md of what is published: a table for the Hub's programs, the model's own card, its scores and its terms."""

import math
import re

from huggingface_hub import ModelCardData

from gan.evaluation.metrics import METRICS
from gan.evaluation.report import Report
from gan.networks.registry import family
from gan.store.cards import learned_from, model_card, without_front_matter
from gan.studio.hub.licences import AS_BASE, UNKNOWN, title_of
from gan.studio.publishing.provenance import Provenance
from gan.studio.runs.package import markdown

TAGS = ("gan", "gan-studio")
_MOST = 1000  # letters of a licence in config.json
_SHAKY = 500  # samples or pictures below which scores are
_ELSEWHERE = re.compile(r"\[([^\]\n]*)\]\(\.\./[^)\n]*\)")  # links to files that do not go along
_TASKS = {
    "picture": "unconditional-image-generation",
    "text": "text-generation",
}  # as the Hub calls them; it has no name for sounds that nobody described
_UNSAID = "Its terms are not said: ask their author before you use it."


def front_matter(choice: str, from_what: Provenance) -> str:
    """The table, as the Hub reads it: licence, tags, and what it was made from where that is on the Hub."""
    base = list(from_what.on_hub)
    relation = "finetune" if base and from_what.step is not None else None
    data = ModelCardData(
        license=choice,
        tags=list(TAGS),
        library_name="gan-studio",
        pipeline_tag=_TASKS.get(family(from_what.config.family).makes),
        base_model=base[0] if base else None,
        base_model_relation=relation,
        license_name="terms-of-its-base" if choice == AS_BASE else None,
        license_link="README.md" if choice == AS_BASE else None,
    )
    return f"---\n{data.to_yaml()}\n---\n"


def card(body: str, choice: str, from_what: Provenance, report: Report | None, samples: str, repo: str) -> str:
    """The whole of it. `body`: the model's own card, "" for none. `samples`: the name of a picture of samples, "" where
    the body shows one."""
    body = _ELSEWHERE.sub(r"\1", without_front_matter(body)) or model_card(from_what.config)
    learned = learned_from(from_what.config)
    scores = f"\n{_scores(report, learned)}" if report is not None and "\n## Scores" not in body else ""
    shown = f"\n![Samples]({samples})\n" if samples else ""
    parts = (
        front_matter(choice, from_what),
        f"{body.rstrip()}\n{shown}{scores}",
        terms_section(choice, from_what),
        _use(repo, learned),
    )
    return "\n".join(parts)


def licence_words(choice: str, from_what: Provenance) -> str:
    """What the published config.json says of its licence: what was chosen, and the terms that go along."""
    terms = from_what.terms
    if choice == UNKNOWN:
        return ""
    if terms is None:
        return title_of(choice)
    if choice == AS_BASE:
        return f"That of {terms.name}: {terms.words}"[:_MOST]
    if not terms.changed and [one.id for one in terms.named] == [choice]:
        return terms.words[:_MOST]
    return f"{title_of(choice)}; made from {terms.name}: {terms.words}"[:_MOST]


def terms_section(choice: str, from_what: Provenance) -> str:
    """Under which terms it is published, and whose work is in it."""
    terms = from_what.terms
    said = {UNKNOWN: _UNSAID, AS_BASE: "It is published under the terms of what it was made from:"}
    rows = [said.get(choice, f"It is published under {title_of(choice)}.")]
    if terms is not None:
        how = "It was trained on from" if terms.changed else "It is a copy of"
        rows.append(f"- {how} {markdown(terms.name)}, whose terms are: {markdown(terms.words) or 'not said'}")
    if from_what.data:
        rows.append(f"- What that had learnt from: {markdown(from_what.data)}")
    if from_what.config.origin:
        rows.append(f"- Where it was found: {markdown(from_what.config.origin)}")
    return "## Licence and attribution\n\n" + rows[0] + "\n\n" + "".join(f"{row}\n" for row in rows[1:])


def _use(repo: str, learned: str) -> str:
    """learned: "pictures", "words" or "sounds"."""
    return (
        "## Use\n\n```\n"
        f"python -m gan generate --model {repo} --out grid.png\n"
        f"python -m gan train --base {repo} --data {learned.upper()} --out run --steps 1000\n```\n\n"
        f"Or paste `{repo}` into the Models tab of GAN Studio.\n"
    )


def _scores(report: Report, learned: str) -> str:
    """The scores beside those of real pictures or words, as a table."""
    rows = [
        (metric.title, *(_number(column.get(name), metric.digits) for column in (report.scores, report.real)))
        for name, metric in METRICS.items()
        if name in report.scores
    ]
    table = "".join(f"| {title} | {samples} | {real} |\n" for title, samples, real in rows)
    few = f" With so few {learned} they are shaky." if min(report.samples, report.pictures) < _SHAKY else ""
    how = f"in {markdown(report.features)}: **not comparable with published FID scores**."
    if learned == "words":
        how = "distances in bits." + ("" if "found" in report.scores else " It may have learned these words.")
    return (
        f"## Scores\n\n{report.samples:,} samples (truncation {report.psi:g}) against {report.pictures:,} {learned}, "
        f"each with its 95 % interval, {how}{few}\n\n| | samples | real {learned} |\n|---|---|---|\n{table}"
    )


def _number(estimate, digits: int) -> str:
    if estimate is None or not math.isfinite(estimate.value):
        return "-"
    margin = f" ±{estimate.margin:.{digits}f}" if math.isfinite(estimate.margin) else ""
    return f"{estimate.value:.{digits}f}{margin}"
