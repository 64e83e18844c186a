"""`python -m gan ...` and torchrun as real processes that need not import torch: most of what starting one costs.

`install()` makes subprocess.Popen ask a process that has imported all of it, once for each process that tests, for a
fork of itself with the words, the folder, the environment and the streams of the new one. That is a process as any
other: a child of who asked, with an exit status, signals, locks and files of its own. Whatever else is started, or
differs in what the imports read, is started as ever; so is all in a test that has the fixture `cold_starts`.
"""

import ctypes
import gc
import inspect
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
import threading
from array import array
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_MODULES = (["gan"], ["torch.distributed.run"])
_BEFORE = (
    "torch._dynamo",  # which PyTorch imports with the first optimiser
    "torch.distributed.run",
    "gan.cli.main",
    "gan.cli.train",
    "gan.cli.evaluate",
    "gan.studio.runs.worker.work",
    "gan.studio.library.loaded",
    "gan.studio.hub.client",
)
ROOM = "GAN_STUDIO_TESTS_ROOM"
"""The variable of a process that may take no more address space than it begins with and so many bytes."""
_READ_EARLY = ("HF_", "PYTHON", "LC_", "LANG", "CUDA_")  # begin the names of what Python and the imports read
# PYTHONPATH must lead here, and to no other modules; the other one Gradio spells in its own way when an app is made.
_NO_MATTER = ("PYTHONPATH", "HF_HUB_DISABLE_TELEMETRY")
_SUBREAPER = 36  # of prctl(2)
_COLD = subprocess.Popen
_SIGNATURE = inspect.signature(_COLD._execute_child)
_LONG = 1 << 20  # bytes of a request, at most
_STREAMS = (0, 1, 2)


def install() -> None:
    """From here on. Only Linux can give a child to who asked for it."""
    if sys.platform == "linux":
        subprocess.Popen = Popen


class Popen(_COLD):
    """subprocess.Popen that asks for a fork where it can."""

    cold = False

    def _execute_child(self, *args):
        asked = _SIGNATURE.bind(self, *args).arguments
        if self.cold or (pid := _SOURCE.start(asked)) is None:
            return super()._execute_child(*args)
        self.pid, self._child_created = pid, True
        names = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        self._close_pipe_fds(*(asked[name] for name in names))


class _Source:
    """The process that is forked, from when it is first asked for."""

    def __init__(self):
        self._lock, self._line, self._owner = threading.Lock(), None, 0
        self._early, self._places = _early(os.environ), os.environ.get("PYTHONPATH", "").split(os.pathsep)

    def start(self, asked: dict) -> int | None:
        """The process id of a new child of this process, or None where it has to be started as ever."""
        words = _words(asked)
        if words is None:
            return None
        given = os.environ if asked["env"] is None else asked["env"]
        environment = {os.fsdecode(name): os.fsdecode(value) for name, value in given.items()}
        folder, places = Path(asked["cwd"] or ".").resolve(), environment.get("PYTHONPATH", "").split(os.pathsep)
        if folder != ROOT and str(ROOT) not in places or {*places} - {"", str(ROOT), *self._places}:
            return None
        if _early(environment) != self._early:
            return None
        with self._lock:
            if self._owner != os.getpid():
                self._begin()
            wanted = dict(
                words=words, folder=str(folder), environment=environment, session=bool(asked["start_new_session"])
            )
            return self._ask(wanted, _files(asked))

    def _begin(self) -> None:
        theirs = self._connect()
        words = [sys.executable, __file__, str(theirs.fileno())]
        nothing = subprocess.DEVNULL  # also so that what is printed is buffered as for a pipe
        self._process = _COLD(words, cwd=ROOT, stdin=nothing, stdout=nothing, pass_fds=(theirs.fileno(),))
        theirs.close()

    def begin_here(self) -> None:
        """In a process that is warm itself, and has no threads yet: a fork of it is what its children are forks of."""
        theirs = self._connect()
        if os.fork() == 0:
            self._line.close()
            _main(theirs)
            sys.exit()
        theirs.close()

    def _connect(self) -> socket.socket:
        """The other end of a new line."""
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self._line, theirs):
            for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                end.setsockopt(socket.SOL_SOCKET, option, _LONG)
        self._owner = os.getpid()
        return theirs

    def _ask(self, wanted: dict, files: dict[int, int]) -> int:
        """`files`: the numbers that files have in the new process, and here. It is adopted by the next who may be."""
        body = json.dumps(wanted | {"files": list(files)}).encode()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", files.values()))]
        _adopt(True)
        try:
            self._line.sendmsg([body], rights)
            return struct.unpack("i", self._line.recv(4))[0]
        finally:
            _adopt(False)


