"""Repositories of the Hugging Face Hub: what is in the local cache first, and never a long wait.

The client of huggingface_hub retries for half a minute where there is no network. So the Hub is first asked one short
question (which commit, which files, how big), and every call runs on a thread that is given up when nothing moves.
Only from ids that look like user/repo; gan.studio.library.hub_models says which files of models are fetched,
gan.studio.data.hub_data which of datasets.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from huggingface_hub import HfApi, constants, hf_hub_download, try_to_load_from_cache
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.hf_api import DatasetInfo, ModelInfo
from huggingface_hub.utils import httpx

from gan.errors import StudioError
from gan.messages import say
from gan.store.archives import clean
from gan.store.model_config import CONFIG, WEIGHTS
from gan.studio.hub.patience import patiently
from gan.studio.hub.refusals import MODEL, UNREACHABLE, Kind, check_id, check_offered, is_commit, is_unwell, sentence

Progress = Callable[[float, str], None]
"""Told the fraction done (0..1) and what is being done, in words, on the thread that asked."""

RepoInfo = ModelInfo | DatasetInfo
"""What the Hub says of a repository."""

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}\.(safetensors|json|md)")


class Hub:
    """The Hub, or another server that speaks its language.

    endpoint: its address (None: the public Hub, or HF_ENDPOINT). cache: where files are kept (None: the cache that all
    Hub tools share). token: False asks as a stranger, None uses the token of whoever is signed in on this computer;
    keep False where visitors choose the models. answer: seconds to wait for the first word; patience: seconds to wait
    while nothing moves.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        cache: Path | None = None,
        token: bool | str | None = False,
        answer: float = 4.0,
        patience: float = 15.0,
    ):
        self.endpoint, self.cache, self.token = endpoint, cache, token
        self.answer, self.patience = answer, patience

    def fetch(
        self,
        repo_id: str,
        revision: str | None = None,
        files: Sequence[str] = (CONFIG, WEIGHTS),
        progress: Progress | None = None,
    ) -> Path:
        """The folder that holds `files` of that model; its name is the commit's sha.

        A commit that is in the cache needs no network; a branch needs one question, or, where the Hub cannot be
        reached, is taken as it was last seen. Raises StudioError with a sentence for everything that can go wrong.
        """
        revision = revision or "main"
        check_id(repo_id, revision)
        for name in files:
            if not _FILE.fullmatch(name):
                raise StudioError(
                    say("{name!r} is not fetched: only .safetensors, .json and .md files are.", name=name),
                    "A GAN Studio model needs no others.",
                )
        if is_commit(revision) and (paths := self.cached(MODEL, repo_id, revision, files)):
            return paths[0].parent
        try:
            info = self.ask(MODEL, repo_id, revision)
        except (*UNREACHABLE, HfHubHTTPError) as error:
            if is_unwell(error) and (paths := self.cached(MODEL, repo_id, revision, files)):
                return paths[0].parent
            raise sentence(error, MODEL, repo_id, revision, stranger=self.token is False) from error
        paths = self.cached(MODEL, repo_id, revision, files)
        if paths and paths[0].parent.name == info.sha:
            return paths[0].parent
        sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
        for name in files:
            check_offered(repo_id, name, sizes)
        wanted = {name: sizes[name] for name in files}
        return self.download(MODEL, repo_id, revision, commit_of(info), wanted, progress)[0].parent

    def ask(self, kind: Kind, repo_id: str, revision: str, patience: float = 0.0) -> RepoInfo:
        """One request without retries: the commit's sha and its files with their sizes. Raises the client's errors.

        A connection must be there within `self.answer` seconds, the answer as well unless `patience` gives it longer.
        """
        longest = max(self.answer, patience)

        def work(moved):
            return HfApi(endpoint=self.endpoint, token=self.token).repo_info(
                repo_id,
                revision=revision,
                repo_type=kind.name,
                files_metadata=True,
                timeout=httpx.Timeout(longest, connect=self.answer),
            )

        (info,) = patiently([work], longest + 1)
        if not is_commit(info.sha):
            raise ValueError(f"{info.sha!r} is not a commit")
        return info

    def cached(self, kind: Kind, repo_id: str, revision: str, files: Sequence[str]) -> list[Path] | None:
        """Where the files are in the cache, or None unless all are. No request."""
        paths = [try_to_load_from_cache(repo_id, name, self.cache, revision, kind.name) for name in files]
        found = [Path(path) for path in paths if isinstance(path, str)]
        return found if len(found) == len(paths) else None

    def last_seen(self, kind: Kind, repo_id: str, revision: str) -> str | None:
        """The commit that a branch was at when something of it was fetched last. No request."""
        folder = Path(self.cache or constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repo_id, repo_type=kind.name)
        try:
            commit = (folder / "refs" / revision).read_text().strip()
        except OSError:
            return None
        return commit if is_commit(commit) else None

    def download(
        self,
        kind: Kind,
        repo_id: str,
        revision: str,
        commit: str,
        sizes: dict[str, int],
        progress: Progress | None = None,
    ) -> list[Path]:
        """Where files of one commit are in the cache, fetched a few at a time; `sizes` are their names and bytes.

        Raises StudioError, and whatever `progress` raises, which ends it.
        """
        meter, progress = _Meter(sizes), progress or (lambda fraction, text: None)

        def get(names: Sequence[str], at: str) -> list[str]:
            works = [lambda moved, name=name: self._get(kind, repo_id, name, at, meter, moved) for name in names]
            try:
                return patiently(
                    works,
                    self.patience,
                    lambda: progress(
                        meter.share(),
                        say(
                            "Fetching {name} of {repo_id}: {meter}",
                            name=clean(meter.name),
                            repo_id=repo_id,
                            meter=meter,
                        ),
                    ),
                )
            except TimeoutError as error:
                raise self._sentence(error, kind, repo_id, revision, meter.name) from error

        if not is_commit(revision):
            get(list(sizes)[:1], revision)  # by the branch's name, which notes in the cache what commit it is at
        paths = get(list(sizes), commit)
        progress(1.0, say("{repo_id} is here", repo_id=repo_id))
        return [Path(path) for path in paths]

    def _get(
        self, kind: Kind, repo_id: str, name: str, revision: str, meter: "_Meter", moved: Callable[[], None]
    ) -> str:
        meter.begin(name)
        try:
            path = hf_hub_download(
                repo_id,
                name,
                revision=revision,
                repo_type=kind.name,
                cache_dir=self.cache,
                endpoint=self.endpoint,
                token=self.token,
                etag_timeout=self.answer,
                tqdm_class=meter.bar(name, moved),
            )
        except (OSError, httpx.RequestError, EntryNotFoundError, ValueError) as error:
            raise self._sentence(error, kind, repo_id, revision, name) from error
        meter.end(name)
        return path

    def _sentence(self, error: Exception, kind: Kind, repo_id: str, revision: str, name: str) -> StudioError:
        return sentence(error, kind, repo_id, revision, clean(name), stranger=self.token is False)


