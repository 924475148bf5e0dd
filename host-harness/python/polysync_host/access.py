"""What the calls of a connection may reach, with whose credentials, and by whose HTTP client."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from . import _json

FailureKind = Literal["denied", "timeout", "connect", "tls", "protocol"]


@dataclass(frozen=True)
class AwsCredentials:
    """Credentials of AWS."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    """None for long-lived credentials."""
    expires_at: datetime | None = None
    """When they end to be valid; None where that isn't known."""

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "accessKeyId": self.access_key_id,
            "secretAccessKey": self.secret_access_key,
            "sessionToken": self.session_token,
            "expiresAt": _json.time_text(self.expires_at),
        }


CredentialsProvider = Callable[[], Awaitable[AwsCredentials]]
"""Gives the credentials that are valid now.

The library keeps them until they expire, or for 15 minutes. The text of an exception goes to the log, and not to the
plugin.
"""


@dataclass(frozen=True)
class AwsEnvironment:
    """Takes credentials from where every AWS tool takes them."""

    profile: str | None = None
    """The profile of the AWS configuration; None for the default."""


@dataclass(frozen=True)
class HttpRequest:
    """A request of a plugin, which the grants allow."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    """A name may occur more than once."""
    body: bytes
    timeout: float
    """In seconds. After it nobody waits for the response."""
    addresses: Literal["public", "private", "loopback"]
    """Where the URL's name may lead. The client has to hold to it: the library doesn't look the name up."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> HttpRequest:
        """Reads the JSON form."""
        return HttpRequest(
            method=json["method"],
            url=json["url"],
            headers=tuple((name, value) for name, value in json["headers"]),
            body=base64.b64decode(json["body"]),
            timeout=json["timeoutMilliseconds"] / 1000,
            addresses=json["addresses"],
        )


@dataclass(frozen=True)
class HttpResponse:
    """A whole response, whatever its status."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    """As received, without any decoding."""

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "status": self.status,
            "headers": [[name, value] for name, value in self.headers],
            "body": base64.b64encode(self.body).decode("ascii"),
        }


class HttpFailure(Exception):
    """Raised by an HTTP client to say why there is no response.

    By the kind a job type decides whether the platform may have done what was asked. Any other exception counts as
    `protocol`: it may have.
    """

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


HttpClient = Callable[[HttpRequest], Awaitable[HttpResponse]]
"""Sends a request once, and follows no redirect."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What the calls of a connection may use. Nothing unless it is given."""

    http: Sequence[str] = ()
    """Origins that the plugin may send requests to, such as https://api.example.com."""
    aws_signing: Sequence[str] = ()
    """Services of AWS that the plugin may sign requests for, such as sagemaker."""
    credentials: CredentialsProvider | AwsEnvironment | None = None
    """Where the connection's AWS credentials come from."""
    http_client: HttpClient | None = None
    """Sends the connection's requests. None: the library's own client does."""

    def to_json(self) -> dict[str, Any]:
        """The members that a connection's document has for it."""
        return {
            "grants": grants(self.http, self.aws_signing),
            "credentials": self._credentials(),
            "http": "host" if self.http_client is None else "embedder",
        }

    def _credentials(self) -> str | dict[str, str]:
        if self.credentials is None:
            return "none"
        if not isinstance(self.credentials, AwsEnvironment):
            return "embedder"
        if self.credentials.profile is None:
            return "environment"
        return {"profile": self.credentials.profile}


def grants(http: Sequence[str], aws_signing: Sequence[str]) -> dict[str, Any]:
    """The document of grants."""
    for names in (http, aws_signing):
        if isinstance(names, str):
            # A text is a sequence of its letters, each of which would be refused with a puzzling message.
            raise TypeError(f"grants are a list of texts, such as [{names!r}], and not one text")
    return {"http": list(http), "awsSigning": list(aws_signing)}
