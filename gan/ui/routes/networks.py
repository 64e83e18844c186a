"""Networks for visitors whose browsers paint with them: what exported pages hold, for the page of the studio.

A class of fifty that drags its sliders then asks for nothing but the networks, once each.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gan import export
from gan.export.network import network_bytes
from gan.studio.library.library import Library
from gan.studio.library.loaded import Model
from gan.studio.library.single_flight import SingleFlight
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import our_routes
from gan.ui.routes.scripts import Scripts

_PAGE = Path(export.__file__).parent / "page"
_PIECE = 2**18  # bytes
_KEPT, _ROOM = 2, 64 * 2**20  # networks that stay in memory in any case, and bytes of all


@dataclass(frozen=True)
class _Packed:
    """A network on its way to browsers. mark: another one once the model has changed."""

    data: bytes
    mark: str


def make_network_routes(library: Library) -> list[OurRoute]:
    """The Starlette routes by which a browser comes to a network, and to what paints with it."""
    networks = _Networks(library)
    table = (
        (Kind.FACTS, "GET", "network.safetensors", networks.network),
        (Kind.PAGE, "GET", "painting/{path:path}", Scripts(directory=_PAGE).answer),
    )
    return our_routes("/studio/", table)


class _Networks:
    def __init__(self, library: Library):
        self._library = library
        self._packed = SingleFlight(_KEPT, _ROOM, lambda packed: len(packed.data))

    async def network(self, request: Request) -> Response:
        """?id=...&rev=... -> the network of an open model as safetensors. Browsers keep it and ask whether it has
        changed."""
        query = request.query_params
        packed = await run_in_threadpool(self._of, query.get("id", ""), query.get("rev") or None)
        headers = {"Cache-Control": "private, no-cache", "ETag": packed.mark}
        if request.headers.get("if-none-match") == packed.mark:
            return Response(status_code=304, headers=headers)
        headers["Content-Length"] = str(len(packed.data))
        return StreamingResponse(_pieces(packed.data), media_type="application/octet-stream", headers=headers)

    def _of(self, id: str, revision: str | None) -> _Packed:
        model = self._library.get(id, revision)
        return self._packed.get(model.version, lambda: _pack(model))


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    """One after the other, each when the one before is on its way: whoever does not read fills nothing."""
    for at in range(0, len(data), _PIECE):
        yield data[at : at + _PIECE]


def _pack(model: Model) -> _Packed:
    data = network_bytes(model)
    return _Packed(data, f'"{hashlib.sha256(data).hexdigest()[:32]}"')
