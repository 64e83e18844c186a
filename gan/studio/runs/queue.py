"""The line in which runs wait for a device: empty files root/.line/<nanoseconds>.<id>, the oldest first."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from gan.messages import say
from gan.store.files import cannot_read, make_folder, touch

_TICKET = re.compile(r"\d{20}\.(.+)")  # others are somebody else's files


@dataclass(frozen=True)
class Ticket:
    """A place in the line."""

    id: str
    path: Path

    @property
    def since(self) -> float:
        """When it was drawn, in seconds since 1970."""
        return int(self.path.name[:20]) / 1e9

    def tear(self) -> None:
        """Leave the line."""
        self.path.unlink(missing_ok=True)


class RunQueue:
    """The line of the runs below `root`."""

    def __init__(self, root: Path):
        self._folder = Path(root) / ".line"

    def tickets(self) -> list[Ticket]:
        """All tickets in their order."""
        try:
            names = sorted(os.listdir(self._folder))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise cannot_read(say("The line of runs"), error) from error
        return [Ticket(found[1], self._folder / name) for name in names if (found := _TICKET.fullmatch(name))]

    def join(self, id: str) -> None:
        """Stand at its end."""
        touch(make_folder(self._folder) / f"{time.time_ns():020d}.{id}")

    def leave(self, id: str) -> bool:
        """Tear the run's tickets; whether there were any."""
        mine = [ticket for ticket in self.tickets() if ticket.id == id]
        for ticket in mine:
            ticket.tear()
        return bool(mine)
