"""Where a plugin comes from."""

from __future__ import annotations

import base64
import os
from typing import Any

Component = str | os.PathLike[str] | bytes
"""A plugin: the path of its file, or the bytes of it."""


def source(component: Component, sha256: str | None) -> dict[str, Any]:
    """The document of a component's source."""
    if isinstance(component, bytes):
        return {"bytes": base64.b64encode(component).decode("ascii"), "sha256": sha256}
    return {"file": os.fspath(component), "sha256": sha256}