def _words(asked: dict) -> list[str] | None:
    """The module and what it is told, where this is `python -m MODULE ...` of one that can be had warm."""
    if isinstance(asked["args"], (str, bytes, os.PathLike)):
        return None
    python, *words = [os.fspath(word) for word in asked["args"]]
    while words and words[0] == "-u":
        words.pop(0)
    odd = asked["preexec_fn"] or asked["shell"] or asked["executable"] not in (None, python)
    if python != sys.executable or odd or words[:1] != ["-m"] or words[1:2] not in _MODULES:
        return None
    return words[1:]


def _early(environment) -> dict[str, str]:
    return {
        name: value for name, value in environment.items() if name.startswith(_READ_EARLY) and name not in _NO_MATTER
    }


def _files(asked: dict) -> dict[int, int]:
    given = (asked["p2cread"], asked["c2pwrite"], asked["errwrite"])
    streams = {number: own if own != -1 else number for number, own in zip(_STREAMS, given, strict=True)}
    return streams | {number: number for number in asked["pass_fds"]}


def _adopt(on: bool) -> None:
    """Whether a process below this one whose parent ends becomes a child of this one."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, int(on), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


_SOURCE = _Source()


# In the process that is forked


def _serve(line: socket.socket) -> None:
    """Fork for each request, until nobody can ask any more. Returns in each fork, ready to run what was asked for."""
    gc.collect()
    gc.freeze()
    while True:
        body, rights, _, _ = line.recvmsg(_LONG, socket.CMSG_SPACE(256 * 4))
        if not body:
            os._exit(0)
        files = array("i")
        for _, _, data in rights:
            files.frombytes(data)
        told, tell = os.pipe()
        if between := os.fork():
            os.waitpid(between, 0)
            line.send(os.read(told, 4))
            for number in (*files, told, tell):
                os.close(number)
        elif child := os.fork():
            os.write(tell, struct.pack("i", child))
            os._exit(0)
        else:
            _become(json.loads(body), list(files), line)
            return


def _become(wanted: dict, files: list[int], line: socket.socket) -> None:
    """Take the place of a new process."""
    import fcntl  # which Windows has not

    line.detach()
    numbers = wanted["files"]
    spare = max(*numbers, *files) + 1
    held = [fcntl.fcntl(number, fcntl.F_DUPFD, spare) for number in files]
    for own, number in zip(held, numbers, strict=True):
        os.dup2(own, number)
    kept = sorted({*numbers, os.sysconf("SC_OPEN_MAX")})
    for before, after in zip(kept, kept[1:], strict=False):
        if before + 1 < after:  # an empty range from 0 closes all
            os.closerange(before + 1, after)
    if wanted["session"]:
        os.setsid()
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    if room := os.environ.get(ROOM):
        _narrow(int(room))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = wanted["words"]


def _narrow(room: int) -> None:
    import resource

    most = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + room
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _main(line: socket.socket) -> None:
    """Serve; and in each fork, be what was asked for."""
    import torch

    _serve(line)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or torch.get_num_threads()))
    if sys.argv[0] != "gan":  # its children are warm as well
        _SOURCE.begin_here()
        Popen.cold = False
        sys.modules.pop(sys.argv[0])  # which is about to run as __main__
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    sys.modules["warm_starts"] = sys.modules["__main__"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a person who ends the tests: these end with who asks
    Popen.cold = True
    install()  # before anybody takes subprocess.Popen to themselves
    for module in _BEFORE:
        __import__(module)
    _main(socket.socket(fileno=int(sys.argv[1])))
