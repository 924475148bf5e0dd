"""The contract's types.

Made of wit/ by polysync-bindings: change the contract, and run `cargo run -p polysync-bindings`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import _json
from ._json import LogPosition as LogPosition


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A named value of an open list. The reader passes over a name that it doesn't know.
    Unless the list says otherwise, a name may occur more than once.
    """

    name: str
    """The name of the attribute."""

    value: str
    """The value of the attribute."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Attribute:
        """Reads the JSON form."""
        return Attribute(
            name=json.get("name") or "",
            value=json.get("value") or "",
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "name": self.name,
            "value": self.value,
        }


@dataclass(frozen=True, kw_only=True)
class Connection:
    """An account of the platform, and how to reach it. Credentials aren't in it: the host
    holds them, see `aws-signing`.
    """

    region: str
    """The platform's region, in its own spelling."""

    endpoint: str | None = None
    """Base URL to use in place of the platform's own."""

    attributes: tuple[Attribute, ...] = ()
    """The values of `description.connection-attributes`, each key once. An empty value
    counts as not given.
    """

    @staticmethod
    def from_json(json: dict[str, Any]) -> Connection:
        """Reads the JSON form."""
        return Connection(
            region=json.get("region") or "",
            endpoint=json.get("endpoint"),
            attributes=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("attributes"))),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "region": self.region,
            "endpoint": self.endpoint,
            "attributes": _json.members(self.attributes),
        }


