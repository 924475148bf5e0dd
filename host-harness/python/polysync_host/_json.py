"""The JSON that goes to the library and comes from it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .contract import Attribute


class _Repeating(dict[str, Any]):
    """An object in which a name comes more than once. As a mapping it has the last value of each name."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def items(self) -> list[tuple[str, Any]]:  # type: ignore[override]
        """All members in their order. The encoder of the standard library writes what this returns."""
        return self._pairs


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    # Hardly any object repeats a name, and a plain dictionary is read and written faster.
    return members if len(members) == len(pairs) else _Repeating(pairs)


def read(text: bytes) -> Any:
    """Reads a document. Its objects keep the order of their members, and the names that come twice."""
    return json.loads(text, object_pairs_hook=_object)


def write(document: Any) -> bytes:
    """Writes a document, in ASCII: what isn't Unicode is the library's to refuse."""
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def pairs(attributes: dict[str, str | None] | None) -> Iterable[tuple[str, str]]:
    """The names and values of an object of attributes."""
    return [(name, value or "") for name, value in (attributes or {}).items()]


def members(attributes: Iterable[Attribute]) -> dict[str, Any]:
    """The object of attributes."""
    return _object([(attribute.name, attribute.value) for attribute in attributes])


def time(text: str | None) -> datetime | None:
    """Reads a time of the library: RFC 3339 in UTC."""
    if text is None:
        return None
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    # Python 3.10 reads a fraction of three or six digits, and no Z.
    return datetime.fromisoformat(f"{seconds}.{fraction[:6]:0<6}+00:00")


def time_text(moment: datetime | None) -> str | None:
    """Writes a time, to the millisecond.

    Raises ValueError for a time without a time zone, which would mean another time on another machine.
    """
    if moment is None:
        return None
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone: pass one, such as datetime.now(timezone.utc)")
    utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


@dataclass(frozen=True)
class LogPosition:
    """Where a page of a log begins. Made by `oldest`, `last` or `after`."""

    _json: str | dict[str, Any]

    @staticmethod
    def oldest() -> LogPosition:
        """At the oldest line that the platform still has."""
        return LogPosition("oldest")

    @staticmethod
    def last(count: int) -> LogPosition:
        """At most this many lines before the end. A page may have fewer, also where the log has more."""
        return LogPosition({"last": count})

    @staticmethod
    def after(cursor: str) -> LogPosition:
        """After the page that had this cursor."""
        return LogPosition({"after": cursor})

    def to_json(self) -> str | dict[str, Any]:
        """Writes the JSON form."""
        return self._json
