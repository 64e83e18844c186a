"""Threads that work for a long while let those go first that answer people.

Python's threads share one interpreter, and on a computer with few cores one core as well: who drags a slider would wait
as long for a picture as a set of pictures that is being read takes of the processor.
"""

import contextlib
import os
import sys
import threading

_STEPS = 10  # of 19; each costs about a tenth of the processor's time beside whoever did not step back


def step_back() -> None:
    """From now on this thread takes little of the processor beside others, and all that they leave. Only Linux has
    priorities of threads; elsewhere, and where the system forbids to ask for one, nothing happens."""
    if sys.platform != "linux":
        return
    me = threading.get_native_id()
    with contextlib.suppress(OSError):  # the work matters more than who goes first
        os.setpriority(os.PRIO_PROCESS, me, min(19, os.getpriority(os.PRIO_PROCESS, me) + _STEPS))
