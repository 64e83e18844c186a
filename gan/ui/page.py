"""The whole page, and how it is launched."""

import html
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
import torch
from gradio.http_server import LOCALHOST_NAME
from gradio.routes import App, ORJSONResponse
from starlette.middleware import Middleware

from gan.locales import languages
from gan.studio.atlas import Atlases
from gan.studio.batcher import Batcher
from gan.studio.engine import Engine
from gan.studio.hub.client import Hub
from gan.studio.library.library import Library
from gan.studio.library.loaded import BUNDLED, Models
from gan.studio.library.own_sliders import OwnSliders
from gan.studio.library.recent import RecentModels
from gan.studio.library.uploads import Uploads
from gan.studio.recipes import Recipe
from gan.studio.runs.device_names import is_lent
from gan.studio.runs.locks import CAN_SUPERVISE
from gan.studio.runs.workshop import Workshop
from gan.studio.scores.scores import Scores
from gan.ui import api
from gan.ui.doors.calls import Calls
from gan.ui.doors.connections import limit_connections
from gan.ui.doors.door import Door
from gan.ui.doors.hosts import known_hosts
from gan.ui.doors.house import House
from gan.ui.first_look import FirstLook
from gan.ui.kept_pages import KeptPages
from gan.ui.kinds import ways
from gan.ui.language import PageLanguage
from gan.ui.oauth import ROUTES as SIGNING_IN
from gan.ui.oauth import can_sign_in, signing_in
from gan.ui.page_scripts import head, preloads, style
from gan.ui.parts import markup
from gan.ui.ports import check_port
from gan.ui.routes.atlas import make_atlas_routes
from gan.ui.routes.dragging import make_drag_routes
from gan.ui.routes.export import make_export_routes
from gan.ui.routes.inversion import make_inversion_routes
from gan.ui.routes.lessons import make_lesson_routes
from gan.ui.routes.loops import make_loop_routes
from gan.ui.routes.models import make_model_routes
from gan.ui.routes.networks import make_network_routes
from gan.ui.routes.own_sliders import make_own_slider_routes
from gan.ui.routes.pictures import make_routes
from gan.ui.routes.publishing import can_publish, make_publish_routes
from gan.ui.routes.relatives import make_relative_routes
from gan.ui.routes.scores import make_score_routes
from gan.ui.routes.sounds import make_sound_routes
from gan.ui.routes.training import make_train_routes
from gan.ui.sessions import MOST as MOST_SESSIONS
from gan.ui.sessions import Sessions
from gan.ui.tabs import explore, interpolate, learn, models, train
from gan.ui.temporary_files import remove_all
from gan.ui.theme import theme
from gan.ui.words import Words
from gan.ui.zero_gpu import borrowed_turn, build_turns

_TITLE = "GAN Studio"
_SKIP = '<a id="skip" href="#tabs"></a>'  # its words and what it does come from studio.js
_ALERT = '<div id="alert" class="alert" role="alert" hidden></div>'
_FILES = (
    '<input id="png-file" type="file" accept="image/png" hidden>'
    '<input id="own-picture" type="file" accept="image/*" hidden>'
)
_BOOT = "() => { window.studioReady = true; window.studio?.boot(); }"
# Below the folder of the runs: models that visitors brought; what was opened; sliders of people's own; models' maps.
_UPLOADS, _RECENT, _SLIDERS, _ATLASES = ".models", ".shelf.json", ".sliders", ".atlases"
_TEMPORARY = (600, 3600)  # seconds: how often files made for visitors are looked at, and how old they may get


@dataclass(frozen=True)
class Studio:
    """What the page works with. Visitors share the networks and nothing else."""

    library: Library
    engine: Engine
    batcher: Batcher
    uploads: Uploads
    sliders: OwnSliders
    atlases: Atlases
    workshop: Workshop | None  # None where runs cannot be supervised
    scores: Scores | None  # likewise

    @classmethod
    def open(
        cls, runs: Path, roots: tuple[Path, ...] = (BUNDLED,), hub: Hub | None = None, shared: bool = False
    ) -> "Studio":
        """The studio of the bundled models (or those below other `roots`), of a hub, and of the runs in a folder.

        Visitors may name models on the Hub, but no folder of this machine. `shared`: they are several, and each may act
        on their own runs only.
        """
        uploads = Uploads(runs / _UPLOADS)
        models = Models(roots, hub, local=False, runs=runs, uploads=uploads.root)
        library = Library(models, recent=RecentModels(runs / _RECENT), shared=shared)
        engine = Engine(library)
        workshop = Workshop(library, engine, runs, shared, is_lent(os.environ)).watch() if CAN_SUPERVISE else None
        sliders, atlases = OwnSliders(runs / _SLIDERS), Atlases(library, runs / _ATLASES)
        return cls(
            library,
            engine,
            Batcher(engine),
            uploads,
            sliders,
            atlases,
            workshop,
            Scores(workshop) if workshop else None,
        )

    def warm_up(self) -> None:
        """Load the first model and paint once, so that the first visitor does not wait."""
        recipe = Recipe(self.library.first, directions=(0.1,))
        self.library.prepare([recipe])
        self.batcher.submit([recipe]).result()

    @property
    def going_on(self) -> bool:
        """Whether a run is being made, or waits to be."""
        return self.workshop is not None and any(
            state.is_live or state.position for state in self.workshop.supervisor.list()
        )

    def close(self) -> None:
        """Stop serving. Runs go on, and are there again when the same folder is opened."""
        self.batcher.close()
        if self.scores:
            self.scores.close()
        if self.workshop:
            self.workshop.close()
        remove_all()


