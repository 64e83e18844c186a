"""Addresses whose new connections the system itself turns away, where it can (Linux): a flood of them costs the app
nothing then, and whoever sends it waits a second for each.

A listening socket may carry a filter of classic BPF (socket(7), SO_ATTACH_FILTER; McCanne and Jacobson 1993): a list of
instructions that looks at each packet before a connection is made of it. Connections that were made before go on.
"""

import ctypes
import ipaddress
import logging
import socket
import struct
import sys
from collections.abc import Sequence

_ATTACH, _DETACH = 26, 27  # SO_ATTACH_FILTER and SO_DETACH_FILTER, for which Python has no names
_LOAD, _LOAD_BYTE, _AND, _SAME, _GIVE = 0x20, 0x30, 0x54, 0x15, 0x06  # codes of instructions
_HEAD = 2**32 - 0x100000  # SKF_NET_OFF: from here on the head of the packet is counted
_SENDER = {4: 12, 6: 8}  # the byte of it at which its sender's address stands
_WHOLE = 2**32 - 1  # of the packet is let through
_log = logging.getLogger(__name__)


def shut_out(listening: socket.socket, households: Sequence[str]) -> bool:
    """From now on nobody of these (see shares.py) comes to that socket, and everybody else does; of none: everybody,
    where some were shut out before. Whether the system does so."""
    if sys.platform != "linux":
        return False
    code = _program(households)
    kept = ctypes.create_string_buffer(code, len(code))
    try:
        if households:
            whole = struct.pack("HP", len(code) // 8, ctypes.addressof(kept))
            listening.setsockopt(socket.SOL_SOCKET, _ATTACH, whole)
        else:
            listening.setsockopt(socket.SOL_SOCKET, _DETACH, 0)
    except OSError as error:  # containers may have a kernel that knows no filters
        _log.info("Floods are not shut out here: %s", error)
        return False
    return True


def _program(households: Sequence[str]) -> bytes:
    """The instructions."""
    return b"".join(map(_turned_away, households)) + _instruction(_GIVE, _WHOLE)


def _turned_away(household: str) -> bytes:
    """A packet of this one gets 0 bytes through; with any other one goes on behind these instructions."""
    address = ipaddress.ip_address(household)
    words = struct.unpack(">I" if address.version == 4 else ">II", address.packed[:8])
    wanted = [
        (_HEAD, address.version << 4),
        *((_HEAD + _SENDER[address.version] + 4 * i, w) for i, w in enumerate(words)),
    ]
    code = _instruction(_GIVE, 0)
    for at, value in reversed(wanted):
        same = _instruction(_SAME, value, otherwise=len(code) // 8)
        load = _instruction(_LOAD, at)
        if at == _HEAD:  # the version, in half a byte
            load = _instruction(_LOAD_BYTE, at) + _instruction(_AND, 0xF0)
        code = load + same + code
    return code


def _instruction(code: int, value: int, otherwise: int = 0) -> bytes:
    """`otherwise`: how many of the next ones are skipped where a comparison fails."""
    return struct.pack("HBBI", code, 0, otherwise, value)
