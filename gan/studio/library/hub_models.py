"""Models on the Hub: ours as they are, foreign ones converted; what a repository holds can be looked at first."""

from dataclasses import dataclass
from pathlib import Path

from huggingface_hub.errors import HfHubHTTPError

from gan.errors import StudioError
from gan.foreign.convert import Origin
from gan.messages import say
from gan.store.archives import clean
from gan.store.model_config import CONFIG, DISCRIMINATOR, WEIGHTS
from gan.store.model_folder import read_config
from gan.studio.hub.client import Hub, Progress, RepoInfo, commit_of
from gan.studio.hub.refusals import MODEL, UNREACHABLE, check_id, is_commit, is_unwell, sentence
from gan.studio.library.conversions import Conversions, read_settings, says_ours
from gan.studio.library.file_choice import CONFIGS, MOST_CONFIG, Listed, choose, listed, refuse_others, trouble

_LONGEST = 200  # letters of a licence's name


@dataclass(frozen=True)
class Look:
    """What a repository holds, before anything large is fetched.

    revision: the commit. licence: its name, "" where the repository does not say. files: those that can be read first.
    chosen: which one will be, None where none can; trouble, a message, then says why.
    """

    id: str
    revision: str
    licence: str
    files: tuple[Listed, ...]
    chosen: str | None
    trouble: str = ""


