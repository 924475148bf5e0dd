using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.NativeMethods;

namespace Polysync.JobTypes
{
    /// <summary>
    /// A job type on behalf of one connection: the calls of the contract. Any number of threads can call it at once.
    /// </summary>
    /// <remarks>
    /// Each call fails with a <see cref="PlatformException"/> where the platform says no, with a
    /// <see cref="PluginBrokenException"/> where the plugin breaks or uses up a limit, and with an
    /// <see cref="OperationCanceledException"/> where it is cancelled. In the last two cases the platform may have done
    /// what was asked.
    /// </remarks>
    public sealed class JobType : IDisposable
    {
        private readonly PluginHost host;
        private readonly PluginHandle handle;
        private readonly string name = Guid.NewGuid().ToString("N");

        internal JobType(PluginHost host, ulong slot, Connection connection, Access access)
        {
            this.host = host;
            var json = new JsonWriter();
            json.Begin();
            json.Member("name", name);
            json.Name("connection");
            connection.Write(json);
            access.Write(json);
            json.End();
            byte[] document = json.ToUtf8();
            ulong number;
            NativeText error;
            Check(ps_connection_new(slot, document, (UIntPtr)document.Length, out number, out error), error);
            handle = new PluginHandle(number, nameof(JobType));
            host.Events.AddConnection(name, access);
        }

        /// <summary>What is wrong with a job, without asking the platform. Nothing: all is well.</summary>
        public Task<IReadOnlyList<Finding>> ValidateAsync(
            Job job,
            IReadOnlyList<DeclaredParameter> declared = null,
            CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "validate",
                json =>
                {
                    Write(json, job);
                    if (declared != null)
                    {
                        json.List("declared", Arguments.NoNulls(declared, nameof(declared)), item => item.Write(json));
                    }
                },
                answer => answer.List(Finding.Read),
                cancellationToken);

        /// <summary>Tests endpoint, credentials and permission.</summary>
        public Task<ConnectionReport> TestConnectionAsync(
            CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync("test-connection", json => { }, ConnectionReport.Read, cancellationToken);

        /// <summary>One page of the platform's jobs; the first without a cursor.</summary>
        public Task<DiscoveryPage> DiscoverAsync(
            string cursor = null, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync("discover", json => json.Member("cursor", cursor), DiscoveryPage.Read, cancellationToken);

        /// <summary>One job, as the platform knows it now.</summary>
        public Task<DiscoveredJob> InspectAsync(
            string externalId, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "inspect",
                json => json.Member("externalId", Arguments.NotNull(externalId, nameof(externalId))),
                DiscoveredJob.Read,
                cancellationToken);

        /// <summary>
        /// Starts a run. Store the GUID before: it names this wish, and is repeated only for it, after a crash or a lost
        /// answer. Without the feature idempotent-start, don't repeat it at all.
        /// </summary>
        public Task<StartedRun> StartAsync(
            Job job, Guid guid, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "start",
                json => { Write(json, job); Write(json, guid); },
                StartedRun.Read,
                cancellationToken);

        /// <summary>How a run is.</summary>
        public Task<RunStatus> StatusAsync(Run run, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync("status", json => Write(json, run), RunStatus.Read, cancellationToken);

        /// <summary>The states of many runs with few requests, in their order. Each run has its own outcome.</summary>
        public Task<IReadOnlyList<RunOutcome>> StatusesAsync(
            IReadOnlyList<Run> runs, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "statuses",
                json => json.List("runs", Arguments.NoNulls(runs, nameof(runs)), run => run.Write(json)),
                answer => answer.List(item => new RunOutcome(item)),
                cancellationToken);

        /// <summary>Asks the platform to stop a run. Each further wish has a GUID of its own.</summary>
        public Task<Cancellation> CancelAsync(
            Run run, Guid guid, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "cancel",
                json => { Write(json, run); Write(json, guid); },
                Cancellation.Read,
                cancellationToken);

        /// <summary>Runs again what failed, under the same run id.</summary>
        public Task<StartedRun> RetryAsync(
            Run run,
            Guid guid,
            IReadOnlyList<JobAttribute> attributes = null,
            CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "retry",
                json =>
                {
                    Write(json, run);
                    json.Attributes("attributes", Lists.Copy(attributes));
                    Write(json, guid);
                },
                StartedRun.Read,
                cancellationToken);

        /// <summary>One page of a run's steps; the first without a cursor.</summary>
        public Task<StepPage> StepsAsync(
            Run run, string cursor = null, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "steps",
                json => { Write(json, run); json.Member("cursor", cursor); },
                StepPage.Read,
                cancellationToken);

        /// <summary>One page of what a step's job wrote.</summary>
        public Task<LogPage> LogsAsync(
            Run run, string step, LogPosition position, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                "logs",
                json =>
                {
                    Write(json, run);
                    json.Member("step", Arguments.NotNull(step, nameof(step)));
                    json.Name("position");
                    Arguments.NotNull(position, nameof(position)).Write(json);
                },
                LogPage.Read,
                cancellationToken);

        /// <summary>The page on which a person follows the run on the platform's own site.</summary>
        public Task<string> MonitorUrlAsync(Run run, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync("monitor-url", json => Write(json, run), answer => answer.Text, cancellationToken);

        /// <summary>Forgets whom to ask about the connection.</summary>
        ~JobType() => host?.Events.RemoveConnection(name);

        /// <summary>
        /// The AWS account of the connection's credentials, as far as they tell it. Null where nothing may be signed.
        /// </summary>
        public Task<string> AccountIdAsync(CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync("account-id", json => { }, answer => answer.Text, cancellationToken);

        /// <summary>Gives the connection up. Calls that are under way end by themselves.</summary>
        public void Dispose()
        {
            host.Events.RemoveConnection(name);
            handle.Dispose();
            GC.SuppressFinalize(this);
        }

        private static void Write(JsonWriter json, Job job)
        {
            json.Name("job");
            Arguments.NotNull(job, nameof(job)).Write(json);
        }

        private static void Write(JsonWriter json, Run run)
        {
            json.Name("run");
            Arguments.NotNull(run, nameof(run)).Write(json);
        }

        private static void Write(JsonWriter json, Guid guid) =>
            json.Member("guid", Arguments.NotEmpty(guid).ToString("D"));

        private Task<T> CallAsync<T>(
            string call, Action<JsonWriter> members, Func<Json, T> read, CancellationToken cancellationToken) =>
            host.CallAsync(handle, name, new Request(call, members), read, cancellationToken);
    }

    /// <summary>What is known of one run of several: its status, or why there is none.</summary>
    public sealed class RunOutcome
    {
        internal RunOutcome(Json json)
        {
            Status = json["status"].IsNull ? null : RunStatus.Read(json["status"]);
            Error = json["error"].IsNull ? null : JobTypeException.Read(json["error"], json["plugin"]);
        }

        /// <summary>The status; null where there is an error.</summary>
        public RunStatus Status { get; }

        /// <summary>Why there is no status; null where there is one.</summary>
        public JobTypeException Error { get; }
    }
}
