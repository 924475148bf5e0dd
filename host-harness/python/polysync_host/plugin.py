"""What is known of plugins: which one answered, what it asks for, what a swap came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PluginIdentity:
    """Which plugin answered: what it says of itself, which build it is, and after how many swaps."""

    id: str
    """The id of its job type."""

    version: str
    """The plugin's own version."""

    contract: str
    """The version of the contract by which it is called."""

    sha256: str
    """The SHA-256 of its file, in hexadecimal digits."""

    generation: int
    """Its number in its slot: 1 for the first plugin, and one more with each swap and rollback."""

    def __str__(self) -> str:
        return f"{self.id} {self.version} (generation {self.generation}, sha256 {self.sha256[:12]})"

    @staticmethod
    def from_json(json: dict[str, Any]) -> PluginIdentity:
        """Reads the JSON form."""
        return PluginIdentity(
            id=json["id"],
            version=json["version"],
            contract=json["contract"],
            sha256=json["sha256"],
            generation=json["generation"],
        )


@dataclass(frozen=True)
class GrantRequest:
    """Something that a plugin asks for. Nothing of it is granted by being asked."""

    capability: str
    """`http` or `aws-signing`."""

    value: str
    """An origin, or the signing name of a service."""

    refused: str | None
    """Why it can't be granted because a plugin asks; None where it can."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> GrantRequest:
        """Reads the JSON form."""
        return GrantRequest(json["capability"], json["value"], json["refused"])


@dataclass(frozen=True)
class SwapOutcome:
    """What a swap or a rollback came to."""

    serving: PluginIdentity
    """The plugin that serves."""

    replaced: PluginIdentity | None
    """The plugin that only finishes its calls; None where that build served already."""

    missing: tuple[GrantRequest, ...]
    """What the plugin that serves asks for and isn't granted. It is denied."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> SwapOutcome:
        """Reads the JSON form."""
        if "to" not in json:
            return SwapOutcome(PluginIdentity.from_json(json["plugin"]), None, ())
        return SwapOutcome(
            serving=PluginIdentity.from_json(json["to"]),
            replaced=PluginIdentity.from_json(json["from"]),
            missing=tuple(GrantRequest.from_json(item) for item in json["missing"]),
        )


@dataclass(frozen=True)
class Generation:
    """A plugin that serves or has calls under way."""

    plugin: PluginIdentity
    calls: int

    @staticmethod
    def from_json(json: dict[str, Any]) -> Generation:
        """Reads the JSON form."""
        return Generation(PluginIdentity.from_json(json["plugin"]), json["calls"])
