"""What a Space of the Hugging Face Hub leaves to the app: where it listens, and where it may write.

A Space says who it is (SPACE_ID, SPACE_HOST) and how many processors are its own (CPU_CORES); the hosts, the door and
the runs read that themselves. Its disk is emptied at each restart.
"""

import os
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

ADDRESS, PORT = "0.0.0.0", "7860"  # where a Space's proxy looks for the app


def is_space(environment: MutableMapping[str, str]) -> bool:
    """Whether this is a Space."""
    return "SPACE_ID" in environment


def settle(environment: MutableMapping[str, str]) -> None:
    """Say in a Space's environment what it does not say itself, before Gradio and the Hub's client read it."""
    if not is_space(environment):
        return
    environment.setdefault("GRADIO_SERVER_NAME", ADDRESS)
    environment.setdefault("GRADIO_SERVER_PORT", PORT)
    if not _can_write(Path(environment.get("HOME") or "/")):
        room = Path(tempfile.gettempdir())
        environment.setdefault("HF_HOME", str(room / "huggingface"))
        environment.setdefault("XDG_CACHE_HOME", str(room / "cache"))


def _can_write(home: Path) -> bool:
    return home.is_dir() and os.access(home, os.W_OK | os.X_OK)
