// Made of wit/ by polysync-bindings: change the contract, and run `cargo run -p polysync-bindings`.

using System;
using System.Collections.Generic;

namespace Polysync.JobTypes
{
    /// <summary>A named value of an open list. The reader passes over a name that it doesn't know. Unless the
    /// list says otherwise, a name may occur more than once.</summary>
    public sealed class JobAttribute
    {
        /// <summary>Makes a JobAttribute. What may be absent may be left out.</summary>
        public JobAttribute(
            string name,
            string value)
        {
            Name = name ?? throw new ArgumentNullException("name");
            Value = value ?? throw new ArgumentNullException("value");
        }

        /// <summary>The name of the attribute.</summary>
        public string Name { get; }

        /// <summary>The value of the attribute.</summary>
        public string Value { get; }

        internal static JobAttribute Read(Json json)
        {
            return new JobAttribute(
                name: json["name"].Text ?? "",
                value: json["value"].Text ?? "");
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("name", Name);
            json.Member("value", Value);
            json.End();
        }
    }

    /// <summary>An account of the platform, and how to reach it. Credentials aren't in it: the host holds
    /// them, see <c>aws-signing</c>.</summary>
    public sealed class Connection
    {
        /// <summary>Makes a Connection. What may be absent may be left out.</summary>
        public Connection(
            string region,
            string endpoint = null,
            IReadOnlyList<JobAttribute> attributes = null)
        {
            Region = region ?? throw new ArgumentNullException("region");
            Endpoint = endpoint;
            Attributes = Lists.Copy<JobAttribute>(attributes);
        }

        /// <summary>The platform's region, in its own spelling.</summary>
        public string Region { get; }

        /// <summary>Base URL to use in place of the platform's own.</summary>
        public string Endpoint { get; }

        /// <summary>The values of <c>description.connection-attributes</c>, each key once. An empty value
        /// counts as not given.</summary>
        public IReadOnlyList<JobAttribute> Attributes { get; }

        internal static Connection Read(Json json)
        {
            return new Connection(
                region: json["region"].Text ?? "",
                endpoint: json["endpoint"].Text,
                attributes: json["attributes"].Attributes);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("region", Region);
            json.Member("endpoint", Endpoint);
            json.Attributes("attributes", Attributes);
            json.End();
        }
    }

    /// <summary>What can be given for a job or a connection, so that a host can draw a form for it.</summary>
    public sealed class AttributeDefinition
    {
        /// <summary>Makes a AttributeDefinition. What may be absent may be left out.</summary>
        public AttributeDefinition(
            string key,
            string label,
            string help,
            string kind,
            bool required,
            bool secret,
            string defaultValue = null,
            IReadOnlyList<string> allowedValues = null,
            long? minimum = null,
            long? maximum = null,
            long? minLength = null,
            long? maxLength = null,
            string pattern = null)
        {
            Key = key ?? throw new ArgumentNullException("key");
            Label = label ?? throw new ArgumentNullException("label");
            Help = help ?? throw new ArgumentNullException("help");
            Kind = kind ?? throw new ArgumentNullException("kind");
            Required = required;
            Secret = secret;
            DefaultValue = defaultValue;
            AllowedValues = Lists.Copy<string>(allowedValues);
            Minimum = minimum;
            Maximum = maximum;
            MinLength = minLength;
            MaxLength = maxLength;
            Pattern = pattern;
        }

        /// <summary>The name in <c>attribute</c>: in kebab-case, like <c>description.id</c>.</summary>
        public string Key { get; }

        /// <summary>One line of at most 256 bytes.</summary>
        public string Label { get; }

        /// <summary>One or two sentences for whoever fills the form; at most 4096 bytes, as are default
        /// value, pattern and each allowed value.</summary>
        public string Help { get; }

        /// <summary><c>text</c>, <c>multiline-text</c>, <c>integer</c> or <c>boolean</c> (<c>true</c> or
        /// <c>false</c>); a host treats another name in kebab-case as <c>text</c>.</summary>
        public string Kind { get; }

        /// <summary>Whether a value has to be given.</summary>
        public bool Required { get; }

        /// <summary>Whether the value is a secret. A host doesn't show, log or export it.</summary>
        public bool Secret { get; }

        /// <summary>The value that applies when none is given. A host may show it; it need not send
        /// it.</summary>
        public string DefaultValue { get; }

        /// <summary>The only values that may be given, at most 256. Empty: anything of the kind.</summary>
        public IReadOnlyList<string> AllowedValues { get; }

        /// <summary>For integers, the least and the greatest value.</summary>
        public long? Minimum { get; }

        /// <summary>The maximum of the attribute definition.</summary>
        public long? Maximum { get; }

        /// <summary>In characters (Unicode scalar values).</summary>
        public long? MinLength { get; }

        /// <summary>The max length of the attribute definition.</summary>
        public long? MaxLength { get; }

        /// <summary>A regular expression that matches the whole value, in the common subset of ECMAScript and
        /// RE2. It has no anchors of its own.</summary>
        public string Pattern { get; }

        internal static AttributeDefinition Read(Json json)
        {
            return new AttributeDefinition(
                key: json["key"].Text ?? "",
                label: json["label"].Text ?? "",
                help: json["help"].Text ?? "",
                kind: json["kind"].Text ?? "",
                required: json["required"].Flag,
                secret: json["secret"].Flag,
                defaultValue: json["defaultValue"].Text,
                allowedValues: json["allowedValues"].List(item => item.Text ?? ""),
                minimum: json["minimum"].Number,
                maximum: json["maximum"].Number,
                minLength: json["minLength"].Number,
                maxLength: json["maxLength"].Number,
                pattern: json["pattern"].Text);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("key", Key);
            json.Member("label", Label);
            json.Member("help", Help);
            json.Member("kind", Kind);
            json.Member("required", Required);
            json.Member("secret", Secret);
            json.Member("defaultValue", DefaultValue);
            json.List("allowedValues", AllowedValues, json.Value);
            json.Member("minimum", Minimum);
            json.Member("maximum", Maximum);
            json.Member("minLength", MinLength);
            json.Member("maxLength", MaxLength);
            json.Member("pattern", Pattern);
            json.End();
        }
    }