class _Meter:
    """Counts the bytes of all files that arrive, by way of the progress bars that the client makes.

    `sizes`: what each file may have, in bytes; 0 where that is not known.
    """

    def __init__(self, sizes: dict[str, int]):
        self._sizes, self._total = sizes, max(sum(sizes.values()), 1)
        self._got, self.name = dict.fromkeys(sizes, 0), next(iter(sizes))
        self._going: list[str] = []

    def begin(self, name: str) -> None:
        self._going.append(name)
        self.name = self._going[0]  # of those on their way the one that takes longest

    def end(self, name: str) -> None:
        self._got[name] = self._sizes[name]
        self._going.remove(name)
        self.name = (self._going or [name])[0]

    def add(self, name: str, count: int) -> None:
        """Raises ValueError where that is more than was announced."""
        self._got[name] += count
        if 0 < self._sizes[name] < self._got[name]:
            raise ValueError(f"{name} has more than {self._sizes[name]} bytes")

    def share(self) -> float:
        return min(sum(self._got.values()) / self._total, 1.0)

    def __str__(self) -> str:
        return say(
            "{value:.1f} of {total:.1f} MB", value=self.share() * self._total / 1000000.0, total=self._total / 1000000.0
        )

    def bar(self, name: str, moved: Callable[[], None]) -> type:
        """A class for the client's `tqdm_class`: it draws nothing, counts what is written and tells that it moves."""
        meter = self

        class Bar:
            def __init__(self, *args, total=None, **kwargs) -> None:
                self.total = total

            def update(self, count=1):
                moved()
                meter.add(name, int(count))

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


def commit_of(info: RepoInfo) -> str:
    """The commit that an answer is about. Raises StudioError where it does not say."""
    if info.sha is None:
        raise StudioError("The Hub does not say which version this is.", "Try again later.")
    return info.sha
