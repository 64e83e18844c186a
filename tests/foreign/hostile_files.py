"""Files that strangers send to make a reader run something, fill memory, never end or fall over.

CORPUS: name -> (sentinel -> the file's bytes, what the refusal says; None where what comes out is an inert tree). A
file that runs something would make a file called `sentinel`. `torch_pickle` and `archive` build such files, for other
tests too.
"""

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable

from foreign import good_files

MANY = 100_000


# The instructions of pickle, as one writes them by hand


def text(word: str) -> bytes:
    return b"X" + struct.pack("<I", len(word.encode())) + word.encode()


def named(name: str) -> bytes:
    module, _, word = name.rpartition(".")
    return f"c{module}\n{word}\n".encode()


def called(name: str, *args: bytes) -> bytes:
    return named(name) + b"(" + b"".join(args) + b"tR"


def whole(number: int) -> bytes:
    data = number.to_bytes(9, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def row(*values: bytes) -> bytes:
    return b"(" + b"".join(values) + b"t"


def ended(*instructions: bytes, protocol=4) -> bytes:
    return b"\x80" + bytes([protocol]) + b"".join(instructions) + b"."


def storage(key="0", numbers=4, kind="torch.FloatStorage") -> bytes:
    return row(text("storage"), named(kind), text(key), text("cpu"), whole(numbers)) + b"Q"


def tensor(offset=0, shape=(4,), stride=(1,), source: bytes | None = None) -> bytes:
    return called(
        "torch._utils._rebuild_tensor_v2",
        source or storage(),
        whole(offset),
        row(*map(whole, shape)),
        row(*map(whole, stride)),
        b"\x89",
        b"}",
    )


def in_table(value: bytes) -> bytes:
    return b"}" + text("weight") + value + b"s"


# Containers


def archive(entries: dict[str, bytes], method=zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as zipped:
        for name, data in entries.items():
            zipped.writestr(name, data)
    return file.getvalue()


def torch_zip(*instructions: bytes, data=bytes(16), method=zipfile.ZIP_STORED, **more: bytes) -> bytes:
    """A zip like those of torch.save, with one storage of four numbers."""
    return archive({"archive/data.pkl": ended(*instructions, protocol=2), "archive/data/0": data, **more}, method)


_ONE_STORAGE = struct.pack("<q", 4) + bytes(16)


def older(*instructions: bytes, keys=("0",), storages=_ONE_STORAGE, machine=None) -> bytes:
    """A file like those of torch.save before version 1.6."""
    machine = {"protocol_version": 1001, "little_endian": True} if machine is None else machine
    return b"".join(
        [
            pickle.dumps(0x1950A86A20F9469CFC6C, 2),
            pickle.dumps(1001, 2),
            pickle.dumps(machine, 2),
            ended(*instructions, protocol=2),
            pickle.dumps(list(keys), 2),
            storages,
        ]
    )


def within(data: bytes, times: int) -> bytes:
    """A pickle in a pickle in a pickle, each as the bytes of a stored tensor."""
    for _ in range(times):
        data = older(
            called("torch.storage._load_from_bytes", b"B" + struct.pack("<I", len(data)) + data), keys=(), storages=b""
        )
    return data


def patched(data: bytes, old: bytes, new: bytes, last=False) -> bytes:
    at = data.rindex(old) if last else data.index(old)
    return data[:at] + new + data[at + len(old) :]


def number_at(data: bytes, magic: bytes, offset: int, form: str, value: int) -> bytes:
    """The file with one number replaced, `offset` bytes behind the last place where `magic` stands."""
    changed = bytearray(data)
    struct.pack_into(form, changed, data.rindex(magic) + offset, value)
    return bytes(changed)


def header(table, size=16, length=None) -> bytes:
    """A safetensors file with this header."""
    head = table if isinstance(table, bytes) else json.dumps(table).encode()
    return struct.pack("<Q", len(head) if length is None else length) + head + bytes(size)


def tensors(**changes) -> bytes:
    return header({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]} | changes})