    /// <summary>Something that the calls of a connection use, for an operator to grant. Without the grant,
    /// the host refuses the use, and the call that needs it fails with an error of class
    /// <c>denied</c>.</summary>
    public sealed class Need
    {
        /// <summary>Makes a Need. What may be absent may be left out.</summary>
        public Need(
            string capability,
            string value)
        {
            Capability = capability ?? throw new ArgumentNullException("capability");
            Value = value ?? throw new ArgumentNullException("value");
        }

        /// <summary>The import that it is about: <c>http</c> or <c>aws-signing</c>. A host can't grant what
        /// it doesn't know.</summary>
        public string Capability { get; }

        /// <summary>One line of at most 256 bytes. For <c>http</c>, an origin such as
        /// <c>https://api.example.com</c>, where <c>*</c> stands for one label of the name. For
        /// <c>aws-signing</c>, a signing name such as <c>sagemaker</c>.</summary>
        public string Value { get; }

        internal static Need Read(Json json)
        {
            return new Need(
                capability: json["capability"].Text ?? "",
                value: json["value"].Text ?? "");
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("capability", Capability);
            json.Member("value", Value);
            json.End();
        }
    }

    /// <summary>What a job type is. A host stores, logs and shows it, so it refuses a plugin whose
    /// description breaks one of these rules. All lengths are in bytes of UTF-8.</summary>
    public sealed class Description
    {
        /// <summary>Makes a Description. What may be absent may be left out.</summary>
        public Description(
            string id,
            string name,
            string platform,
            string version,
            string externalIdLabel,
            IReadOnlyList<AttributeDefinition> jobAttributes = null,
            IReadOnlyList<AttributeDefinition> connectionAttributes = null,
            IReadOnlyList<string> features = null)
        {
            Id = id ?? throw new ArgumentNullException("id");
            Name = name ?? throw new ArgumentNullException("name");
            Platform = platform ?? throw new ArgumentNullException("platform");
            Version = version ?? throw new ArgumentNullException("version");
            ExternalIdLabel = externalIdLabel ?? throw new ArgumentNullException("externalIdLabel");
            JobAttributes = Lists.Copy<AttributeDefinition>(jobAttributes);
            ConnectionAttributes = Lists.Copy<AttributeDefinition>(connectionAttributes);
            Features = Lists.Copy<string>(features);
        }

        /// <summary>Stable for ever: which job type this is, whatever its version. In kebab-case: words of
        /// lower-case letters and digits with a hyphen between them, beginning with a letter; at most 64
        /// bytes.</summary>
        public string Id { get; }

        /// <summary>For people. This, the platform and the label are one line each, of at most 256 bytes and
        /// without control characters, invisible ones, and marks that turn the direction of
        /// writing.</summary>
        public string Name { get; }

        /// <summary>The platform of the description.</summary>
        public string Platform { get; }

        /// <summary>The plugin's own, by semantic versioning (<c>1.2.3</c>); at most 128 bytes.</summary>
        public string Version { get; }

        /// <summary>What the platform calls the external id.</summary>
        public string ExternalIdLabel { get; }

        /// <summary>At most 256, as are the connection's.</summary>
        public IReadOnlyList<AttributeDefinition> JobAttributes { get; }

        /// <summary>The connection attributes of the description.</summary>
        public IReadOnlyList<AttributeDefinition> ConnectionAttributes { get; }

        /// <summary>At most 64 names in kebab-case; a host passes over those that it doesn't know. Which
        /// calls it offers beside those that every job type has: <c>discover</c>, <c>inspect</c>,
        /// <c>cancel</c>, <c>retry</c>, <c>steps</c>, <c>logs</c>, <c>monitor-url</c>. And what it promises:
        /// <c>output-parameters</c>, that a run's last status has its outputs; <c>idempotent-start</c>, that
        /// the same GUID never starts a second run.</summary>
        public IReadOnlyList<string> Features { get; }

        internal static Description Read(Json json)
        {
            return new Description(
                id: json["id"].Text ?? "",
                name: json["name"].Text ?? "",
                platform: json["platform"].Text ?? "",
                version: json["version"].Text ?? "",
                externalIdLabel: json["externalIdLabel"].Text ?? "",
                jobAttributes: json["jobAttributes"].List(item => AttributeDefinition.Read(item)),
                connectionAttributes: json["connectionAttributes"].List(item => AttributeDefinition.Read(item)),
                features: json["features"].List(item => item.Text ?? ""));
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("id", Id);
            json.Member("name", Name);
            json.Member("platform", Platform);
            json.Member("version", Version);
            json.Member("externalIdLabel", ExternalIdLabel);
            json.List("jobAttributes", JobAttributes, item => item.Write(json));
            json.List("connectionAttributes", ConnectionAttributes, item => item.Write(json));
            json.List("features", Features, json.Value);
            json.End();
        }
    }

    /// <summary>What kind of trouble it is, for a host that has to decide. <c>error.code</c> says
    /// more.</summary>
    public enum ErrorClass
    {
        /// <summary>The job, connection or run is not as it should be; the same again fails again.</summary>
        Invalid,

        /// <summary>Credentials are missing, expired or refused, a permission is missing, or the host doesn't
        /// grant what is needed.</summary>
        Denied,

