"""What a training worker tells, on a terminal: a progress bar and sentences on stderr, what came of it on stdout."""

import functools
import sys

from gan.cli.progress import ProgressBar
from gan.cli.speech import tell
from gan.messages import also, as_message, number, say
from gan.studio.runs.worker.news import (
    Advice,
    Began,
    Ended,
    NewDiscriminator,
    News,
    PicturesRead,
    Progress,
    Setback,
    Warned,
)


class NewsPrinter:
    """Prints the news of one run. Use as a context: it leaves the terminal in order, however the run ends."""

    def __init__(self, as_in_articles: bool = False):
        """as_in_articles: a line on stdout for each record, with the losses and the discriminator's accuracy."""
        self._bar: ProgressBar | None = None
        self._as_in_articles = as_in_articles

    def tell(self, news: News) -> None:
        """Print one piece of news."""
        self._print(news)

    @functools.singledispatchmethod
    def _print(self, news) -> None:
        raise TypeError(f"{type(news).__name__} is no news of a run")

    @_print.register
    def _(self, news: NewDiscriminator) -> None:
        tell(
            say(
                "{base} comes without a discriminator: a new one is made, and learns alone for the first {alone} "
                "steps.",
                base=news.base,
                alone=news.alone,
            ),
            sys.stderr,
        )

    @_print.register
    def _(self, news: PicturesRead) -> None:
        for note in news.notes:
            tell(note, sys.stderr)

    @_print.register
    def _(self, news: Warned) -> None:
        tell(news.sentence, sys.stderr)

    @_print.register
    def _(self, news: Began) -> None:
        self._bar = ProgressBar(quiet=0, stays=True)

    @_print.register
    def _(self, news: Progress) -> None:
        r = news.record
        if self._as_in_articles:
            # As the programs beside those articles print it, with the words that their readers look for.
            accuracy = 50 * (r.accuracy_real + r.accuracy_fake)
            print(f"{r.step} [D loss: {r.loss_d / 2:.6f}, acc.: {accuracy:.2f}%] [G loss: {r.loss_g:.6f}]", flush=True)
        if self._bar is None:
            return
        self._bar.show(
            news.done,
            say(
                "step {step}  {speed:.0f} samples/s  D {loss_d}  G {loss_g}  D right on {real:.0f} % real, "
                "{fake:.0f} % fake",
                step=r.step,
                speed=news.speed,
                loss_d=number(r.loss_d),
                loss_g=number(r.loss_g),
                real=100 * r.accuracy_real,
                fake=100 * r.accuracy_fake,
            ),
        )

    @_print.register
    def _(self, news: Advice) -> None:
        found = news.diagnosis
        remedy = ""
        if found.remedy:
            remedy = say("{label}: {options}", label=as_message(found.remedy.label), options=found.remedy.options())
        said = also(found.sentence, remedy, *(other.sentence for other in found.others))
        tell(say("Step {step}: {said}", step=news.step, said=said))
        sys.stdout.flush()

    @_print.register
    def _(self, news: Setback) -> None:
        tell(news.sentence, sys.stderr)

    @_print.register
    def _(self, news: Ended) -> None:
        self._end_bar()
        template = "Stopped at step {step}." if news.stopped else "Done at step {step}."
        tell(also(say(template, step=news.step), say("The model is in {model}.", model=news.model)))
        if not news.finished:
            tell(say("Continue with: {command}", command=f"python -m gan train --out {news.run} --resume --steps N"))

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def __enter__(self) -> "NewsPrinter":
        return self

    def __exit__(self, *error) -> None:
        self._end_bar()
