"""The page's own files, as routes."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from gan.ui.page_scripts import FOLDER, is_of

_SERVED = (".js", ".css")
_VERSION = re.compile("[0-9a-f]{12}")
_FOR_GOOD = "max-age=31536000, immutable"


class Scripts(StaticFiles):
    """Scripts and style sheets in a folder. Browsers ask each time whether they have changed: they must all be of one
    version."""

    async def answer(self, request: Request) -> Response:
        """One of the files; as a route, since a mounted folder is not found below a proxy's path."""
        if not request.path_params["path"].endswith(_SERVED):
            raise HTTPException(404)
        return await self.get_response(self.get_path({"path": request.path_params["path"]}), request.scope)

    def file_response(self, *args, **kwargs) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


class OwnScripts(Scripts):
    """Those of the page itself, with and without a version in their address (see gan/ui/page_scripts.py)."""

    def __init__(self):
        super().__init__(directory=FOLDER)

    async def answer(self, request: Request) -> Response:
        """A page that is older than this app asks for an older version: it gets what there is, and asks again."""
        before, _, rest = request.path_params["path"].partition("/")
        if _VERSION.fullmatch(before):
            request.path_params["path"] = rest
        answer = await super().answer(request)
        if answer.status_code in (200, 304) and is_of(before, rest):
            answer.headers["Cache-Control"] = _FOR_GOOD
        return answer