        /// <summary>The job or run doesn't exist (any more).</summary>
        NotFound,

        /// <summary>It can't be done in the present state of the job or run.</summary>
        Conflict,

        /// <summary>A quota of the account is used up.</summary>
        Limit,

        /// <summary>Too many requests; later it works.</summary>
        Throttled,

        /// <summary>The platform or the way to it fails at present, or time ran out.</summary>
        Unavailable,

        /// <summary>The platform doesn't offer this.</summary>
        Unsupported,

        /// <summary>It may have been done, and doing it again may do it twice. Never retryable: a person or
        /// the host looks before it is repeated. An error of <c>start</c> has a detail
        /// <c>candidate-run-id</c> for each run that may be the one that was asked for, as far as the
        /// platform tells.</summary>
        Uncertain,

        /// <summary>Anything else, for example an answer that can't be understood.</summary>
        Other
    }

    internal static class ErrorClassWord
    {
        internal static ErrorClass Read(Json json)
        {
            switch (json.Text)
            {
                case "invalid": return ErrorClass.Invalid;
                case "denied": return ErrorClass.Denied;
                case "not-found": return ErrorClass.NotFound;
                case "conflict": return ErrorClass.Conflict;
                case "limit": return ErrorClass.Limit;
                case "throttled": return ErrorClass.Throttled;
                case "unavailable": return ErrorClass.Unavailable;
                case "unsupported": return ErrorClass.Unsupported;
                case "uncertain": return ErrorClass.Uncertain;
                case "other": return ErrorClass.Other;
                default: return ErrorClass.Other;
            }
        }

        internal static string Of(ErrorClass value)
        {
            switch (value)
            {
                case ErrorClass.Invalid: return "invalid";
                case ErrorClass.Denied: return "denied";
                case ErrorClass.NotFound: return "not-found";
                case ErrorClass.Conflict: return "conflict";
                case ErrorClass.Limit: return "limit";
                case ErrorClass.Throttled: return "throttled";
                case ErrorClass.Unavailable: return "unavailable";
                case ErrorClass.Unsupported: return "unsupported";
                case ErrorClass.Uncertain: return "uncertain";
                case ErrorClass.Other: return "other";
                default: throw new ArgumentOutOfRangeException(nameof(value));
            }
        }
    }

    /// <summary>The contract's <c>error</c>.</summary>
    public sealed class PlatformError
    {
        /// <summary>Makes a PlatformError. What may be absent may be left out.</summary>
        public PlatformError(
            ErrorClass @class,
            string code,
            string message,
            string hint,
            bool retryable,
            string requestId = null,
            IReadOnlyList<JobAttribute> details = null)
        {
            Class = @class;
            Code = code ?? throw new ArgumentNullException("code");
            Message = message ?? throw new ArgumentNullException("message");
            Hint = hint ?? throw new ArgumentNullException("hint");
            Retryable = retryable;
            RequestId = requestId;
            Details = Lists.Copy<JobAttribute>(details);
        }

        /// <summary>The class of the error.</summary>
        public ErrorClass Class { get; }

        /// <summary>The platform's own code where it gave one (<c>ValidationException</c>), else a code of
        /// the plugin's in the same style. Open.</summary>
        public string Code { get; }

        /// <summary>What happened, in the platform's own words where it gave any.</summary>
        public string Message { get; }

        /// <summary>What to do about it, for a person. May be empty.</summary>
        public string Hint { get; }

        /// <summary>Whether the same call may succeed later without anybody changing anything. For a call
        /// with a GUID: the same call with the same GUID.</summary>
        public bool Retryable { get; }

        /// <summary>The platform's id of the request that failed, for its support.</summary>
        public string RequestId { get; }

        /// <summary>Other facts of interest, for display.</summary>
        public IReadOnlyList<JobAttribute> Details { get; }

        internal static PlatformError Read(Json json)
        {
            return new PlatformError(
                @class: ErrorClassWord.Read(json["class"]),
                code: json["code"].Text ?? "",
                message: json["message"].Text ?? "",
                hint: json["hint"].Text ?? "",
                retryable: json["retryable"].Flag,
                requestId: json["requestId"].Text,
                details: json["details"].Attributes);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("class", ErrorClassWord.Of(Class));
            json.Member("code", Code);
            json.Member("message", Message);
            json.Member("hint", Hint);
            json.Member("retryable", Retryable);
            json.Member("requestId", RequestId);
            json.Attributes("details", Details);
            json.End();
        }
    }

    /// <summary>The contract's <c>direction</c>.</summary>
    public enum Direction
    {
        /// <summary>Sent when a run starts.</summary>
        Input,

        /// <summary>Read when a run is over, where the platform offers it.</summary>
        Output,

        /// <summary>Both.</summary>
        InputOutput
    }

    internal static class DirectionWord
    {
        internal static Direction Read(Json json)
        {
            switch (json.Text)
            {
                case "input": return Direction.Input;
                case "output": return Direction.Output;
                case "input-output": return Direction.InputOutput;
                default: throw new FormatException("'" + json.Text + "' is not one of Direction");
            }
        }

        internal static string Of(Direction value)
        {
            switch (value)
            {
                case Direction.Input: return "input";
                case Direction.Output: return "output";
                case Direction.InputOutput: return "input-output";
                default: throw new ArgumentOutOfRangeException(nameof(value));
            }
        }
    }

    /// <summary>The contract's <c>parameter</c>.</summary>
    public sealed class Parameter
    {
        /// <summary>Makes a Parameter. What may be absent may be left out.</summary>
        public Parameter(
            string name,
            Direction direction,
            string value = null)
        {
            Name = name ?? throw new ArgumentNullException("name");
            Direction = direction;
            Value = value;
        }