_END, _ROW = b"PK\5\6", b"PK\1\2"
_PLAIN = torch_zip(in_table(tensor()))
_BUILTIN = "builtins"


def attacks(sentinel: str) -> dict[str, bytes]:
    """Calls that make the sentinel when Python's own reader meets them, by name."""
    code, shell = text(f"open({sentinel!r}, 'w')"), text(f"touch '{sentinel}'")
    return {
        "os.system": called("os.system", shell),
        "posix.system": called("posix.system", shell),
        "eval": called(f"{_BUILTIN}.eval", code),
        "exec": called(f"{_BUILTIN}.exec", code),
        "open": called(f"{_BUILTIN}.open", text(sentinel), text("w")),
        "getattr": called(f"{_BUILTIN}.getattr", named("os.path"), text("join")) + b"0" + called("os.system", shell),
        "import": called(f"{_BUILTIN}.__import__", text("os")) + b"0" + called("os.system", shell),
        "subprocess": called("subprocess.call", b"]" + text("touch") + b"a" + text(sentinel) + b"a"),
        "old-instance": b"(" + shell + b"ios\nsystem\n",
        "object": b"(" + named("os.system") + shell + b"o",
        "stack-global": text("os") + text("system") + b"\x93" + shell + b"\x85R",
        "map": called(f"{_BUILTIN}.list", called(f"{_BUILTIN}.map", named("os.system"), b"]" + shell + b"a")),
        "partial": called("functools.partial", named("os.system"), shell) + b")R",
        "nested-pickle": called(
            "pickle.loads", b"C" + bytes([len(inner := ended(called("os.system", shell)))]) + inner
        ),
        "torch-load": called("torch.load", text(sentinel)) + b"0" + called("os.system", shell),
        "in-a-rebuild": called("torch._tensor._rebuild_from_type_v2", named("os.system"), b"N", row(shell), b"N"),
    }


def _runs(name: str):
    return lambda sentinel: ended(in_table(attacks(sentinel)[name]), protocol=4)


def _in_a_zip(name: str):
    return lambda sentinel: torch_zip(in_table(attacks(sentinel)[name]))


def _bomb(level: bytes, levels=100) -> bytes:
    """A list of the same list twice, which is in such a list ...: 2^levels values for who follows them."""
    return ended(b"]q\0", *(b"(h\0h\0" + level + b"q\0" for _ in range(levels)))


def _deep(opening: bytes, closing: bytes, levels=MANY) -> bytes:
    return ended(opening * levels, closing * levels)


def _states(sentinel: str) -> bytes:
    """An object whose __setstate__ would be found in its state."""
    return ended(
        named(f"{_BUILTIN}.object") + b")\x81}" + text("__setstate__") + named("os.system") + b"sb",
        text(f"touch '{sentinel}'") + b"b",
    )


def _colliding(count=40_000) -> bytes:
    """Keys whose hashes are all the same: 2^61 - 1 times this and that."""
    keys = [(i + 1) * (2**61 - 1) for i in range(count)]
    return ended(b"}(" + b"".join(b"\x8a\x10" + key.to_bytes(16, "little") + b"N" for key in keys) + b"u")


def _overlapping() -> bytes:
    """Two entries that begin at the same place."""
    data = archive({"archive/data.pkl": ended(b"N"), "archive/data/0": bytes(16)})
    return number_at(data, _ROW, 42, "<L", 0)


def _nested_bomb() -> bytes:
    """A file within, which is read a thousand times."""
    inner = older(b"N" * 300_000, keys=(), storages=b"")
    return ended(
        b"B" + struct.pack("<I", len(inner)) + inner + b"q\0",
        *[called("torch.storage._load_from_bytes", b"h\0") + b"0"] * 1000,
    )


def _bomb_zip() -> bytes:
    return archive(
        {
            "archive/data.pkl": ended(in_table(tensor(shape=(5_000_000,), source=storage(numbers=5_000_000)))),
            "archive/data/0": bytes(20_000_000),
        },
        zipfile.ZIP_DEFLATED,
    )


