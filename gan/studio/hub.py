"""Models from the Hugging Face Hub: what is in the local cache first, and never a long wait.

The client of huggingface_hub retries for half a minute where there is no network. So the Hub is first asked one short
question (which commit, which files, how big), and every call runs on a thread that is given up when nothing moves.
Only .safetensors, .json and .md files are ever fetched, no larger than 2 GiB, from ids that look like user/repo.
"""

import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from pathlib import Path

from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError
from huggingface_hub.hf_api import ModelInfo
from huggingface_hub.utils import httpx

from gan.errors import StudioError
from gan.studio.folder import CONFIG, WEIGHTS
from gan.studio.hub_words import UNREACHABLE, check_id, check_offered, is_commit, is_unwell, sentence

Progress = Callable[[float, str], None]
"""Told the fraction done (0..1) and what is being done, in words, on the thread that asked."""

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}\.(safetensors|json|md)")


class Hub:
    """The Hub, or another server that speaks its language.

    endpoint: its address (None: the public Hub, or HF_ENDPOINT). cache: where files are kept (None: the cache that all
    Hub tools share). token: False asks as a stranger, None uses the token of whoever is signed in on this computer;
    keep False where visitors choose the models. answer: seconds to wait for the first word; patience: seconds to wait
    while nothing moves.
    """

    def __init__(self, endpoint: str | None = None, cache: Path | None = None, token: bool | str | None = False,
                 answer: float = 4.0, patience: float = 15.0):
        self.endpoint, self.cache, self.token = endpoint, cache, token
        self.answer, self.patience = answer, patience

    def fetch(self, repo_id: str, revision: str | None = None, files: Sequence[str] = (CONFIG, WEIGHTS),
              progress: Progress | None = None) -> Path:
        """The folder that holds `files` of that model; its name is the commit's sha.

        A commit that is in the cache needs no network; a branch needs one question, or, where the Hub cannot be
        reached, is taken as it was last seen. Raises StudioError with a sentence for everything that can go wrong.
        """
        revision = revision or "main"
        check_id(repo_id, revision)
        for name in files:
            if not _FILE.fullmatch(name):
                raise StudioError(f"{name!r} is not fetched: only .safetensors, .json and .md files are.",
                                  "A GAN Studio model needs no others.")
        if is_commit(revision) and (folder := self._cached(repo_id, revision, files)):
            return folder
        try:
            info = _patiently(lambda moved: self._ask(repo_id, revision), self.answer + 1)
        except (*UNREACHABLE, HfHubHTTPError) as error:
            if is_unwell(error) and (folder := self._cached(repo_id, revision, files)):
                return folder
            raise sentence(error, repo_id, revision, stranger=self.token is False) from error
        folder = self._cached(repo_id, revision, files)
        if folder and folder.name == info.sha:
            return folder
        return self._download(repo_id, revision, info, files, progress or (lambda fraction, text: None))

    def _ask(self, repo_id: str, revision: str) -> ModelInfo:
        """One request without retries: the commit's sha and its files with their sizes."""
        return HfApi(endpoint=self.endpoint, token=self.token).model_info(
            repo_id, revision=revision, files_metadata=True, timeout=self.answer)

    def _cached(self, repo_id: str, revision: str, files: Sequence[str]) -> Path | None:
        """The folder in the cache that holds all the files, or None. No request."""
        try:
            paths = [hf_hub_download(repo_id, name, revision=revision, cache_dir=self.cache, local_files_only=True)
                     for name in files]
        except LocalEntryNotFoundError:
            return None
        return Path(paths[0]).parent

    def _download(self, repo_id: str, revision: str, info: ModelInfo, files: Sequence[str], progress: Progress) -> Path:
        sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
        for name in files:
            check_offered(repo_id, name, sizes)
        meter, total = _Meter(), max(sum(sizes[name] for name in files), 1)

        def show(name: str) -> None:
            got = min(meter.bytes, total)
            progress(got / total, f"Fetching {name} of {repo_id}: {got / 1e6:.1f} of {total / 1e6:.1f} MB")

        folder = None
        for name in files:
            # The first file is asked for by the branch's name, which notes in the cache what commit the branch is at;
            # the others by that commit, so that all are of one piece.
            wanted = folder.name if folder else revision
            try:
                path = _patiently(lambda moved: self._get(repo_id, name, wanted, meter.bar(moved)), self.patience,
                                  lambda: show(name))
            except (OSError, httpx.RequestError, EntryNotFoundError) as error:
                raise sentence(error, repo_id, revision, name, stranger=self.token is False) from error
            folder = Path(path).parent
        progress(1.0, f"{repo_id} is here")
        return folder

    def _get(self, repo_id: str, name: str, revision: str, bar: type) -> str:
        return hf_hub_download(repo_id, name, revision=revision, cache_dir=self.cache, endpoint=self.endpoint,
                               token=self.token, etag_timeout=self.answer, tqdm_class=bar)


class _Meter:
    """Counts the bytes of all files that arrive, by way of the progress bars that the client makes."""

    def __init__(self):
        self.bytes = 0

    def bar(self, moved: Callable[[], None]) -> type:
        """A class for the client's `tqdm_class`: it draws nothing, counts what is written and tells that it moves."""
        meter = self

        class Bar:
            def __init__(self, *args, total=None, **kwargs):
                self.total = total

            def update(self, count=1):
                meter.bytes += int(count)
                moved()

            def update_transfer(self, count=1):
                moved()

            def _nothing(self, *args, **kwargs):
                pass

            set_postfix_str = set_transfer_postfix_str = refresh = close = _nothing

            def __enter__(self):
                return self

            def __exit__(self, *args):
                pass

        return Bar


def _patiently(work: Callable, patience: float, tick: Callable[[], None] = lambda: None):
    """`work(moved)` on a thread of its own; TimeoutError once `patience` seconds pass without a call of `moved()`.

    `tick` runs on this thread several times a second. A thread that is given up ends by itself: the client bounds its
    own retries, and writes each file under another name until it is whole.
    """
    done, last = Future(), [time.monotonic()]

    def moved() -> None:
        last[0] = time.monotonic()

    def run() -> None:
        try:
            done.set_result(work(moved))
        except Exception as error:
            done.set_exception(error)

    threading.Thread(target=run, daemon=True, name="hub").start()
    while not wait([done], timeout=0.1).done:
        tick()
        if time.monotonic() - last[0] > patience:
            raise TimeoutError(f"nothing moved for {patience} seconds")
    return done.result()
