"""The page's own files, as routes."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

_SERVED = (".js", ".css")


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
