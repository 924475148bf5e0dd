"""The functions of libpolysync_host, as polysync_host.h declares them."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from pathlib import Path

from . import _json, errors

ABI_VERSION = 1

OK = 0
TIMEOUT = 1

_FILE = "libpolysync_host.dylib" if sys.platform == "darwin" else "libpolysync_host.so"


class _Text(ctypes.Structure):
    """Text that the library made."""

    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    def take(self) -> bytes | None:
        """The text, which is freed; None where there is none."""
        if self.data is None:
            return None
        text = ctypes.string_at(self.data, self.length)
        _library().ps_text_free(self)
        return text


def _open() -> ctypes.CDLL:
    named = os.environ.get("POLYSYNC_HOST_LIBRARY")
    beside = Path(__file__).with_name(_FILE)
    place = named or (str(beside) if beside.exists() else _FILE)
    try:
        return ctypes.CDLL(place)
    except OSError as error:
        raise OSError(
            f"the library of the host can't be loaded from {place}: {error}. Set POLYSYNC_HOST_LIBRARY to its path, "
            f"or put {_FILE} beside the package or where the system looks for libraries."
        ) from error


@functools.cache
def _library() -> ctypes.CDLL:
    library = _open()
    number, size, text = ctypes.c_uint64, ctypes.c_size_t, ctypes.c_char_p
    number_to, text_to = ctypes.POINTER(number), ctypes.POINTER(_Text)
    status = ctypes.c_int32
    signatures = {
        "ps_abi_version": (ctypes.c_uint32, []),
        "ps_version": (_Text, []),
        "ps_host_new": (status, [text, size, number_to, text_to]),
        "ps_slot_new": (status, [number, number_to, text_to]),
        "ps_connection_new": (status, [number, text, size, number_to, text_to]),
        "ps_call": (status, [number, text, size, number_to, text_to]),
        "ps_cancel": (status, [number, number]),
        "ps_answer": (status, [number, number, text, size, text_to]),
        "ps_next": (status, [number, ctypes.c_int64, text_to]),
        "ps_close": (status, [number]),
        "ps_text_free": (None, [_Text]),
    }
    try:
        for name, (result, arguments) in signatures.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError as error:
        raise OSError(f"{library._name} is not the library of the host: {error}") from error
    version = library.ps_abi_version()
    if version != ABI_VERSION:
        raise OSError(
            f"{library._name} has version {version} of its interface, and this package needs {ABI_VERSION}: "
            "install the two of one release."
        )
    return library


def _check(status: int, error: _Text) -> None:
    text = error.take()
    if status == OK:
        return
    document = _json.read(text or b"{}")
    raise errors.read(document["error"], document.get("plugin"))


def version() -> str:
    """The version of the library."""
    text: _Text = _library().ps_version()
    return (text.take() or b"").decode()


def host_new(options: bytes) -> int:
    """Makes a host."""
    host, error = ctypes.c_uint64(), _Text()
    _check(_library().ps_host_new(options, len(options), ctypes.byref(host), ctypes.byref(error)), error)
    return host.value


def slot_new(host: int) -> int:
    """Makes an empty slot."""
    slot, error = ctypes.c_uint64(), _Text()
    _check(_library().ps_slot_new(host, ctypes.byref(slot), ctypes.byref(error)), error)
    return slot.value


def connection_new(slot: int, document: bytes) -> int:
    """Makes a connection."""
    connection, error = ctypes.c_uint64(), _Text()
    status = _library().ps_connection_new(
        slot, document, len(document), ctypes.byref(connection), ctypes.byref(error)
    )
    _check(status, error)
    return connection.value


def call(handle: int, request: bytes) -> int:
    """Begins a call, and returns its number."""
    number, error = ctypes.c_uint64(), _Text()
    _check(_library().ps_call(handle, request, len(request), ctypes.byref(number), ctypes.byref(error)), error)
    return number.value


def cancel(host: int, number: int) -> None:
    """Ends a call early, unless it has ended."""
    _library().ps_cancel(host, number)


def answer(host: int, question: int, document: bytes) -> None:
    """Answers a question, unless nobody waits for it any more."""
    _library().ps_answer(host, question, document, len(document), None)


def next_event(host: int, timeout_milliseconds: int) -> tuple[int, bytes | None]:
    """The status of ps_next, and the event if there is one. A negative timeout waits for ever."""
    text = _Text()
    status: int = _library().ps_next(host, timeout_milliseconds, ctypes.byref(text))
    return status, text.take()


def close(handle: int) -> None:
    """Closes a handle. One that is closed already is no longer anybody's, so that does nothing."""
    _library().ps_close(handle)
