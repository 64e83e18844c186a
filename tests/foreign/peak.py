"""How much memory this process has (Linux: /proc/self)."""

from pathlib import Path

OWN, ALL, MOST = "RssAnon", "VmRSS", "VmHWM"  # without and with the pages of mapped files; the most of these so far


def megabytes(kind: str) -> float:
    """OWN, ALL or MOST."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024


def forget_the_most() -> None:
    """MOST starts again from here."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