        /// <summary>The name of the parameter.</summary>
        public string Name { get; }

        /// <summary>The direction of the parameter.</summary>
        public Direction Direction { get; }

        /// <summary>None: not sent, so that the platform's own default applies.</summary>
        public string Value { get; }

        internal static Parameter Read(Json json)
        {
            return new Parameter(
                name: json["name"].Text ?? "",
                direction: DirectionWord.Read(json["direction"]),
                value: json["value"].Text);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("name", Name);
            json.Member("direction", DirectionWord.Of(Direction));
            json.Member("value", Value);
            json.End();
        }
    }

    /// <summary>A job as the host's user configured it.</summary>
    public sealed class Job
    {
        /// <summary>Makes a Job. What may be absent may be left out.</summary>
        public Job(
            string externalId,
            IReadOnlyList<JobAttribute> attributes = null,
            IReadOnlyList<Parameter> parameters = null)
        {
            ExternalId = externalId ?? throw new ArgumentNullException("externalId");
            Attributes = Lists.Copy<JobAttribute>(attributes);
            Parameters = Lists.Copy<Parameter>(parameters);
        }

        /// <summary>The external id of the job.</summary>
        public string ExternalId { get; }

        /// <summary>The values of <c>description.job-attributes</c>, each key once. An empty value counts as
        /// not given.</summary>
        public IReadOnlyList<JobAttribute> Attributes { get; }

        /// <summary>Each name once, in the order in which they are declared.</summary>
        public IReadOnlyList<Parameter> Parameters { get; }

        internal static Job Read(Json json)
        {
            return new Job(
                externalId: json["externalId"].Text ?? "",
                attributes: json["attributes"].Attributes,
                parameters: json["parameters"].List(item => Parameter.Read(item)));
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("externalId", ExternalId);
            json.Attributes("attributes", Attributes);
            json.List("parameters", Parameters, item => item.Write(json));
            json.End();
        }
    }

    /// <summary>A parameter as the platform declares it.</summary>
    public sealed class DeclaredParameter
    {
        /// <summary>Makes a DeclaredParameter. What may be absent may be left out.</summary>
        public DeclaredParameter(
            string name,
            string dataType,
            bool required,
            string defaultValue = null,
            IReadOnlyList<string> allowedValues = null,
            string description = null)
        {
            Name = name ?? throw new ArgumentNullException("name");
            DataType = dataType ?? throw new ArgumentNullException("dataType");
            Required = required;
            DefaultValue = defaultValue;
            AllowedValues = Lists.Copy<string>(allowedValues);
            Description = description;
        }

        /// <summary>The name of the declared parameter.</summary>
        public string Name { get; }

        /// <summary><c>string</c>, <c>integer</c>, <c>float</c> or <c>boolean</c>; a word that the host
        /// doesn't know is a <c>string</c>.</summary>
        public string DataType { get; }

        /// <summary>Whether a run can't start without a value.</summary>
        public bool Required { get; }

        /// <summary>The platform's default, to suggest as a value. None where the platform has none, or has
        /// one that <c>start</c> can't send. In either case, a job may leave the value out, and the
        /// platform's default applies.</summary>
        public string DefaultValue { get; }

        /// <summary>Empty: anything of the type.</summary>
        public IReadOnlyList<string> AllowedValues { get; }

        /// <summary>The description of the declared parameter.</summary>
        public string Description { get; }

        internal static DeclaredParameter Read(Json json)
        {
            return new DeclaredParameter(
                name: json["name"].Text ?? "",
                dataType: json["dataType"].Text ?? "",
                required: json["required"].Flag,
                defaultValue: json["defaultValue"].Text,
                allowedValues: json["allowedValues"].List(item => item.Text ?? ""),
                description: json["description"].Text);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("name", Name);
            json.Member("dataType", DataType);
            json.Member("required", Required);
            json.Member("defaultValue", DefaultValue);
            json.List("allowedValues", AllowedValues, json.Value);
            json.Member("description", Description);
            json.End();
        }
    }

    /// <summary>A job as the platform knows it.</summary>
    public sealed class DiscoveredJob
    {
        /// <summary>Makes a DiscoveredJob. What may be absent may be left out.</summary>
        public DiscoveredJob(
            string externalId,
            string name,
            string jobType,
            string displayName = null,
            string description = null,
            IReadOnlyList<JobAttribute> attributes = null,
            IReadOnlyList<DeclaredParameter> parameters = null,
            IReadOnlyList<string> notes = null,
            IReadOnlyList<JobAttribute> details = null)
        {
            ExternalId = externalId ?? throw new ArgumentNullException("externalId");
            Name = name ?? throw new ArgumentNullException("name");
            DisplayName = displayName;
            Description = description;
            JobType = jobType ?? throw new ArgumentNullException("jobType");
            Attributes = Lists.Copy<JobAttribute>(attributes);
            Parameters = Lists.Copy<DeclaredParameter>(parameters);
            Notes = Lists.Copy<string>(notes);
            Details = Lists.Copy<JobAttribute>(details);
        }

        /// <summary>The external id of the discovered job.</summary>
        public string ExternalId { get; }

        /// <summary>The name of the discovered job.</summary>
        public string Name { get; }

        /// <summary>The display name of the discovered job.</summary>
        public string DisplayName { get; }

        /// <summary>The description of the discovered job.</summary>
        public string Description { get; }

        /// <summary><c>description.name</c> of the job type.</summary>
        public string JobType { get; }

        /// <summary>Suggested attributes, with keys of <c>description.job-attributes</c>: the settings that
        /// the platform keeps for this job. A host puts them into the job that it makes, where its user can
        /// change them.</summary>
        public IReadOnlyList<JobAttribute> Attributes { get; }