@dataclass(frozen=True)
class HubModels:
    """Fetches models through `hub` and keeps what is made of foreign ones in `conversions`."""

    hub: Hub
    conversions: Conversions

    def look(self, id: str, revision: str | None = None) -> Look:
        """What the repository holds. Raises StudioError where the Hub does not say."""
        info = self._ask(id, revision or "main")
        sizes, commit = _sizes(info), commit_of(info)
        settings = self._settings(id, revision or "main", commit, sizes)
        refuse_others(id, settings)
        ours = WEIGHTS in sizes and _is_ours(settings, sizes)
        chosen = WEIGHTS if ours else choose(sizes)
        files = listed(sizes)
        files = [Listed(f.name, f.size, f.name == WEIGHTS, f.note) for f in files] if ours else files
        return Look(
            id,
            commit,
            licence_of(info),
            tuple(files),
            chosen,
            "" if chosen else StudioError(*trouble(id, sizes)).said,
        )

    def fetch(
        self, id: str, revision: str | None = None, file: str | None = None, progress: Progress | None = None
    ) -> tuple[str, Path]:
        """(commit, folder) of a model: no request where the commit is here, one where a branch has not moved.

        file: which of its files to read, None for the likeliest. Where the Hub cannot be reached a branch is taken as
        it was last seen. Raises StudioError.
        """
        revision = revision or "main"
        check_id(id, revision)
        if is_commit(revision) and (folder := self._here(id, revision, file)):
            return revision, folder
        try:
            info = self.hub.ask(MODEL, id, revision)
        except (*UNREACHABLE, HfHubHTTPError) as error:
            seen = self.hub.last_seen(MODEL, id, revision) if is_unwell(error) else None
            if seen and (folder := self._here(id, seen, file)):
                return seen, folder
            raise self._sentence(error, id, revision) from error
        commit = commit_of(info)
        return commit, self._here(id, commit, file) or self._get(id, revision, info, file, progress)

    def raw(
        self, id: str, revision: str | None, file: str | None, progress: Progress | None = None
    ) -> tuple[Path, Origin]:
        """A foreign file itself, fetched, and what is known of where it comes from. Raises StudioError."""
        revision = revision or "main"
        info = self._ask(id, revision)
        sizes = _sizes(info)
        settings = self._settings(id, revision, commit_of(info), sizes)
        if _is_ours(settings, sizes) and file is None:
            raise StudioError(say("{id} is a model of GAN Studio already.", id=id), "Use it as it is.")
        return self._raw(id, revision, info, file, settings, progress)

    def _here(self, id: str, commit: str, file: str | None) -> Path | None:
        """The folder of a commit that was fetched before. No request."""
        if file in (None, WEIGHTS) and (paths := self.hub.cached(MODEL, id, commit, (CONFIG, WEIGHTS))):
            folder = paths[0].parent
            if says_ours(read_settings(folder)):
                discriminator = read_config(folder, id).discriminator is not None
                return None if discriminator and not self.hub.cached(MODEL, id, commit, (DISCRIMINATOR,)) else folder
        return self.conversions.find("hub", id, commit, file or "")

    def _get(self, id: str, revision: str, info: RepoInfo, file: str | None, progress: Progress | None) -> Path:
        sizes, commit = _sizes(info), commit_of(info)
        settings = self._settings(id, revision, commit, sizes)
        if _is_ours(settings, sizes) and file in (None, WEIGHTS):
            return self._ours(id, commit, progress)
        path, origin = self._raw(id, revision, info, file, settings, progress)
        if progress:
            progress(1.0, say("Reading {name}", name=origin.name))
        return self.conversions.make(("hub", id, commit, file or ""), path, origin)

    def _ours(self, id: str, commit: str, progress: Progress | None) -> Path:
        """A model in our own layout. Its small config is read before its weights are asked for."""
        (config,) = self.hub.cached(MODEL, id, commit, (CONFIG,)) or [self.hub.fetch(id, commit, (CONFIG,)) / CONFIG]
        discriminator = () if read_config(config.parent, id).discriminator is None else (DISCRIMINATOR,)
        return self.hub.fetch(id, commit, (CONFIG, WEIGHTS, *discriminator), progress)

    def _raw(
        self, id: str, revision: str, info: RepoInfo, file: str | None, settings: dict, progress: Progress | None
    ) -> tuple[Path, Origin]:
        refuse_others(id, settings)
        sizes = _sizes(info)
        name = file or choose(sizes)
        if name is None:
            raise StudioError(*trouble(id, sizes))
        if not any(one.name == name and one.readable for one in listed(sizes)):
            raise StudioError(
                say("{id} has no file {name!r} that can be read.", id=id, name=clean(name)),
                "Choose one of those that are listed.",
            )
        (path,) = self.hub.download(MODEL, id, revision, commit_of(info), {name: sizes[name]}, progress)
        place = say("{id} at {sha}: {name}", id=id, sha=str(info.sha)[:7], name=name)
        return path, Origin(
            say("{name} of {label}", name=name, label=id),
            title=id.partition("/")[2],
            licence=licence_of(info),
            place=place,
            config=settings,
        )

    def _settings(self, id: str, revision: str, commit: str, sizes: dict[str, int]) -> dict:
        """What its config.json says; {} where it has none that is small enough to be one."""
        name = next((name for name in CONFIGS if 0 < sizes.get(name, 0) <= MOST_CONFIG), None)
        if name is None:
            return {}
        paths = self.hub.cached(MODEL, id, commit, (name,)) or self.hub.download(
            MODEL, id, revision, commit, {name: sizes[name]}
        )
        return read_settings(paths[0].parent)

    def _ask(self, id: str, revision: str) -> RepoInfo:
        check_id(id, revision)
        try:
            return self.hub.ask(MODEL, id, revision)
        except (*UNREACHABLE, HfHubHTTPError) as error:
            raise self._sentence(error, id, revision) from error

    def _sentence(self, error: Exception, id: str, revision: str) -> StudioError:
        return sentence(error, MODEL, id, revision, stranger=self.hub.token is False)


def licence_of(info: RepoInfo) -> str:
    """The licence that a repository names, "" where it names none."""
    card = info.card_data.to_dict() if info.card_data else {}
    named = card.get("license_name") or card.get("license")
    tag = next((tag.partition(":")[2] for tag in info.tags or () if tag.startswith("license:")), "")
    text = named if isinstance(named, str) else tag
    return clean(text)[:_LONGEST]


def _is_ours(settings: dict, sizes: dict[str, int]) -> bool:
    """Whether a repository is of our layout: config.json itself says so, not what was read in place of a missing or
    huge one."""
    return says_ours(settings) and 0 < sizes.get(CONFIG, 0) <= MOST_CONFIG


def _sizes(info: RepoInfo) -> dict[str, int]:
    return {file.rfilename: file.size or 0 for file in info.siblings or ()}
