"""A model to take away in another form, past Gradio's queue: see gan/export."""

import asyncio

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gan.errors import StudioError
from gan.export.archive import export_zip
from gan.export.forms import FORMS
from gan.studio.library.library import Library
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import json_body, our_routes, plain_name
from gan.ui.temporary_files import filled_folder, remove

_AT_ONCE = 2  # are written


def make_export_routes(library: Library) -> list[OurRoute]:
    """The Starlette routes below studio/export/."""
    desk = _ExportHandlers(library)
    return our_routes("/studio/export/", ((Kind.WORK, "POST", "{form}.zip", desk.zip),))


class _ExportHandlers:
    def __init__(self, library: Library):
        self.library, self._turns = library, asyncio.Semaphore(_AT_ONCE)

    async def zip(self, request: Request) -> Response:
        """{"id", "rev"} -> an open model in that form, as a zip."""
        body, form = await json_body(request), request.path_params["form"]
        if form not in FORMS:
            raise StudioError("There is no such form of a model.", "Reload the page.")
        async with self._turns:
            path = await run_in_threadpool(self._written, form, str(body.get("id")), body.get("rev") or None)
        name = plain_name(path.name)
        return FileResponse(
            path, media_type="application/zip", filename=name, background=BackgroundTask(remove, path.parent)
        )

    def _written(self, form: str, id: str, revision: str | None):
        model = self.library.get(id, revision)
        with filled_folder(form) as folder:
            return export_zip(FORMS[form], model, folder)