def build(studio: Studio) -> gr.Blocks:
    """The page as a Blocks that is not running yet."""
    words, publishes = Words(), can_publish(studio.library.shared)
    button = signing_in() if can_sign_in() else None
    with gr.Blocks(title=_TITLE, analytics_enabled=False, delete_cache=_TEMPORARY) as page:
        markup(_SKIP, elem_id="skip-place")
        gr.Markdown(f"# {_TITLE}", elem_id="title")
        gr.Markdown(words("tagline"), elem_id="tagline")
        markup(_languages(), elem_id="language-place")
        markup(_ALERT + _FILES, elem_id="alert-place")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(words("explore"), elem_id="tab-explore") as first:
                explore.build(words, studio.library)
            with gr.Tab(words("interpolate"), elem_id="tab-interpolate") as second:
                interpolate.build(words, studio.library, studio.engine, studio.batcher)
            with gr.Tab(words("train"), elem_id="tab-train") as third:
                train.build(words, publishes) if studio.workshop else train.without(words)
            with gr.Tab(words("models"), elem_id="tab-models") as fourth:
                models.build(bool(studio.scores), publishes)
            with gr.Tab(words("learn"), elem_id="tab-learn") as fifth:
                learn.build()
        for tab, name in ((first, "explore"), (second, "film"), (third, "train"), (fourth, "models"), (fifth, "learn")):
            tab.select(None, None, None, js=f"() => window.studio?.run('enter', '{name}')")
        api.build(studio.library, studio.engine, studio.batcher)
        if studio.workshop and (turn := borrowed_turn()):
            build_turns(studio.workshop, turn)
        if button is not None:
            button.render()
    page.studio_words = words.i18n
    return page


def _languages() -> str:
    """The picker of the page's language, each by the name that it gives itself; studio.js acts on it."""
    options = "".join(
        f'<option value="{tag}" lang="{tag}">{html.escape(locale.name)}</option>' for tag, locale in languages().items()
    )
    return f'<select id="language" class="field">{options}</select>'


def _routes(studio: Studio) -> list:
    routes = make_routes(studio.library, studio.engine, studio.batcher)
    routes += make_sound_routes(studio.library, studio.engine, studio.batcher)
    routes += make_own_slider_routes(studio.library, studio.engine, studio.sliders)
    routes += make_export_routes(studio.library) + make_network_routes(studio.library)
    routes += make_inversion_routes(studio.library)
    routes += make_drag_routes(studio.library)
    routes += make_relative_routes(studio.library, studio.engine, studio.workshop)
    routes += make_atlas_routes(studio.library, studio.batcher, studio.atlases)
    routes += make_loop_routes(studio.library, studio.batcher)
    routes += make_model_routes(studio.library, studio.uploads) + make_lesson_routes(studio.library.shared)
    routes += make_publish_routes(studio.library, studio.workshop) if can_publish(studio.library.shared) else []
    routes += make_train_routes(studio.workshop) if studio.workshop else []
    return routes + (make_score_routes(studio.scores) if studio.scores else [])


class _GuardedApp(App):
    """Gradio's app behind the door: nothing comes to it, or leaves it, another way."""

    def __init__(self, routes: list, house: House, page: gr.Blocks, first_look: FirstLook):
        whole = [Middleware(PageLanguage, first_look=first_look.markup), Middleware(KeptPages)]
        super().__init__(routes=routes, middleware=whole, default_response_class=ORJSONResponse)
        self.state_holder = Sessions()
        self._house, self._page = house, page
        self._ours = ways(routes) + list(SIGNING_IN if can_sign_in() else ())

    def build_middleware_stack(self):
        """The door is the outermost of all."""
        calls = Calls(self._page, Path(gr.utils.get_upload_folder()))
        self.door = Door(super().build_middleware_stack(), self._house, self._ours, calls)
        return self.door


_SWITCH = 0.0001  # seconds that a thread may hold the interpreter while others want it. The painter wants it anew after
# each of a hundred operations of a picture, the loop for whatever is asked, and waits of five milliseconds (Python's
# own) for a thread that reads a stranger's zip add up


def launch(
    studio: Studio, page: gr.Blocks, host: str | None = None, port: int | None = None, house: House | None = None
) -> str:
    """Start serving in the background and return the address. `house`: who may come in; without it whoever reaches
    `host` by its own name. Raises StudioError where the port is taken."""
    check_port(host, port)
    house = house or House(known_hosts(host or LOCALHOST_NAME, (), {}))
    os.environ["FORWARDED_ALLOW_IPS"] = ""  # the door reads what a proxy says, and uvicorn would believe anybody here
    first_look = FirstLook(studio.library, _TITLE, style(), preloads())
    app = _GuardedApp(_routes(studio), house, page, first_look)
    sys.setswitchinterval(_SWITCH)
    torch.set_num_threads(1)  # one visitor's picture is too small to share out, and other programs want the other cores
    _, url, _ = page.queue(max_size=256).launch(
        server_name=f"[{host}]" if host and ":" in host and not host.startswith("[") else host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        theme=theme(),
        head=head(),
        js=_BOOT,
        i18n=page.studio_words,  # type: ignore[attr-defined]  # ours, put there by build
        run_history=False,
        footer_links=["api", "settings"],
        max_file_size="20mb",
        root_path=house.public_root or None,
        enable_monitoring=False,
        state_session_capacity=MOST_SESSIONS,
        _app=app,
        # Or Gradio asks for the first page and ends the start where that takes three seconds, as on a busy machine. Its
        # startup events have been answered by then, so the address can be reached.
        _frontend=False,
    )
    if not house.proxied:  # where one stands before it, all connections are the proxy's
        limit_connections(page.server, app.door.broken_off, app.door.lines)
    app.door.opened = True
    return url
