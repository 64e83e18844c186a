"""The line in which runs wait for a device: empty files root/.line/<nanoseconds>.<id>, the oldest first."""

import time
from dataclasses import dataclass
from pathlib import Path

from gan.store.files import make_folder


@dataclass(frozen=True)
class Ticket:
    """A place in the line."""

    id: str
    path: Path

    def tear(self) -> None:
        """Leave the line."""
        self.path.unlink(missing_ok=True)


class RunQueue:
    """The line of the runs below `root`."""

    def __init__(self, root: Path):
        self._folder = Path(root) / ".line"

    def tickets(self) -> list[Ticket]:
        """All tickets in their order."""
        names = sorted(path.name for path in self._folder.iterdir()) if self._folder.is_dir() else []
        return [Ticket(name.partition(".")[2], self._folder / name) for name in names]

    def join(self, id: str) -> None:
        """Stand at its end."""
        (make_folder(self._folder) / f"{time.time_ns():020d}.{id}").touch()

    def leave(self, id: str) -> bool:
        """Tear the run's tickets; whether there were any."""
        mine = [ticket for ticket in self.tickets() if ticket.id == id]
        for ticket in mine:
            ticket.tear()
        return bool(mine)
