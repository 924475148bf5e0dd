"""Hands the lines of plugins and of the host to `logging`."""

from __future__ import annotations

import logging
from typing import Any

_PLUGIN = logging.getLogger("polysync.plugin")
_HOST = logging.getLogger("polysync.host")

_LEVELS = {
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG // 2,
}


def line(event: dict[str, Any]) -> None:
    """Logs a line. The record's attribute `fields` says which plugin, which generation and which call it is from."""
    is_plugins = event["target"] == "plugin"
    logger = _PLUGIN if is_plugins else _HOST
    level = _LEVELS.get(event["level"], logging.INFO)
    if not logger.isEnabledFor(level):
        return
    fields: dict[str, str] = event["fields"]
    text = event["message"]
    if fields and not is_plugins:
        # What went wrong is often in the fields of a line of the host alone.
        text += " (" + ", ".join(f"{name}={value}" for name, value in fields.items()) + ")"
    logger.log(level, "%s", text, extra={"fields": fields})


def dropped(count: int) -> None:
    """Says that lines are missing."""
    _HOST.warning("%d lines were dropped, because they came faster than they were logged", count)
