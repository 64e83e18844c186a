"""What a training worker tells, on a terminal: a progress bar and sentences on stderr, what came of it on stdout."""

import functools
import sys

from gan.cli.progress import ProgressBar
from gan.messages import number
from gan.studio.runs.worker.news import Advice, Began, Ended, NewDiscriminator, News, Progress, Setback


class NewsPrinter:
    """Prints the news of one run. Use as a context: it leaves the terminal in order, however the run ends."""

    def __init__(self):
        self._bar: ProgressBar | None = None

    def tell(self, news: News) -> None:
        """Print one piece of news."""
        self._print(news)

    @functools.singledispatchmethod
    def _print(self, news) -> None:
        raise TypeError(f"{type(news).__name__} is no news of a run")

    @_print.register
    def _(self, news: NewDiscriminator) -> None:
        print(
            f"{news.base} comes without a discriminator: a new one is made, and learns alone for the first "
            f"{news.alone} steps.",
            file=sys.stderr,
        )

    @_print.register
    def _(self, news: Began) -> None:
        self._bar = ProgressBar(quiet=0, stays=True)

    @_print.register
    def _(self, news: Progress) -> None:
        r = news.record
        self._bar.show(
            news.done,
            f"step {r.step}  {news.speed:.0f} pictures/s  D {number(r.loss_d)}  G {number(r.loss_g)}  "
            f"D right on {100 * r.accuracy_real:.0f} % real, {100 * r.accuracy_fake:.0f} % fake",
        )

    @_print.register
    def _(self, news: Advice) -> None:
        found = news.diagnosis
        remedy = f" {found.remedy.label}: {found.remedy.options()}" if found.remedy else ""
        others = "".join(f" {other.sentence}" for other in found.others)
        print(f"Step {news.step}: {found.sentence}{remedy}{others}", flush=True)

    @_print.register
    def _(self, news: Setback) -> None:
        print(news.sentence, file=sys.stderr)

    @_print.register
    def _(self, news: Ended) -> None:
        self._end_bar()
        word = "Stopped" if news.stopped else "Done"
        print(f"{word} at step {news.step}. The model is in {news.model}.")
        if not news.finished:
            print(f"Continue with: python -m gan train --out {news.run} --resume --steps N")

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def __enter__(self) -> "NewsPrinter":
        return self

    def __exit__(self, *error) -> None:
        self._end_bar()