        /// <summary>Suggested inputs, in declared order. Empty where the platform doesn't tell.</summary>
        public IReadOnlyList<DeclaredParameter> Parameters { get; }

        /// <summary>What the user should know about the job: why it has no parameters, say. One paragraph
        /// each.</summary>
        public IReadOnlyList<string> Notes { get; }

        /// <summary>Other facts of interest, for display.</summary>
        public IReadOnlyList<JobAttribute> Details { get; }

        internal static DiscoveredJob Read(Json json)
        {
            return new DiscoveredJob(
                externalId: json["externalId"].Text ?? "",
                name: json["name"].Text ?? "",
                displayName: json["displayName"].Text,
                description: json["description"].Text,
                jobType: json["jobType"].Text ?? "",
                attributes: json["attributes"].Attributes,
                parameters: json["parameters"].List(item => DeclaredParameter.Read(item)),
                notes: json["notes"].List(item => item.Text ?? ""),
                details: json["details"].Attributes);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("externalId", ExternalId);
            json.Member("name", Name);
            json.Member("displayName", DisplayName);
            json.Member("description", Description);
            json.Member("jobType", JobType);
            json.Attributes("attributes", Attributes);
            json.List("parameters", Parameters, item => item.Write(json));
            json.List("notes", Notes, json.Value);
            json.Attributes("details", Details);
            json.End();
        }
    }

    /// <summary>The contract's <c>discovery-page</c>.</summary>
    public sealed class DiscoveryPage
    {
        /// <summary>Makes a DiscoveryPage. What may be absent may be left out.</summary>
        public DiscoveryPage(
            IReadOnlyList<DiscoveredJob> jobs = null,
            IReadOnlyList<string> notes = null,
            string nextCursor = null)
        {
            Jobs = Lists.Copy<DiscoveredJob>(jobs);
            Notes = Lists.Copy<string>(notes);
            NextCursor = nextCursor;
        }

        /// <summary>The jobs of the discovery page.</summary>
        public IReadOnlyList<DiscoveredJob> Jobs { get; }

        /// <summary>What the user should know about the page, or about what isn't in it.</summary>
        public IReadOnlyList<string> Notes { get; }

        /// <summary>To get the next page with; none after the last one.</summary>
        public string NextCursor { get; }

        internal static DiscoveryPage Read(Json json)
        {
            return new DiscoveryPage(
                jobs: json["jobs"].List(item => DiscoveredJob.Read(item)),
                notes: json["notes"].List(item => item.Text ?? ""),
                nextCursor: json["nextCursor"].Text);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.List("jobs", Jobs, item => item.Write(json));
            json.List("notes", Notes, json.Value);
            json.Member("nextCursor", NextCursor);
            json.End();
        }
    }

    /// <summary>The contract's <c>severity</c>.</summary>
    public enum Severity
    {
        /// <summary>The job can't be started as it is: <c>start</c> refuses it before it asks the platform.
        /// An error that follows from <c>declared</c> alone is different. <c>start</c> doesn't know the
        /// declarations, which may have changed since they were read, so the platform decides by those that
        /// hold then.</summary>
        Error,

        /// <summary><c>start</c> takes it, but it may not do what was meant.</summary>
        Warning
    }

    internal static class SeverityWord
    {
        internal static Severity Read(Json json)
        {
            switch (json.Text)
            {
                case "error": return Severity.Error;
                case "warning": return Severity.Warning;
                default: throw new FormatException("'" + json.Text + "' is not one of Severity");
            }
        }

        internal static string Of(Severity value)
        {
            switch (value)
            {
                case Severity.Error: return "error";
                case Severity.Warning: return "warning";
                default: throw new ArgumentOutOfRangeException(nameof(value));
            }
        }
    }

    /// <summary>The contract's <c>finding</c>.</summary>
    public sealed class Finding
    {
        /// <summary>Makes a Finding. What may be absent may be left out.</summary>
        public Finding(
            Severity severity,
            string code,
            string field,
            string message)
        {
            Severity = severity;
            Code = code ?? throw new ArgumentNullException("code");
            Field = field ?? throw new ArgumentNullException("field");
            Message = message ?? throw new ArgumentNullException("message");
        }

        /// <summary>The severity of the finding.</summary>
        public Severity Severity { get; }

        /// <summary>What kind of finding it is, in the style of <c>error.code</c>: <c>TooLong</c>, say. Open.
        /// With the field, it is enough for a host that writes its own message: the limits of an attribute
        /// are in its definition, and the value is in the job. A job type never changes the code of a
        /// kind.</summary>
        public string Code { get; }

        /// <summary>What it is about: <c>external-id</c>, <c>attributes.KEY</c>, <c>parameters.NAME</c>,
        /// <c>parameters</c>, <c>connection.region</c>, <c>connection.endpoint</c> or
        /// <c>connection.attributes.KEY</c>.</summary>
        public string Field { get; }

        /// <summary>For a person: what is wrong and what would be right.</summary>
        public string Message { get; }

        internal static Finding Read(Json json)
        {
            return new Finding(
                severity: SeverityWord.Read(json["severity"]),
                code: json["code"].Text ?? "",
                field: json["field"].Text ?? "",
                message: json["message"].Text ?? "");
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("severity", SeverityWord.Of(Severity));
            json.Member("code", Code);
            json.Member("field", Field);
            json.Member("message", Message);
            json.End();
        }
    }

    /// <summary>One execution of a job. On its connection, the run id alone identifies it.</summary>
    public sealed class Run
    {
        /// <summary>Makes a Run. What may be absent may be left out.</summary>
        public Run(
            string runId,
            string externalId = null)
        {
            ExternalId = externalId;
            RunId = runId ?? throw new ArgumentNullException("runId");
        }

