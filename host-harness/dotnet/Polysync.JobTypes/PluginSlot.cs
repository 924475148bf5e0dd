using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.NativeMethods;

namespace Polysync.JobTypes
{
    /// <summary>
    /// Serves one job type by a plugin that can be swapped while calls are under way: those finish on the code that
    /// they began on, and calls that begin afterwards get the new code.
    /// </summary>
    public sealed class PluginSlot : IDisposable
    {
        private readonly PluginHost host;
        private readonly PluginHandle handle;
        private Task told = Task.FromResult(true);

        internal PluginSlot(PluginHost host, PluginHandle handle)
        {
            this.host = host;
            this.handle = handle;
            host.Events.AddSlot(handle.Number, this);
        }

        /// <summary>
        /// A watched file has changed, and its plugin has taken over. Raised on the thread pool, in order; what a
        /// handler throws is logged.
        /// </summary>
        public event EventHandler<SwappedEventArgs> Swapped;

        /// <summary>A watched file has changed, and its plugin can't take over. Raised on the thread pool.</summary>
        public event EventHandler<SwapRefusedEventArgs> SwapRefused;

        /// <summary>What the plugin that serves says of itself.</summary>
        public Task<Description> DescribeAsync(CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(new Request("describe"), Description.Read, cancellationToken);

        /// <summary>What the plugin asks to be granted for a connection. Nothing of it is granted by being asked.</summary>
        public Task<IReadOnlyList<PluginRequest>> RequestsAsync(
            Connection connection, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                new Request("requests", json => { json.Name("connection"); Arguments.NotNull(connection, nameof(connection)).Write(json); }),
                answer => answer.List(item => new PluginRequest(item)),
                cancellationToken);

        /// <summary>Lets another plugin take over, once everything that can fail is done.</summary>
        /// <exception cref="PluginBrokenException">It can't take over, and the one that serves goes on.</exception>
        public Task<SwapOutcome> SwapAsync(
            string file, string sha256 = null, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(WithSource("swap", file, sha256), answer => new SwapOutcome(answer), cancellationToken);

        /// <summary>Goes back to the plugin before.</summary>
        public Task<SwapOutcome> RollbackAsync(CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(new Request("rollback"), answer => new SwapOutcome(answer), cancellationToken);

        /// <summary>Goes back to a build that was kept elsewhere. It takes over whatever it asks for.</summary>
        public Task<SwapOutcome> RollbackToAsync(
            string file, string sha256 = null, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(WithSource("rollback-to", file, sha256), answer => new SwapOutcome(answer), cancellationToken);

        /// <summary>The generations that serve or have calls under way.</summary>
        public Task<IReadOnlyList<PluginGeneration>> GenerationsAsync(
            CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                new Request("generations"),
                answer => answer.List(item => new PluginGeneration(item)),
                cancellationToken);

        /// <summary>
        /// What happens at a swap to a plugin that asks for more than its connections are granted: it is refused, as at
        /// first, or takes over without it. <paramref name="granted"/> has what the slot's connections are granted by
        /// now; only its Http and AwsSigning count.
        /// </summary>
        public Task SetPolicyAsync(
            bool swapWhenNeedsGrow, Access granted, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                new Request("policy", json =>
                {
                    json.Member("whenNeedsGrow", swapWhenNeedsGrow ? "swap" : "refuse");
                    (granted ?? new Access()).WriteGrants(json, "granted");
                }),
                answer => true,
                cancellationToken);

        /// <summary>Swaps the plugin whenever this file changes.</summary>
        public Task WatchAsync(string file, CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(
                new Request("watch", json => json.Member("file", Arguments.NotNull(file, nameof(file)))),
                answer => true,
                cancellationToken);

        /// <summary>Ends the watch.</summary>
        public Task UnwatchAsync(CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(new Request("unwatch"), answer => true, cancellationToken);

        /// <summary>
        /// The job type on behalf of a connection. Keep it for as long as the connection is in use; it goes on after the
        /// slot is disposed. Without an access it reaches nothing.
        /// </summary>
        public JobType Connect(Connection connection, Access access)
        {
            Arguments.NotNull(connection, nameof(connection));
            handle.CheckOpen();
            return new JobType(host, handle.Number, connection, access ?? new Access());
        }

        /// <summary>Gives the slot up. Calls that are under way end by themselves.</summary>
        public void Dispose()
        {
            host.Events.RemoveSlot(handle.Number);
            handle.Dispose();
        }

        internal Task<SwapOutcome> LoadAsync(string file, string sha256, CancellationToken cancellationToken) =>
            CallAsync(WithSource("load", file, sha256), answer => new SwapOutcome(answer), cancellationToken);

        private static Request WithSource(string call, string file, string sha256)
        {
            Arguments.NotNull(file, nameof(file));
            return new Request(call, json =>
            {
                json.Name("source");
                json.Begin();
                json.Member("file", file);
                json.Member("sha256", sha256);
                json.End();
            });
        }

        private Task<T> CallAsync<T>(Request request, Func<Json, T> read, CancellationToken cancellationToken) =>
            host.CallAsync(handle, null, request, read, cancellationToken);

        internal void Watched(Json e)
        {
            // One after the other, in their order.
            told = told.ContinueWith(_ =>
            {
                if (e["event"].Text == "swapped")
                {
                    Raise(Swapped, new SwappedEventArgs(new SwapOutcome(e)));
                }
                else
                {
                    Raise(SwapRefused, new SwapRefusedEventArgs(JobTypeException.Read(e["error"], e["plugin"])));
                }
            }, TaskScheduler.Default);
        }

        /// <summary>Calls each handler, whatever the others throw.</summary>
        private void Raise<T>(EventHandler<T> handlers, T arguments)
        {
            foreach (Delegate handler in handlers?.GetInvocationList() ?? new Delegate[0])
            {
                try
                {
                    ((EventHandler<T>)handler)(this, arguments);
                }
                catch (Exception exception)
                {
                    host.Events.Log("a handler of a swap failed", exception);
                }
            }
        }
    }

    /// <summary>What a swap, a rollback or the loading came to.</summary>
    public sealed class SwapOutcome
    {
        internal SwapOutcome(Json json)
        {
            From = PluginIdentity.Read(json["from"]);
            Serving = PluginIdentity.Read(json["to"].IsNull ? json["plugin"] : json["to"]);
            Missing = json["missing"].List(item => new PluginRequest(item));
        }

        /// <summary>The plugin that only finishes its calls; null where none was replaced.</summary>
        public PluginIdentity From { get; }

        /// <summary>Whether another plugin serves than before: not where it is the same build.</summary>
        public bool IsChanged => From != null;

        /// <summary>The plugin that serves.</summary>
        public PluginIdentity Serving { get; }

        /// <summary>What it asks for and isn't granted. It is denied.</summary>
        public IReadOnlyList<PluginRequest> Missing { get; }
    }

    /// <summary>A generation that serves or has calls under way.</summary>
    public sealed class PluginGeneration
    {
        internal PluginGeneration(Json json)
        {
            Plugin = PluginIdentity.Read(json["plugin"]);
            Calls = json["calls"].Number ?? 0;
        }

        /// <summary>The plugin.</summary>
        public PluginIdentity Plugin { get; }

        /// <summary>Its calls that are under way.</summary>
        public long Calls { get; }
    }

    /// <summary>Something that a plugin asks for.</summary>
    public sealed class PluginRequest
    {
        internal PluginRequest(Json json)
        {
            Capability = json["capability"].Text ?? "";
            Value = json["value"].Text ?? "";
            Refused = json["refused"].Text;
        }

        /// <summary>http or aws-signing.</summary>
        public string Capability { get; }

        /// <summary>An origin, or the signing name of a service.</summary>
        public string Value { get; }

        /// <summary>Why it can't be granted because a plugin asks; null where it can.</summary>
        public string Refused { get; }
    }

    /// <summary>A plugin has taken over.</summary>
    public sealed class SwappedEventArgs : EventArgs
    {
        internal SwappedEventArgs(SwapOutcome outcome)
        {
            Outcome = outcome;
        }

        /// <summary>Which from which.</summary>
        public SwapOutcome Outcome { get; }
    }

    /// <summary>A plugin can't take over. The one that serves goes on.</summary>
    public sealed class SwapRefusedEventArgs : EventArgs
    {
        internal SwapRefusedEventArgs(JobTypeException why)
        {
            Why = why;
        }

        /// <summary>Why.</summary>
        public JobTypeException Why { get; }
    }
}
