"""Answers what the library asks: for credentials, and for responses to requests."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from . import _json, _native
from .access import Access, AwsCredentials, AwsEnvironment, HttpFailure, HttpRequest, HttpResponse


class Questions:
    """The questions of a host whose answers are under way."""

    def __init__(self, host: int, loop: asyncio.AbstractEventLoop) -> None:
        self._host = host
        self._loop = loop
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def ask(self, event: dict[str, Any], access: Access | None) -> None:
        """Begins to answer a question."""
        question: int = event["question"]
        task = self._loop.create_task(self._answer(question, event, access))
        self._tasks[question] = task
        task.add_done_callback(lambda _: self._tasks.pop(question, None))

    def withdraw(self, question: int) -> None:
        """Gives up an answer that nobody waits for."""
        task = self._tasks.get(question)
        if task is not None:
            task.cancel()

    def end(self) -> None:
        """Gives up all answers."""
        for question in list(self._tasks):
            self.withdraw(question)

    async def _answer(self, question: int, event: dict[str, Any], access: Access | None) -> None:
        is_http = event["event"] == "http-asked"
        # What is answered where the task is cancelled, so that no call waits for it.
        answer = _broken("protocol", "the request was given up") if is_http else _missing("the lookup was given up")
        try:
            answer = await (_send(event, access) if is_http else _credentials(access))
        except HttpFailure as failure:
            answer = _broken(failure.kind, str(failure)) if is_http else _missing(_words(failure))
        except Exception as error:  # A callback of the program's may raise anything.
            if is_http:
                # The plugin gets the answer, and the words may name a proxy and its password.
                logging.getLogger("polysync.host").warning("the HTTP client failed", exc_info=error)
                answer = _broken("protocol", "the program's HTTP client failed")
            else:
                answer = _missing(_words(error))
        finally:
            _native.answer(self._host, question, answer)


async def _credentials(access: Access | None) -> bytes:
    if access is None or access.credentials is None or isinstance(access.credentials, AwsEnvironment):
        return _missing("the connection is gone")
    found = await access.credentials()
    if not isinstance(found, AwsCredentials):
        raise TypeError(f"the provider gave {type(found).__name__} and not AwsCredentials")
    return _json.write(found.to_json())


async def _send(event: dict[str, Any], access: Access | None) -> bytes:
    if access is None or access.http_client is None:
        return _broken("connect", "the connection is gone")
    response = await access.http_client(HttpRequest.from_json(event))
    if not isinstance(response, HttpResponse):
        raise TypeError(f"the client gave {type(response).__name__} and not HttpResponse")
    return _json.write(response.to_json())


def _missing(why: str) -> bytes:
    return _json.write({"error": why})


def _broken(kind: str, message: str) -> bytes:
    return _json.write({"error": {"kind": kind, "message": message}})


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