        /// <summary>The job's, where the host knows it. Every call works without it; with it, a call may need
        /// fewer requests, or give a better message or link.</summary>
        public string ExternalId { get; }

        /// <summary>As <c>start</c> returned it, to the letter.</summary>
        public string RunId { get; }

        internal static Run Read(Json json)
        {
            return new Run(
                externalId: json["externalId"].Text,
                runId: json["runId"].Text ?? "");
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("externalId", ExternalId);
            json.Member("runId", RunId);
            json.End();
        }
    }

    /// <summary>The contract's <c>started-run</c>.</summary>
    public sealed class StartedRun
    {
        /// <summary>Makes a StartedRun. What may be absent may be left out.</summary>
        public StartedRun(
            string runId,
            IReadOnlyList<JobAttribute> details = null)
        {
            RunId = runId ?? throw new ArgumentNullException("runId");
            Details = Lists.Copy<JobAttribute>(details);
        }

        /// <summary>The run id of the started run.</summary>
        public string RunId { get; }

        /// <summary>The details of the started run.</summary>
        public IReadOnlyList<JobAttribute> Details { get; }

        internal static StartedRun Read(Json json)
        {
            return new StartedRun(
                runId: json["runId"].Text ?? "",
                details: json["details"].Attributes);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("runId", RunId);
            json.Attributes("details", Details);
            json.End();
        }
    }

    /// <summary>The contract's <c>run-state</c>.</summary>
    public enum RunState
    {
        /// <summary>The case <c>running</c>.</summary>
        Running,

        /// <summary>The case <c>success</c>.</summary>
        Success,

        /// <summary>The case <c>failed</c>.</summary>
        Failed,

        /// <summary>The case <c>cancelled</c>.</summary>
        Cancelled,

        /// <summary>The platform says something that this plugin doesn't know, or nothing.</summary>
        Unknown
    }

    internal static class RunStateWord
    {
        internal static RunState Read(Json json)
        {
            switch (json.Text)
            {
                case "running": return RunState.Running;
                case "success": return RunState.Success;
                case "failed": return RunState.Failed;
                case "cancelled": return RunState.Cancelled;
                case "unknown": return RunState.Unknown;
                default: return RunState.Unknown;
            }
        }

        internal static string Of(RunState value)
        {
            switch (value)
            {
                case RunState.Running: return "running";
                case RunState.Success: return "success";
                case RunState.Failed: return "failed";
                case RunState.Cancelled: return "cancelled";
                case RunState.Unknown: return "unknown";
                default: throw new ArgumentOutOfRangeException(nameof(value));
            }
        }
    }

    /// <summary>A link for a person to open.</summary>
    public sealed class Link
    {
        /// <summary>Makes a Link. What may be absent may be left out.</summary>
        public Link(
            string label,
            string url)
        {
            Label = label ?? throw new ArgumentNullException("label");
            Url = url ?? throw new ArgumentNullException("url");
        }

        /// <summary>The label of the link.</summary>
        public string Label { get; }

        /// <summary>The url of the link.</summary>
        public string Url { get; }

        internal static Link Read(Json json)
        {
            return new Link(
                label: json["label"].Text ?? "",
                url: json["url"].Text ?? "");
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("label", Label);
            json.Member("url", Url);
            json.End();
        }
    }

    /// <summary>One part of a run.</summary>
    public sealed class Step
    {
        /// <summary>Makes a Step. What may be absent may be left out.</summary>
        public Step(
            string name,
            string kind,
            RunState state,
            string platformStatus,
            bool cacheHit,
            bool hasLog,
            string displayName = null,
            DateTimeOffset? startedAt = null,
            DateTimeOffset? endedAt = null,
            long? attempts = null,
            string reason = null,
            string resourceId = null,
            IReadOnlyList<Link> links = null,
            IReadOnlyList<JobAttribute> details = null)
        {
            Name = name ?? throw new ArgumentNullException("name");
            DisplayName = displayName;
            Kind = kind ?? throw new ArgumentNullException("kind");
            State = state;
            PlatformStatus = platformStatus ?? throw new ArgumentNullException("platformStatus");
            StartedAt = startedAt;
            EndedAt = endedAt;
            Attempts = attempts;
            CacheHit = cacheHit;
            HasLog = hasLog;
            Reason = reason;
            ResourceId = resourceId;
            Links = Lists.Copy<Link>(links);
            Details = Lists.Copy<JobAttribute>(details);
        }

        /// <summary>Unique in the run, and one line of visible characters. What <c>logs</c> takes.</summary>
        public string Name { get; }

        /// <summary>The display name of the step.</summary>
        public string DisplayName { get; }

        /// <summary>The platform's word for what the step does.</summary>
        public string Kind { get; }

        /// <summary>The state of the step.</summary>
        public RunState State { get; }

        /// <summary>The platform's own word for the state.</summary>
        public string PlatformStatus { get; }

        /// <summary>The started at of the step.</summary>
        public DateTimeOffset? StartedAt { get; }

        /// <summary>The ended at of the step.</summary>
        public DateTimeOffset? EndedAt { get; }

        /// <summary>The attempts of the step.</summary>
        public long? Attempts { get; }

        /// <summary>Whether the result was taken from an earlier run instead of computed.</summary>
        public bool CacheHit { get; }

        /// <summary>Whether it is worth calling <c>logs</c> for it: its kind writes a log, and it has
        /// begun.</summary>
        public bool HasLog { get; }

        /// <summary>Why it failed, as well as the platform tells.</summary>
        public string Reason { get; }