def _lying_bomb() -> bytes:
    """It says that 16 bytes are packed there, and unpacks to 20 million."""
    data = torch_zip(in_table(tensor()), data=bytes(20_000_000), method=zipfile.ZIP_DEFLATED)
    return number_at(data, _ROW, 24, "<L", 16)


def _twice() -> bytes:
    return patched(
        torch_zip(in_table(tensor()), **{"archive/data/1": bytes(16)}), b"archive/data/1", b"archive/data/0", last=True
    )


def _many_entries() -> bytes:
    return archive({"archive/data.pkl": ended(b"N"), **{f"archive/data/{i}": b"" for i in range(5000)}})


_TENSORS = "it holds a tensor|where there are fewer"
_LIES = "is broken"

CORPUS: dict[str, tuple[Callable[[str], bytes], str | None]] = {
    **{f"runs-{name}": (_runs(name), None) for name in attacks("")},
    **{
        f"runs-{name}-in-a-zip": (_in_a_zip(name), None)
        for name in ("os.system", "eval", "old-instance", "nested-pickle")
    },
    "runs-in-an-older-file": (lambda s: older(in_table(attacks(s)["os.system"]), keys=(), storages=b""), None),
    "runs-in-a-stored-tensor": (lambda s: within(ended(attacks(s)["eval"]), 1), None),
    "runs-in-the-keys": (
        lambda s: patched(older(in_table(tensor())), pickle.dumps(["0"], 2), ended(attacks(s)["eval"])),
        _LIES,
    ),
    "runs-in-the-machine": (
        lambda s: patched(older(in_table(tensor())), pickle.dumps(1001, 2), ended(attacks(s)["exec"])),
        _LIES,
    ),
    "runs-in-a-persistent-id": (lambda s: ended(attacks(s)["eval"], b"Q"), "lies outside of it"),
    "runs-in-a-persistent-kind": (
        lambda s: torch_zip(row(text("storage"), attacks(s)["eval"], text("0"), text("cpu"), whole(4)) + b"Q"),
        "unknown kind",
    ),
    "runs-in-setstate": (_states, None),
    "pickle-in-the-zip-twice": (
        lambda s: archive({"a/data.pkl": ended(attacks(s)["eval"]), "b/data.pkl": ended(b"N")}),
        "zip file",
    ),
    "persistent-path": (lambda s: ended(b"P/etc/passwd\n"), "lies outside of it"),
    "bomb-of-lists": (lambda s: _bomb(b"l"), None),
    "bomb-of-tuples": (lambda s: _bomb(b"t"), None),
    "bomb-of-tables": (
        lambda s: ended(b"}q\0", *(b"}(" + text("a") + b"h\0" + text("b") + b"h\0uq\0" for _ in range(100))),
        None,
    ),
    "bomb-of-objects": (lambda s: ended(b"Nq\0", *(named("a.B") + b"h\0h\0\x86Rq\0" for _ in range(100))), None),
    "bomb-as-a-key": (lambda s: ended(b"Nq\0" + b"0(h\0h\0tq\0" * 100 + b"0}h\0Ns"), "keys"),
    "bomb-of-memory-from-one-string": (
        lambda s: ended(
            text("a" * 2_000_000)
            + b"q\0"
            + text("latin1")
            + b"q\1("
            + (named("_codecs.encode") + b"h\0h\1\x86R") * 200
            + b"l"
        ),
        "unfolds",
    ),
    "bomb-of-nested-files": (lambda s: _nested_bomb(), "files within files|unfolds"),
    "list-in-itself": (lambda s: ended(b"]q\0h\0a"), None),
    "table-in-itself": (lambda s: ended(b"}q\0" + text("me") + b"h\0s"), None),
    "tuple-in-itself": (lambda s: ended(b"(]q\0h\0t"), None),
    "deep-lists": (lambda s: _deep(b"]", b"a")[:-2] + b".", None),
    "deep-tuples": (lambda s: ended(b"N" + b"\x85" * MANY), None),
    "deep-objects": (lambda s: ended(b"N" + (b"0" + named("a.B") + b"q\0)R") + b"q\1" + b"\x85" * MANY), None),
    "deep-calls": (lambda s: ended(named("a.B") + b")R" * MANY), None),
    "deep-files": (lambda s: within(ended(b"N"), 12), "files within files"),
    "marks-without-end": (lambda s: ended(b"(" * 2_000_000), "unfolds"),
    "lists-without-end": (lambda s: ended(b"]" * 2_000_000), "unfolds"),
    "nothing-without-end": (lambda s: ended(b"N0" * 2_000_000 + b"N"), "unfolds"),
    "memo-far-away": (lambda s: ended(b"Nr\xff\xff\xff\x7f"), _LIES),
    "memo-of-a-huge-number": (lambda s: ended(b"Np" + b"9" * 5000 + b"\n"), _LIES),
    "memo-below-nothing": (lambda s: ended(b"Np-1\n"), _LIES),
    "memo-never-written": (lambda s: ended(b"h\7"), _LIES),
    "memo-skipped": (lambda s: ended(b"Nq\5h\2"), _LIES),
    "keys-that-collide": (lambda s: _colliding(), "keys"),
    "tuple-keys-without-end": (
        lambda s: ended(b"}(" + b"".join(row(whole(i), whole(i)) + b"N" for i in range(20_000)) + b"u"),
        "keys",
    ),
    "key-of-a-megabyte": (lambda s: ended(b"}" + text("k" * 2**20) + b"Ns"), "keys"),
    "key-that-is-a-list": (lambda s: ended(b"}]Ns"), "keys"),
    "key-that-is-a-tensor": (lambda s: torch_zip(b"}" + tensor() + b"Ns"), "keys"),
    "key-that-is-an-object": (lambda s: ended(b"}" + named("a.B") + b"Ns"), None),
    "key-twice": (lambda s: ended(b"}" + text("a") + b"Ns" + text("a") + b"K\1s"), None),
    "key-not-a-number": (lambda s: ended(b"}G\x7f\xf8" + bytes(6) + b"Ns"), None),
    "number-of-megabytes": (lambda s: ended(b"\x8b" + struct.pack("<I", 2**22) + b"\xff" * 2**22), "whole number"),
    "number-of-a-million-digits": (lambda s: ended(b"I" + b"7" * 1_000_000 + b"\n"), "digits"),
    "long-of-a-million-digits": (lambda s: ended(b"L" + b"7" * 1_000_000 + b"L\n"), "digits"),
    "number-that-is-none": (lambda s: ended(b"Iabc\n"), _LIES),
    "float-that-is-none": (lambda s: ended(b"Fabc\n"), _LIES),
    "length-below-nothing": (lambda s: ended(b"\x8b\xff\xff\xff\xff"), _LIES),
    "string-longer-than-the-file": (lambda s: ended(b"X\xff\xff\xff\xff"), "ends too early"),
    "bytes-longer-than-the-world": (lambda s: ended(b"\x8e" + b"\xff" * 8), "ends too early"),
    "text-that-is-none": (lambda s: ended(b"X\2\0\0\0\xff\xfe"), _LIES),
    "string-without-quotes": (lambda s: ended(b"Sabc\n"), _LIES),
    "line-without-end": (lambda s: ended(b"V" + b"a" * 2**20), "ends too early"),
    "frame-that-lies": (lambda s: ended(b"\x95" + b"\xff" * 8 + b"N"), "ends too early"),
    "frame-in-frame": (lambda s: ended(b"\x95" + struct.pack("<Q", 3) + b"\x95" + struct.pack("<Q", 1) + b"N"), None),
    "protocol-of-the-future": (lambda s: ended(b"N", protocol=9), _LIES),
    "unknown-instruction": (lambda s: ended(b"\xee"), _LIES),
    "extension": (lambda s: ended(b"\x82\1"), "outside of the file"),
    "extension-4": (lambda s: ended(b"\x84\1\0\0\0"), "outside of the file"),
    "buffer-out-of-band": (lambda s: ended(b"\x97\x98"), "outside of the file"),
    "empty-stack": (lambda s: ended(b""), _LIES),
    "empty-stack-for-a-call": (lambda s: ended(b"R"), _LIES),
    "no-mark": (lambda s: ended(b"Nt"), _LIES),
    "pop-below-the-mark": (lambda s: ended(b"N(00t"), _LIES),
    "append-to-a-table": (lambda s: ended(b"}Na"), "cannot be filled"),
    "append-to-a-number": (lambda s: ended(b"K\1(NNe"), "cannot be filled"),
    "set-in-a-list": (lambda s: ended(b"]NNs"), "cannot be filled"),
    "odd-table": (lambda s: ended(b"(Nd"), _LIES),
    "call-of-a-number": (lambda s: ended(b"K\1)R"), "no function"),
    "call-without-arguments": (lambda s: ended(named("a.B") + b"NR"), "no function"),
    "name-that-is-a-number": (lambda s: ended(b"K\1K\2\x93"), "no name"),
    "name-of-a-megabyte": (lambda s: ended(text("a" * 2**20) + b"q\0" + b"h\0\x93" * 1000), _LIES),
    "state-of-a-class": (lambda s: ended(named("a.B") + b"q\0h\0}" + text("x") + b"Nsb"), None),
    "encode-what-is-no-byte": (lambda s: ended(called("_codecs.encode", text("\u20ac"), text("latin1"))), _LIES),
    "encode-into-zip": (lambda s: ended(called("_codecs.encode", text("a"), text("zip"))), _LIES),
    "huge-tensor": (lambda s: torch_zip(in_table(tensor(shape=(2**40,)))), _TENSORS),
    "huge-tensor-by-many-axes": (lambda s: torch_zip(in_table(tensor(shape=(2,) * 60, stride=(0,) * 60))), _TENSORS),
    "huge-storage": (lambda s: torch_zip(in_table(tensor(shape=(2**40,), source=storage(numbers=2**40)))), _TENSORS),
    "expanded-tensor": (lambda s: torch_zip(in_table(tensor(shape=(2**20, 2**20), stride=(0, 0)))), _TENSORS),
    "overlapping-tensor": (lambda s: torch_zip(in_table(tensor(shape=(3, 2), stride=(1, 1)))), _TENSORS),
    "negative-offset": (lambda s: torch_zip(in_table(tensor(offset=-4))), _TENSORS),
    "negative-shape": (lambda s: torch_zip(in_table(tensor(shape=(-4,)))), _TENSORS),
    "negative-shape-twice": (lambda s: torch_zip(in_table(tensor(shape=(-2, -2), stride=(1, 1)))), _TENSORS),
    "negative-stride": (lambda s: torch_zip(in_table(tensor(stride=(-1,)))), _TENSORS),
    "offset-past-the-end": (lambda s: torch_zip(in_table(tensor(offset=1))), _TENSORS),
    "stride-past-the-end": (lambda s: torch_zip(in_table(tensor(shape=(2,), stride=(4,)))), _TENSORS),
    "empty-and-endless": (lambda s: torch_zip(in_table(tensor(shape=(0, 2**47, 2**47), stride=(1, 1, 1)))), _TENSORS),
    "shape-of-words": (
        lambda s: torch_zip(
            called("torch._utils._rebuild_tensor_v2", storage(), whole(0), row(text("a")), row(whole(1)))
        ),
        _TENSORS,
    ),
    "tensor-of-nothing": (lambda s: torch_zip(called("torch._utils._rebuild_tensor_v2")), _TENSORS),
    "parameter-of-nothing": (lambda s: torch_zip(called("torch._utils._rebuild_parameter")), "without numbers"),
    "storage-in-two-ways": (
        lambda s: torch_zip(row(storage(), storage(kind="torch.DoubleStorage", numbers=2))),
        "in two ways",
    ),
    "storage-of-an-unknown-kind": (lambda s: torch_zip(storage(kind="os.FloatStorage")), "unknown kind"),
    "storage-outside": (lambda s: torch_zip(storage(key="../../etc/passwd")), "no entry"),
    "storage-with-a-name-of-a-megabyte": (lambda s: torch_zip(storage(key="k" * 2**20)), "lies outside of it"),
    "storage-missing": (lambda s: torch_zip(storage(key="7")), "no entry"),
    "array-larger-than-its-numbers": (
        lambda s: patched(pickle.dumps(good_files.arrays()["grid"], 4), b"K\3K\4", b"K\xffK\xff"),
        _TENSORS,
    ),
    "older-storage-missing": (lambda s: older(in_table(tensor()), keys=(), storages=b""), "not those"),
    "older-storage-twice": (
        lambda s: older(in_table(tensor()), keys=("0", "0"), storages=(struct.pack("<q", 4) + bytes(16)) * 2),
        "not those",
    ),
    "older-storage-of-another-length": (
        lambda s: older(in_table(tensor()), storages=struct.pack("<q", 3) + bytes(16)),
        "not those",
    ),
    "older-storage-below-nothing": (
        lambda s: older(in_table(tensor()), storages=struct.pack("<q", -1) + bytes(16)),
        "not those",
    ),
    "older-storage-huge": (
        lambda s: older(
            in_table(tensor(shape=(2**40,), source=storage(numbers=2**40))), storages=struct.pack("<q", 2**40)
        ),
        "too early|not those",
    ),
    "older-keys-that-are-none": (lambda s: older(in_table(tensor()), keys=(1, None)), "not those"),
    "older-machine-that-is-none": (lambda s: older(b"N", machine=[1]), "version"),
    "older-cut": (lambda s: older(in_table(tensor()))[:-1], "too early"),
    "zip-entries-in-each-other": (lambda s: _overlapping(), "not where it says|lie in each other|two entries|no entry"),
    "zip-bomb": (lambda s: _bomb_zip(), "is packed"),
    "zip-bomb-that-lies": (lambda s: _lying_bomb(), "not as long"),
    "zip-name-twice": (lambda s: _twice(), "two entries"),
    "zip-name-outside": (lambda s: archive({"../data.pkl": ended(b"N")}), "no plain name"),
    "zip-name-absolute": (lambda s: archive({"/etc/data.pkl": ended(b"N")}), "no plain name"),
    "zip-encrypted": (lambda s: number_at(_PLAIN, _ROW, 8, "<H", 1), "encrypted"),
    "zip-packed-strangely": (lambda s: archive({"archive/data.pkl": ended(b"N")}, zipfile.ZIP_BZIP2), "unknown way"),
    "zip-many-entries": (lambda s: _many_entries(), None),
    "zip-counts-that-lie": (lambda s: number_at(number_at(_PLAIN, _END, 8, "<H", 60000), _END, 10, "<H", 60000), _LIES),
    "zip-contents-elsewhere": (lambda s: number_at(_PLAIN, _END, 16, "<L", 2**31), _LIES),
    "zip-entry-elsewhere": (lambda s: number_at(_PLAIN, _ROW, 42, "<L", 2**31), "points outside|not where"),
    "zip-size-that-lies": (
        lambda s: number_at(number_at(_PLAIN, _ROW, 20, "<L", 2**30), _ROW, 24, "<L", 2**30),
        "not where",
    ),
    "zip-64-elsewhere": (
        lambda s: _PLAIN[:-22] + b"PK\6\7" + struct.pack("<LQL", 0, 2**63, 1) + _PLAIN[-22:],
        "points outside",
    ),
    "zip-behind-something": (lambda s: b"PK\3\4" + bytes(100) + _PLAIN, "not where it says"),
    "zip-with-more-behind": (lambda s: _PLAIN + bytes(100), None),
    "zip-without-end": (lambda s: _PLAIN[:-40], "without an end"),
    "zip-empty": (lambda s: archive({}), "empty zip"),
    "safetensors-header-huge": (lambda s: header(b'{"a": 1}', length=2**40), "claims|cut short"),
    "safetensors-header-no-json": (lambda s: header(b"{" + b"x" * 100), "not JSON"),
    "safetensors-header-deep": (lambda s: header(b'{"a":' * 50_000), "not a table"),
    "safetensors-header-deep-and-thin": (lambda s: header((b'{"a":' + b" " * 50) * 20_000), "not JSON"),
    "safetensors-header-of-brackets": (lambda s: header(b'{"a": [' + b"[]," * 1_300_000 + b"0]}"), "not a table"),
    "safetensors-header-not-a-table": (lambda s: header(b'{"a": [1, 2]}'), "makes no sense"),
    "safetensors-huge-tensor": (lambda s: tensors(shape=[2**40]), "makes no sense"),
    "safetensors-negative": (lambda s: tensors(shape=[-4]), "makes no sense"),
    "safetensors-not-a-number": (
        lambda s: header(b'{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,16]}}'),
        "makes no sense",
    ),
    "safetensors-overlap": (
        lambda s: header({name: {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]} for name in "ab"}),
        "overlap",
    ),
    "safetensors-gap": (lambda s: tensors(shape=[3], data_offsets=[4, 16]), "overlap"),
    "safetensors-cut": (lambda s: tensors(shape=[8], data_offsets=[0, 32]), "cut short"),
    "safetensors-more": (lambda s: tensors() + bytes(5), "more than"),
    "safetensors-unknown-kind": (lambda s: tensors(dtype="Q7"), "makes no sense"),
}

