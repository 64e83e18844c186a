"""What else the machine was doing: times taken beside somebody else's work are not times of ours."""

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
NOTICEABLE = 0.1  # of one core


class Foreign:
    """How many cores the processes that are not ours and not our children's kept busy since this was made."""

    def __init__(self):
        self._began, self._busy, self._ours = time.monotonic(), _busy(), _ours()

    def cores(self) -> float:
        took = time.monotonic() - self._began
        return max(0.0, (_busy() - self._busy - _ours() + self._ours) / TICKS / took)

    def sentence(self) -> str:
        """For the foot of a table. Call it before our own processes end."""
        cores = self.cores()
        if cores < NOTICEABLE:
            return f"The machine of {os.cpu_count()} cores was ours: others used {cores:.2f} of a core meanwhile."
        return (
            f"OTHERS USED {cores:.2f} OF {os.cpu_count()} CORES meanwhile: milliseconds are too long, only ratios "
            "can be quoted."
        )


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, on all cores: hardly more beside others' work than without."""
    return sum(map(int, _read(f"/proc/{pid}/stat").rpartition(")")[2].split()[11:13])) / TICKS


def _busy() -> int:
    """Ticks that all cores have worked since the machine started."""
    user, nice, system, idle, iowait, irq, softirq, steal = map(int, _read("/proc/stat").split()[1:9])
    return user + nice + system + irq + softirq + steal


def tree_seconds(pid: int) -> float:
    """Likewise of a process and all below it, those that ended and were waited for included."""
    return _tree_ticks(pid) / TICKS


def _ours() -> int:
    return _tree_ticks(os.getpid())


def _tree_ticks(pid: int) -> int:
    table = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (text := _read(entry / "stat")):
            fields = text.rpartition(")")[2].split()
            table[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    own = {pid}
    while more := {child for child, (parent, _) in table.items() if parent in own} - own:
        own |= more
    return sum(table[one][1] for one in own if one in table)


def _read(path) -> str:
    try:
        return Path(path).read_text()
    except OSError:  # a process that has ended
        return ""