        /// <summary>The platform's id of what the step ran: of a training job, say.</summary>
        public string ResourceId { get; }

        /// <summary>The links of the step.</summary>
        public IReadOnlyList<Link> Links { get; }

        /// <summary>The details of the step.</summary>
        public IReadOnlyList<JobAttribute> Details { get; }

        internal static Step Read(Json json)
        {
            return new Step(
                name: json["name"].Text ?? "",
                displayName: json["displayName"].Text,
                kind: json["kind"].Text ?? "",
                state: RunStateWord.Read(json["state"]),
                platformStatus: json["platformStatus"].Text ?? "",
                startedAt: json["startedAt"].Time,
                endedAt: json["endedAt"].Time,
                attempts: json["attempts"].Number,
                cacheHit: json["cacheHit"].Flag,
                hasLog: json["hasLog"].Flag,
                reason: json["reason"].Text,
                resourceId: json["resourceId"].Text,
                links: json["links"].List(item => Link.Read(item)),
                details: json["details"].Attributes);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("name", Name);
            json.Member("displayName", DisplayName);
            json.Member("kind", Kind);
            json.Member("state", RunStateWord.Of(State));
            json.Member("platformStatus", PlatformStatus);
            json.Member("startedAt", StartedAt);
            json.Member("endedAt", EndedAt);
            json.Member("attempts", Attempts);
            json.Member("cacheHit", CacheHit);
            json.Member("hasLog", HasLog);
            json.Member("reason", Reason);
            json.Member("resourceId", ResourceId);
            json.List("links", Links, item => item.Write(json));
            json.Attributes("details", Details);
            json.End();
        }
    }

    /// <summary>The contract's <c>step-page</c>.</summary>
    public sealed class StepPage
    {
        /// <summary>Makes a StepPage. What may be absent may be left out.</summary>
        public StepPage(
            IReadOnlyList<Step> steps = null,
            string nextCursor = null)
        {
            Steps = Lists.Copy<Step>(steps);
            NextCursor = nextCursor;
        }

        /// <summary>In order of start; steps that haven't started yet come last.</summary>
        public IReadOnlyList<Step> Steps { get; }

        /// <summary>To get the next page with; none after the last one.</summary>
        public string NextCursor { get; }

        internal static StepPage Read(Json json)
        {
            return new StepPage(
                steps: json["steps"].List(item => Step.Read(item)),
                nextCursor: json["nextCursor"].Text);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.List("steps", Steps, item => item.Write(json));
            json.Member("nextCursor", NextCursor);
            json.End();
        }
    }

    /// <summary>The contract's <c>run-status</c>.</summary>
    public sealed class RunStatus
    {
        /// <summary>Makes a RunStatus. What may be absent may be left out.</summary>
        public RunStatus(
            RunState state,
            string platformStatus,
            bool finished,
            DateTimeOffset? pollAfter = null,
            string message = null,
            DateTimeOffset? startedAt = null,
            DateTimeOffset? updatedAt = null,
            DateTimeOffset? endedAt = null,
            IReadOnlyList<Step> failedSteps = null,
            IReadOnlyList<JobAttribute> outputs = null,
            IReadOnlyList<JobAttribute> details = null)
        {
            State = state;
            PlatformStatus = platformStatus ?? throw new ArgumentNullException("platformStatus");
            Finished = finished;
            PollAfter = pollAfter;
            Message = message;
            StartedAt = startedAt;
            UpdatedAt = updatedAt;
            EndedAt = endedAt;
            FailedSteps = Lists.Copy<Step>(failedSteps);
            Outputs = Lists.Copy<JobAttribute>(outputs);
            Details = Lists.Copy<JobAttribute>(details);
        }

        /// <summary>The state of the run status.</summary>
        public RunState State { get; }

        /// <summary>The platform's own word for the state; empty if it gave none.</summary>
        public string PlatformStatus { get; }

        /// <summary>Whether the platform is done with the run. A finished run stays as it is until somebody
        /// retries it, through the host or on the platform, so a host stops polling it. True can come with
        /// any state but <c>running</c>.</summary>
        public bool Finished { get; }

        /// <summary>The time from which on it is worth asking again, where the plugin can tell. A host may
        /// ask earlier or later. None where the run is finished.</summary>
        public DateTimeOffset? PollAfter { get; }

        /// <summary>Why the run failed, or what the run is for.</summary>
        public string Message { get; }

        /// <summary>The started at of the run status.</summary>
        public DateTimeOffset? StartedAt { get; }

        /// <summary>The updated at of the run status.</summary>
        public DateTimeOffset? UpdatedAt { get; }

        /// <summary>The ended at of the run status.</summary>
        public DateTimeOffset? EndedAt { get; }

        /// <summary>For a run that is over without success: the steps to blame, as far as the platform
        /// told.</summary>
        public IReadOnlyList<Step> FailedSteps { get; }

        /// <summary>The output parameters, where the platform offers them.</summary>
        public IReadOnlyList<JobAttribute> Outputs { get; }

        /// <summary>The details of the run status.</summary>
        public IReadOnlyList<JobAttribute> Details { get; }

        internal static RunStatus Read(Json json)
        {
            return new RunStatus(
                state: RunStateWord.Read(json["state"]),
                platformStatus: json["platformStatus"].Text ?? "",
                finished: json["finished"].Flag,
                pollAfter: json["pollAfter"].Time,
                message: json["message"].Text,
                startedAt: json["startedAt"].Time,
                updatedAt: json["updatedAt"].Time,
                endedAt: json["endedAt"].Time,
                failedSteps: json["failedSteps"].List(item => Step.Read(item)),
                outputs: json["outputs"].Attributes,
                details: json["details"].Attributes);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("state", RunStateWord.Of(State));
            json.Member("platformStatus", PlatformStatus);
            json.Member("finished", Finished);
            json.Member("pollAfter", PollAfter);
            json.Member("message", Message);
            json.Member("startedAt", StartedAt);
            json.Member("updatedAt", UpdatedAt);
            json.Member("endedAt", EndedAt);
            json.List("failedSteps", FailedSteps, item => item.Write(json));
            json.Attributes("outputs", Outputs);
            json.Attributes("details", Details);
            json.End();
        }
    }

