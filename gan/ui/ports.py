"""Whether anybody can listen on a port, asked before a second is spent on anything else."""

import errno
import socket

from gan.errors import StudioError
from gan.messages import say


def check_port(host: str | None, port: int | None) -> None:
    """Raise StudioError where nobody can listen on that port, in words that say more than Gradio's own. None: any port
    will do."""
    if port is None:
        return
    try:
        with socket.socket(socket.AF_INET6 if ":" in (host or "") else socket.AF_INET) as trial:
            # As servers do: one that has just ended is gone.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(((host or "127.0.0.1").strip("[]"), port))
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) == errno.EADDRINUSE
        raise StudioError(
            say("The port {port} is taken by another program.", port=port)
            if taken
            else say("Nothing can listen on the port {port}: {why}.", port=port, why=getattr(error, "strerror", error)),
            "Choose another one with --port, or leave it out.",
        ) from error
