"""What Gradio keeps of each session, without what nobody asks for here.

Gradio 6.31 describes every component of the page anew for each session, for links that lead back to its values (deep
links, which are closed: see doors/calls.py). That holds up the event loop for 25 ms at the first event of each visitor
and at each call of a program, and keeps a megabyte of them.
"""

from types import SimpleNamespace
from typing import Any

from gradio.state_holder import SessionState, StateHolder

MOST = 1000  # sessions that are remembered


class Sessions(StateHolder):
    """Sessions whose components are described when they change, each by itself."""

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            undescribed: Any = SimpleNamespace(default_config=self.blocks.default_config, blocks={})
            self.session_data[session_id] = SessionState(undescribed)
        return super().__getitem__(session_id)