@dataclass(frozen=True, kw_only=True)
class AttributeDefinition:
    """What can be given for a job or a connection, so that a host can draw a form for it."""

    key: str
    """The name in `attribute`: in kebab-case, like `description.id`."""

    label: str
    """One line of at most 256 bytes."""

    help: str
    """One or two sentences for whoever fills the form; at most 4096 bytes, as are default
    value, pattern and each allowed value.
    """

    kind: str
    """`text`, `multiline-text`, `integer` or `boolean` (`true` or `false`); a host treats
    another name in kebab-case as `text`.
    """

    required: bool
    """Whether a value has to be given."""

    secret: bool
    """Whether the value is a secret. A host doesn't show, log or export it."""

    default_value: str | None = None
    """The value that applies when none is given. A host may show it; it need not send it."""

    allowed_values: tuple[str, ...] = ()
    """The only values that may be given, at most 256. Empty: anything of the kind."""

    minimum: int | None = None
    """For integers, the least and the greatest value."""

    maximum: int | None = None
    """The maximum of the attribute definition."""

    min_length: int | None = None
    """In characters (Unicode scalar values)."""

    max_length: int | None = None
    """The max length of the attribute definition."""

    pattern: str | None = None
    """A regular expression that matches the whole value, in the common subset of ECMAScript
    and RE2. It has no anchors of its own.
    """

    @staticmethod
    def from_json(json: dict[str, Any]) -> AttributeDefinition:
        """Reads the JSON form."""
        return AttributeDefinition(
            key=json.get("key") or "",
            label=json.get("label") or "",
            help=json.get("help") or "",
            kind=json.get("kind") or "",
            required=bool(json.get("required")),
            secret=bool(json.get("secret")),
            default_value=json.get("defaultValue"),
            allowed_values=tuple(item for item in json.get("allowedValues") or ()),
            minimum=json.get("minimum"),
            maximum=json.get("maximum"),
            min_length=json.get("minLength"),
            max_length=json.get("maxLength"),
            pattern=json.get("pattern"),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "key": self.key,
            "label": self.label,
            "help": self.help,
            "kind": self.kind,
            "required": self.required,
            "secret": self.secret,
            "defaultValue": self.default_value,
            "allowedValues": list(self.allowed_values),
            "minimum": self.minimum,
            "maximum": self.maximum,
            "minLength": self.min_length,
            "maxLength": self.max_length,
            "pattern": self.pattern,
        }


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something that the calls of a connection use, for an operator to grant. Without the
    grant, the host refuses the use, and the call that needs it fails with an error of
    class `denied`.
    """

    capability: str
    """The import that it is about: `http` or `aws-signing`. A host can't grant what it
    doesn't know.
    """

    value: str
    """One line of at most 256 bytes. For `http`, an origin such as
    `https://api.example.com`, where `*` stands for one label of the name. For
    `aws-signing`, a signing name such as `sagemaker`.
    """

    @staticmethod
    def from_json(json: dict[str, Any]) -> Need:
        """Reads the JSON form."""
        return Need(
            capability=json.get("capability") or "",
            value=json.get("value") or "",
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "capability": self.capability,
            "value": self.value,
        }


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a job type is. A host stores, logs and shows it, so it refuses a plugin whose
    description breaks one of these rules. All lengths are in bytes of UTF-8.
    """

    id: str
    """Stable for ever: which job type this is, whatever its version. In kebab-case: words of
    lower-case letters and digits with a hyphen between them, beginning with a letter; at
    most 64 bytes.
    """

    name: str
    """For people. This, the platform and the label are one line each, of at most 256 bytes
    and without control characters, invisible ones, and marks that turn the direction of
    writing.
    """

    platform: str
    """The platform of the description."""

    version: str
    """The plugin's own, by semantic versioning (`1.2.3`); at most 128 bytes."""

    external_id_label: str
    """What the platform calls the external id."""

    job_attributes: tuple[AttributeDefinition, ...] = ()
    """At most 256, as are the connection's."""

    connection_attributes: tuple[AttributeDefinition, ...] = ()
    """The connection attributes of the description."""

    features: tuple[str, ...] = ()
    """At most 64 names in kebab-case; a host passes over those that it doesn't know. Which
    calls it offers beside those that every job type has: `discover`, `inspect`, `cancel`,
    `retry`, `steps`, `logs`, `monitor-url`. And what it promises: `output-parameters`,
    that a run's last status has its outputs; `idempotent-start`, that the same GUID never
    starts a second run.
    """

    @staticmethod
    def from_json(json: dict[str, Any]) -> Description:
        """Reads the JSON form."""
        return Description(
            id=json.get("id") or "",
            name=json.get("name") or "",
            platform=json.get("platform") or "",
            version=json.get("version") or "",
            external_id_label=json.get("externalIdLabel") or "",
            job_attributes=tuple(AttributeDefinition.from_json(item) for item in json.get("jobAttributes") or ()),
            connection_attributes=tuple(AttributeDefinition.from_json(item) for item in json.get("connectionAttributes") or ()),
            features=tuple(item for item in json.get("features") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "id": self.id,
            "name": self.name,
            "platform": self.platform,
            "version": self.version,
            "externalIdLabel": self.external_id_label,
            "jobAttributes": [item.to_json() for item in self.job_attributes],
            "connectionAttributes": [item.to_json() for item in self.connection_attributes],
            "features": list(self.features),
        }


class ErrorClass(enum.Enum):
    """What kind of trouble it is, for a host that has to decide. `error.code` says more."""

    INVALID = "invalid"
    """The job, connection or run is not as it should be; the same again fails again."""

    DENIED = "denied"
    """Credentials are missing, expired or refused, a permission is missing, or the host
    doesn't grant what is needed.
    """

    NOT_FOUND = "not-found"
    """The job or run doesn't exist (any more)."""

    CONFLICT = "conflict"
    """It can't be done in the present state of the job or run."""

    LIMIT = "limit"
    """A quota of the account is used up."""

    THROTTLED = "throttled"
    """Too many requests; later it works."""

    UNAVAILABLE = "unavailable"
    """The platform or the way to it fails at present, or time ran out."""

    UNSUPPORTED = "unsupported"
    """The platform doesn't offer this."""

    UNCERTAIN = "uncertain"
    """It may have been done, and doing it again may do it twice. Never retryable: a person
    or the host looks before it is repeated. An error of `start` has a detail
    `candidate-run-id` for each run that may be the one that was asked for, as far as the
    platform tells.
    """

    OTHER = "other"
    """Anything else, for example an answer that can't be understood."""

    @staticmethod
    def from_json(word: str | None) -> ErrorClass:
        """Reads a word; one that is not known is OTHER."""
        try:
            return ErrorClass(word)
        except ValueError:
            return ErrorClass.OTHER

    def to_json(self) -> str:
        """The word."""
        return self.value


@dataclass(frozen=True, kw_only=True)
class PlatformError:
    """The contract's `error`."""

    class_: ErrorClass
    """The class of the error."""

    code: str
    """The platform's own code where it gave one (`ValidationException`), else a code of the
    plugin's in the same style. Open.
    """

    message: str
    """What happened, in the platform's own words where it gave any."""

    hint: str
    """What to do about it, for a person. May be empty."""

    retryable: bool
    """Whether the same call may succeed later without anybody changing anything. For a call
    with a GUID: the same call with the same GUID.
    """

    request_id: str | None = None
    """The platform's id of the request that failed, for its support."""

    details: tuple[Attribute, ...] = ()
    """Other facts of interest, for display."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> PlatformError:
        """Reads the JSON form."""
        return PlatformError(
            class_=ErrorClass.from_json(json.get("class")),
            code=json.get("code") or "",
            message=json.get("message") or "",
            hint=json.get("hint") or "",
            retryable=bool(json.get("retryable")),
            request_id=json.get("requestId"),
            details=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("details"))),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "class": self.class_.to_json(),
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "retryable": self.retryable,
            "requestId": self.request_id,
            "details": _json.members(self.details),
        }


class Direction(enum.Enum):
    """The contract's `direction`."""

    INPUT = "input"
    """Sent when a run starts."""

    OUTPUT = "output"
    """Read when a run is over, where the platform offers it."""

    INPUT_OUTPUT = "input-output"
    """Both."""

    @staticmethod
    def from_json(word: str | None) -> Direction:
        """Reads a word."""
        return Direction(word)

    def to_json(self) -> str:
        """The word."""
        return self.value


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """The contract's `parameter`."""

    name: str
    """The name of the parameter."""

    direction: Direction
    """The direction of the parameter."""

    value: str | None = None
    """None: not sent, so that the platform's own default applies."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Parameter:
        """Reads the JSON form."""
        return Parameter(
            name=json.get("name") or "",
            direction=Direction.from_json(json.get("direction")),
            value=json.get("value"),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "name": self.name,
            "direction": self.direction.to_json(),
            "value": self.value,
        }


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as the host's user configured it."""

    external_id: str
    """The external id of the job."""

    attributes: tuple[Attribute, ...] = ()
    """The values of `description.job-attributes`, each key once. An empty value counts as
    not given.
    """

    parameters: tuple[Parameter, ...] = ()
    """Each name once, in the order in which they are declared."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Job:
        """Reads the JSON form."""
        return Job(
            external_id=json.get("externalId") or "",
            attributes=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("attributes"))),
            parameters=tuple(Parameter.from_json(item) for item in json.get("parameters") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "externalId": self.external_id,
            "attributes": _json.members(self.attributes),
            "parameters": [item.to_json() for item in self.parameters],
        }


@dataclass(frozen=True, kw_only=True)
class DeclaredParameter:
    """A parameter as the platform declares it."""

    name: str
    """The name of the declared parameter."""

    data_type: str
    """`string`, `integer`, `float` or `boolean`; a word that the host doesn't know is a
    `string`.
    """

    required: bool
    """Whether a run can't start without a value."""

    default_value: str | None = None
    """The platform's default, to suggest as a value. None where the platform has none, or
    has one that `start` can't send. In either case, a job may leave the value out, and
    the platform's default applies.
    """

    allowed_values: tuple[str, ...] = ()
    """Empty: anything of the type."""

    description: str | None = None
    """The description of the declared parameter."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> DeclaredParameter:
        """Reads the JSON form."""
        return DeclaredParameter(
            name=json.get("name") or "",
            data_type=json.get("dataType") or "",
            required=bool(json.get("required")),
            default_value=json.get("defaultValue"),
            allowed_values=tuple(item for item in json.get("allowedValues") or ()),
            description=json.get("description"),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "name": self.name,
            "dataType": self.data_type,
            "required": self.required,
            "defaultValue": self.default_value,
            "allowedValues": list(self.allowed_values),
            "description": self.description,
        }


@dataclass(frozen=True, kw_only=True)
class DiscoveredJob:
    """A job as the platform knows it."""

    external_id: str
    """The external id of the discovered job."""

    name: str
    """The name of the discovered job."""

    display_name: str | None = None
    """The display name of the discovered job."""

    description: str | None = None
    """The description of the discovered job."""

    job_type: str
    """`description.name` of the job type."""

    attributes: tuple[Attribute, ...] = ()
    """Suggested attributes, with keys of `description.job-attributes`: the settings that the
    platform keeps for this job. A host puts them into the job that it makes, where its
    user can change them.
    """

    parameters: tuple[DeclaredParameter, ...] = ()
    """Suggested inputs, in declared order. Empty where the platform doesn't tell."""

    notes: tuple[str, ...] = ()
    """What the user should know about the job: why it has no parameters, say. One paragraph
    each.
    """

    details: tuple[Attribute, ...] = ()
    """Other facts of interest, for display."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> DiscoveredJob:
        """Reads the JSON form."""
        return DiscoveredJob(
            external_id=json.get("externalId") or "",
            name=json.get("name") or "",
            display_name=json.get("displayName"),
            description=json.get("description"),
            job_type=json.get("jobType") or "",
            attributes=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("attributes"))),
            parameters=tuple(DeclaredParameter.from_json(item) for item in json.get("parameters") or ()),
            notes=tuple(item for item in json.get("notes") or ()),
            details=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("details"))),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "externalId": self.external_id,
            "name": self.name,
            "displayName": self.display_name,
            "description": self.description,
            "jobType": self.job_type,
            "attributes": _json.members(self.attributes),
            "parameters": [item.to_json() for item in self.parameters],
            "notes": list(self.notes),
            "details": _json.members(self.details),
        }


@dataclass(frozen=True, kw_only=True)
class DiscoveryPage:
    """The contract's `discovery-page`."""

    jobs: tuple[DiscoveredJob, ...] = ()
    """The jobs of the discovery page."""

    notes: tuple[str, ...] = ()
    """What the user should know about the page, or about what isn't in it."""

    next_cursor: str | None = None
    """To get the next page with; none after the last one."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> DiscoveryPage:
        """Reads the JSON form."""
        return DiscoveryPage(
            jobs=tuple(DiscoveredJob.from_json(item) for item in json.get("jobs") or ()),
            notes=tuple(item for item in json.get("notes") or ()),
            next_cursor=json.get("nextCursor"),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "jobs": [item.to_json() for item in self.jobs],
            "notes": list(self.notes),
            "nextCursor": self.next_cursor,
        }


class Severity(enum.Enum):
    """The contract's `severity`."""

    ERROR = "error"
    """The job can't be started as it is: `start` refuses it before it asks the platform. An
    error that follows from `declared` alone is different. `start` doesn't know the
    declarations, which may have changed since they were read, so the platform decides by
    those that hold then.
    """

    WARNING = "warning"
    """`start` takes it, but it may not do what was meant."""

    @staticmethod
    def from_json(word: str | None) -> Severity:
        """Reads a word."""
        return Severity(word)

    def to_json(self) -> str:
        """The word."""
        return self.value


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The contract's `finding`."""

    severity: Severity
    """The severity of the finding."""

    code: str
    """What kind of finding it is, in the style of `error.code`: `TooLong`, say. Open. With
    the field, it is enough for a host that writes its own message: the limits of an
    attribute are in its definition, and the value is in the job. A job type never changes
    the code of a kind.
    """

    field: str
    """What it is about: `external-id`, `attributes.KEY`, `parameters.NAME`, `parameters`,
    `connection.region`, `connection.endpoint` or `connection.attributes.KEY`.
    """

    message: str
    """For a person: what is wrong and what would be right."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Finding:
        """Reads the JSON form."""
        return Finding(
            severity=Severity.from_json(json.get("severity")),
            code=json.get("code") or "",
            field=json.get("field") or "",
            message=json.get("message") or "",
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "severity": self.severity.to_json(),
            "code": self.code,
            "field": self.field,
            "message": self.message,
        }


@dataclass(frozen=True, kw_only=True)
class Run:
    """One execution of a job. On its connection, the run id alone identifies it."""

    external_id: str | None = None
    """The job's, where the host knows it. Every call works without it; with it, a call may
    need fewer requests, or give a better message or link.
    """

    run_id: str
    """As `start` returned it, to the letter."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Run:
        """Reads the JSON form."""
        return Run(
            external_id=json.get("externalId"),
            run_id=json.get("runId") or "",
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "externalId": self.external_id,
            "runId": self.run_id,
        }


@dataclass(frozen=True, kw_only=True)
class StartedRun:
    """The contract's `started-run`."""

    run_id: str
    """The run id of the started run."""

    details: tuple[Attribute, ...] = ()
    """The details of the started run."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> StartedRun:
        """Reads the JSON form."""
        return StartedRun(
            run_id=json.get("runId") or "",
            details=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("details"))),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "runId": self.run_id,
            "details": _json.members(self.details),
        }


class RunState(enum.Enum):
    """The contract's `run-state`."""

    RUNNING = "running"
    """The case `running`."""

    SUCCESS = "success"
    """The case `success`."""

    FAILED = "failed"
    """The case `failed`."""

    CANCELLED = "cancelled"
    """The case `cancelled`."""

    UNKNOWN = "unknown"
    """The platform says something that this plugin doesn't know, or nothing."""

    @staticmethod
    def from_json(word: str | None) -> RunState:
        """Reads a word; one that is not known is UNKNOWN."""
        try:
            return RunState(word)
        except ValueError:
            return RunState.UNKNOWN

    def to_json(self) -> str:
        """The word."""
        return self.value


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link for a person to open."""

    label: str
    """The label of the link."""

    url: str
    """The url of the link."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Link:
        """Reads the JSON form."""
        return Link(
            label=json.get("label") or "",
            url=json.get("url") or "",
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "label": self.label,
            "url": self.url,
        }


@dataclass(frozen=True, kw_only=True)
class Step:
    """One part of a run."""

    name: str
    """Unique in the run, and one line of visible characters. What `logs` takes."""

    display_name: str | None = None
    """The display name of the step."""

    kind: str
    """The platform's word for what the step does."""

    state: RunState
    """The state of the step."""

    platform_status: str
    """The platform's own word for the state."""

    started_at: datetime | None = None
    """The started at of the step."""

    ended_at: datetime | None = None
    """The ended at of the step."""

    attempts: int | None = None
    """The attempts of the step."""

    cache_hit: bool
    """Whether the result was taken from an earlier run instead of computed."""

    has_log: bool
    """Whether it is worth calling `logs` for it: its kind writes a log, and it has begun."""

    reason: str | None = None
    """Why it failed, as well as the platform tells."""

    resource_id: str | None = None
    """The platform's id of what the step ran: of a training job, say."""

    links: tuple[Link, ...] = ()
    """The links of the step."""

    details: tuple[Attribute, ...] = ()
    """The details of the step."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Step:
        """Reads the JSON form."""
        return Step(
            name=json.get("name") or "",
            display_name=json.get("displayName"),
            kind=json.get("kind") or "",
            state=RunState.from_json(json.get("state")),
            platform_status=json.get("platformStatus") or "",
            started_at=_json.time(json.get("startedAt")),
            ended_at=_json.time(json.get("endedAt")),
            attempts=json.get("attempts"),
            cache_hit=bool(json.get("cacheHit")),
            has_log=bool(json.get("hasLog")),
            reason=json.get("reason"),
            resource_id=json.get("resourceId"),
            links=tuple(Link.from_json(item) for item in json.get("links") or ()),
            details=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("details"))),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "name": self.name,
            "displayName": self.display_name,
            "kind": self.kind,
            "state": self.state.to_json(),
            "platformStatus": self.platform_status,
            "startedAt": _json.time_text(self.started_at),
            "endedAt": _json.time_text(self.ended_at),
            "attempts": self.attempts,
            "cacheHit": self.cache_hit,
            "hasLog": self.has_log,
            "reason": self.reason,
            "resourceId": self.resource_id,
            "links": [item.to_json() for item in self.links],
            "details": _json.members(self.details),
        }


@dataclass(frozen=True, kw_only=True)
class StepPage:
    """The contract's `step-page`."""

    steps: tuple[Step, ...] = ()
    """In order of start; steps that haven't started yet come last."""

    next_cursor: str | None = None
    """To get the next page with; none after the last one."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> StepPage:
        """Reads the JSON form."""
        return StepPage(
            steps=tuple(Step.from_json(item) for item in json.get("steps") or ()),
            next_cursor=json.get("nextCursor"),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "steps": [item.to_json() for item in self.steps],
            "nextCursor": self.next_cursor,
        }


@dataclass(frozen=True, kw_only=True)
class RunStatus:
    """The contract's `run-status`."""

    state: RunState
    """The state of the run status."""

    platform_status: str
    """The platform's own word for the state; empty if it gave none."""

    finished: bool
    """Whether the platform is done with the run. A finished run stays as it is until
    somebody retries it, through the host or on the platform, so a host stops polling it.
    True can come with any state but `running`.
    """

    poll_after: datetime | None = None
    """The time from which on it is worth asking again, where the plugin can tell. A host may
    ask earlier or later. None where the run is finished.
    """

    message: str | None = None
    """Why the run failed, or what the run is for."""

    started_at: datetime | None = None
    """The started at of the run status."""

    updated_at: datetime | None = None
    """The updated at of the run status."""

    ended_at: datetime | None = None
    """The ended at of the run status."""

    failed_steps: tuple[Step, ...] = ()
    """For a run that is over without success: the steps to blame, as far as the platform
    told.
    """

    outputs: tuple[Attribute, ...] = ()
    """The output parameters, where the platform offers them."""

    details: tuple[Attribute, ...] = ()
    """The details of the run status."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> RunStatus:
        """Reads the JSON form."""
        return RunStatus(
            state=RunState.from_json(json.get("state")),
            platform_status=json.get("platformStatus") or "",
            finished=bool(json.get("finished")),
            poll_after=_json.time(json.get("pollAfter")),
            message=json.get("message"),
            started_at=_json.time(json.get("startedAt")),
            updated_at=_json.time(json.get("updatedAt")),
            ended_at=_json.time(json.get("endedAt")),
            failed_steps=tuple(Step.from_json(item) for item in json.get("failedSteps") or ()),
            outputs=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("outputs"))),
            details=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("details"))),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "state": self.state.to_json(),
            "platformStatus": self.platform_status,
            "finished": self.finished,
            "pollAfter": _json.time_text(self.poll_after),
            "message": self.message,
            "startedAt": _json.time_text(self.started_at),
            "updatedAt": _json.time_text(self.updated_at),
            "endedAt": _json.time_text(self.ended_at),
            "failedSteps": [item.to_json() for item in self.failed_steps],
            "outputs": _json.members(self.outputs),
            "details": _json.members(self.details),
        }


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One line that a step's job wrote."""

    time: datetime | None = None
    """The time of the log line."""

    source: str
    """Which of the job's outputs it is from: one for each of its machines, say."""

    message: str
    """The message of the log line."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> LogLine:
        """Reads the JSON form."""
        return LogLine(
            time=_json.time(json.get("time")),
            source=json.get("source") or "",
            message=json.get("message") or "",
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "time": _json.time_text(self.time),
            "source": self.source,
            "message": self.message,
        }


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """The contract's `log-page`."""

    lines: tuple[LogLine, ...] = ()
    """At most 10,000, in order of time. A line without a time comes after the line that was
    written before it. A host cuts a message of more than 256 KiB.
    """

    cursor: str
    """To get what follows with: at once where there is more, else when more may have been
    written. It holds as long as the platform keeps the log.
    """

    more: bool
    """Whether more was written already. With true, a host asks for the next page at once,
    even if this one has no lines. With false, the page reaches to the end of what the
    platform has so far.
    """

    @staticmethod
    def from_json(json: dict[str, Any]) -> LogPage:
        """Reads the JSON form."""
        return LogPage(
            lines=tuple(LogLine.from_json(item) for item in json.get("lines") or ()),
            cursor=json.get("cursor") or "",
            more=bool(json.get("more")),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "lines": [item.to_json() for item in self.lines],
            "cursor": self.cursor,
            "more": self.more,
        }


class CancelOutcome(enum.Enum):
    """The contract's `cancel-outcome`."""

    REQUESTED = "requested"
    """The platform is asked to stop the run; poll for its end."""

    ALREADY_STOPPING = "already-stopping"
    """It was being stopped already."""

    ALREADY_FINISHED = "already-finished"
    """It was over already."""

    @staticmethod
    def from_json(word: str | None) -> CancelOutcome:
        """Reads a word."""
        return CancelOutcome(word)

    def to_json(self) -> str:
        """The word."""
        return self.value


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """The contract's `cancellation`."""

    outcome: CancelOutcome
    """The outcome of the cancellation."""

    message: str
    """For a person."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> Cancellation:
        """Reads the JSON form."""
        return Cancellation(
            outcome=CancelOutcome.from_json(json.get("outcome")),
            message=json.get("message") or "",
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "outcome": self.outcome.to_json(),
            "message": self.message,
        }


@dataclass(frozen=True, kw_only=True)
class ConnectionReport:
    """What a connection was found to be good for."""

    message: str
    """One sentence for a person."""

    details: tuple[Attribute, ...] = ()
    """The details of the connection report."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> ConnectionReport:
        """Reads the JSON form."""
        return ConnectionReport(
            message=json.get("message") or "",
            details=tuple(Attribute(name=n, value=v) for n, v in _json.pairs(json.get("details"))),
        )

    def to_json(self) -> dict[str, Any]:
        """Writes the JSON form."""
        return {
            "message": self.message,
            "details": _json.members(self.details),
        }