# What people choose by mistake: name -> (the file's bytes, what it is called)
MISTAKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS pointer"),
    "html": (b"<!DOCTYPE html><html><body>Not found</body></html>", "a web page"),
    "html-after-a-blank": (b"\n\n <html>", "a web page"),
    "h5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
    "keras": (archive({"metadata.json": b"{}", "config.json": b"{}", "model.weights.h5": b""}), "a Keras model"),
    "onnx": (b"\x08\x07\x12\x07pytorch\x1a\x051.9.0", "an ONNX model"),
    "saved-model": (b"\x08\x01\x12\xa3\x05\n", "TensorFlow SavedModel"),
    "saved-model-zip": (
        archive({"m/saved_model.pb": b"", "m/variables/variables.index": b""}),
        "TensorFlow SavedModel",
    ),
    "frozen-graph": (b"\x0a\x3f\x0a\x05input\x12\x0bPlaceholder\xff\0", "protobuf"),
    "tflite": (b"\x1c\0\0\0TFL3" + bytes(50), "TensorFlow Lite"),
    "tensorflow-index": (b"\0\0\x08\x01" + bytes(40) + bytes.fromhex("57fb808b247547db"), "TensorFlow checkpoint"),
    "torchscript": (archive({"m/data.pkl": b"", "m/code/__torch__.py": b"", "m/constants.pkl": b""}), "TorchScript"),
    "gzip": (b"\x1f\x8b\x08" + bytes(20), "gzip"),
    "xz": (b"\xfd7zXZ\0" + bytes(20), "xz"),
    "zstd": (b"\x28\xb5\x2f\xfd" + bytes(20), "zstd"),
    "joblib": (ended(called("joblib.numpy_pickle.NumpyArrayWrapper")), "joblib"),
    "joblib-packed": (b"\x78\x9c" + bytes(20), "joblib"),
    "npz": (archive({"a.npy": b"", "b.npy": b""}), ".npz"),
    "npy": (b"\x93NUMPY\1\0", "numpy array"),
    "gguf": (b"GGUF\3\0\0\0", "GGUF"),
    "png": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "jpeg": (b"\xff\xd8\xff\xe0", "a picture"),
    "webp": (b"RIFF\0\0\0\0WEBP", "a picture"),
    "tar": (b"a.txt" + bytes(252) + b"ustar\0" + bytes(300), "tar archive"),
    "zip": (archive({"a.txt": b"a"}), "without PyTorch weights"),
    "safetensors-zip": (archive({"m/config.json": b"{}", "m/model.safetensors": b""}), "a model in it"),
    "text": ("Grüße, das ist ein Brief".encode(), "a text"),
    "json": (b'{"family": "dcgan", "generator": {}}\n', "a text"),
    "python": (b"import torch\n", "a text"),
    "words-in-brackets": (b"(see above). And so on", "a text"),
    "noise": (bytes(range(200, 256)) * 4, "no kind of weights"),
    "zeros": (bytes(1000), "no kind of weights"),
}