    /// <summary>One line that a step's job wrote.</summary>
    public sealed class LogLine
    {
        /// <summary>Makes a LogLine. What may be absent may be left out.</summary>
        public LogLine(
            string source,
            string message,
            DateTimeOffset? time = null)
        {
            Time = time;
            Source = source ?? throw new ArgumentNullException("source");
            Message = message ?? throw new ArgumentNullException("message");
        }

        /// <summary>The time of the log line.</summary>
        public DateTimeOffset? Time { get; }

        /// <summary>Which of the job's outputs it is from: one for each of its machines, say.</summary>
        public string Source { get; }

        /// <summary>The message of the log line.</summary>
        public string Message { get; }

        internal static LogLine Read(Json json)
        {
            return new LogLine(
                time: json["time"].Time,
                source: json["source"].Text ?? "",
                message: json["message"].Text ?? "");
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("time", Time);
            json.Member("source", Source);
            json.Member("message", Message);
            json.End();
        }
    }

    /// <summary>The contract's <c>log-page</c>.</summary>
    public sealed class LogPage
    {
        /// <summary>Makes a LogPage. What may be absent may be left out.</summary>
        public LogPage(
            string cursor,
            bool more,
            IReadOnlyList<LogLine> lines = null)
        {
            Lines = Lists.Copy<LogLine>(lines);
            Cursor = cursor ?? throw new ArgumentNullException("cursor");
            More = more;
        }

        /// <summary>At most 10,000, in order of time. A line without a time comes after the line that was
        /// written before it. A host cuts a message of more than 256 KiB.</summary>
        public IReadOnlyList<LogLine> Lines { get; }

        /// <summary>To get what follows with: at once where there is more, else when more may have been
        /// written. It holds as long as the platform keeps the log.</summary>
        public string Cursor { get; }

        /// <summary>Whether more was written already. With true, a host asks for the next page at once, even
        /// if this one has no lines. With false, the page reaches to the end of what the platform has so
        /// far.</summary>
        public bool More { get; }

        internal static LogPage Read(Json json)
        {
            return new LogPage(
                lines: json["lines"].List(item => LogLine.Read(item)),
                cursor: json["cursor"].Text ?? "",
                more: json["more"].Flag);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.List("lines", Lines, item => item.Write(json));
            json.Member("cursor", Cursor);
            json.Member("more", More);
            json.End();
        }
    }

    /// <summary>The contract's <c>cancel-outcome</c>.</summary>
    public enum CancelOutcome
    {
        /// <summary>The platform is asked to stop the run; poll for its end.</summary>
        Requested,

        /// <summary>It was being stopped already.</summary>
        AlreadyStopping,

        /// <summary>It was over already.</summary>
        AlreadyFinished
    }

    internal static class CancelOutcomeWord
    {
        internal static CancelOutcome Read(Json json)
        {
            switch (json.Text)
            {
                case "requested": return CancelOutcome.Requested;
                case "already-stopping": return CancelOutcome.AlreadyStopping;
                case "already-finished": return CancelOutcome.AlreadyFinished;
                default: throw new FormatException("'" + json.Text + "' is not one of CancelOutcome");
            }
        }

        internal static string Of(CancelOutcome value)
        {
            switch (value)
            {
                case CancelOutcome.Requested: return "requested";
                case CancelOutcome.AlreadyStopping: return "already-stopping";
                case CancelOutcome.AlreadyFinished: return "already-finished";
                default: throw new ArgumentOutOfRangeException(nameof(value));
            }
        }
    }

    /// <summary>The contract's <c>cancellation</c>.</summary>
    public sealed class Cancellation
    {
        /// <summary>Makes a Cancellation. What may be absent may be left out.</summary>
        public Cancellation(
            CancelOutcome outcome,
            string message)
        {
            Outcome = outcome;
            Message = message ?? throw new ArgumentNullException("message");
        }

        /// <summary>The outcome of the cancellation.</summary>
        public CancelOutcome Outcome { get; }

        /// <summary>For a person.</summary>
        public string Message { get; }

        internal static Cancellation Read(Json json)
        {
            return new Cancellation(
                outcome: CancelOutcomeWord.Read(json["outcome"]),
                message: json["message"].Text ?? "");
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("outcome", CancelOutcomeWord.Of(Outcome));
            json.Member("message", Message);
            json.End();
        }
    }

    /// <summary>What a connection was found to be good for.</summary>
    public sealed class ConnectionReport
    {
        /// <summary>Makes a ConnectionReport. What may be absent may be left out.</summary>
        public ConnectionReport(
            string message,
            IReadOnlyList<JobAttribute> details = null)
        {
            Message = message ?? throw new ArgumentNullException("message");
            Details = Lists.Copy<JobAttribute>(details);
        }

        /// <summary>One sentence for a person.</summary>
        public string Message { get; }

        /// <summary>The details of the connection report.</summary>
        public IReadOnlyList<JobAttribute> Details { get; }

        internal static ConnectionReport Read(Json json)
        {
            return new ConnectionReport(
                message: json["message"].Text ?? "",
                details: json["details"].Attributes);
        }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            json.Member("message", Message);
            json.Attributes("details", Details);
            json.End();
        }
    }
}
