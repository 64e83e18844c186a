"""What a run can be told to do by the page, with the values of an order."""

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import listed, say
from gan.studio.runs.limits import MOST_MINUTES
from gan.studio.runs.orders import BranchOrder, ContinueOrder, read_values
from gan.studio.runs.supervisor import Supervisor


def act_on(supervisor: Supervisor, id: str, what: str, values: dict, owner: str | None, visitor: str) -> dict:
    """Do one of ACTS. Returns {} or, for a branch, {"id": the new run}. Raises StudioError.

    owner: who must have started the run, None where anybody may act on it. visitor: whose a branch will be.
    """
    if what not in ACTS:
        raise StudioError(
            say("A run cannot be told to {what}.", what=show(what)),
            say("It can be told to {names}.", names=listed(ACTS)),
        )
    return ACTS[what](supervisor, id, values, owner, visitor) or {}


def _branch(supervisor: Supervisor, id: str, values: dict, owner: str | None, visitor: str) -> dict:
    """Anybody may branch from what anybody may watch; the new run is the visitor's."""
    order = read_values(BranchOrder, values)
    cap = {} if owner is None else {"minutes": MOST_MINUTES}
    return dict(id=supervisor.branch(id, order.step, visitor, **order.changes(), **cap))


def _continue(supervisor: Supervisor, id: str, values: dict, owner: str | None, visitor: str) -> None:
    order = read_values(ContinueOrder, values)
    minutes = order.minutes
    if owner is not None and (order.steps or minutes):  # a turn as long as the first, at the end of the line
        minutes = min(minutes or MOST_MINUTES, MOST_MINUTES)
    supervisor.continue_(id, owner, order.steps, minutes)


ACTS = {
    "pause": lambda supervisor, id, values, owner, visitor: supervisor.pause(id, owner),
    "resume": lambda supervisor, id, values, owner, visitor: supervisor.resume(id, owner),
    "stop": lambda supervisor, id, values, owner, visitor: supervisor.stop(id, owner),
    "delete": lambda supervisor, id, values, owner, visitor: supervisor.delete(id, owner),
    "change": lambda supervisor, id, values, owner, visitor: supervisor.change(id, values, owner),
    "continue": _continue,
    "branch": _branch,
}
"""What a run can be told to do: functions of (supervisor, id, values, owner, visitor)."""
