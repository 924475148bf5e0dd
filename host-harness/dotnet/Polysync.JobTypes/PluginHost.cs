using System;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.NativeMethods;

namespace Polysync.JobTypes
{
    /// <summary>Loads plugins, and holds what they share. One is enough for a process.</summary>
    public sealed class PluginHost : IDisposable
#if NETSTANDARD2_1_OR_GREATER || NET
        , IAsyncDisposable
#endif
    {
        private readonly PluginHandle handle;
        private readonly Action<PluginCall> callEnded;

        /// <summary>Starts a host.</summary>
        /// <exception cref="PluginHostException">An option can't be used; the message says which.</exception>
        /// <exception cref="DllNotFoundException">libpolysync_host isn't where the runtime looks for libraries.</exception>
        public PluginHost(PluginHostOptions options = null)
        {
            CheckLibrary();
            options = options ?? new PluginHostOptions();
            byte[] text = options.ToUtf8();
            ulong number;
            NativeText error;
            Status status = ps_host_new(text, (UIntPtr)text.Length, out number, out error);
            Check(status, error);
            handle = new PluginHandle(number, nameof(PluginHost));
            callEnded = options.CallEnded;
            Events = new HostEvents(number, options.Log);
        }

        /// <summary>Finds out that the native library is there, and is the one that this library is for.</summary>
        private static void CheckLibrary()
        {
            uint version;
            try
            {
                version = ps_abi_version();
            }
            catch (DllNotFoundException exception)
            {
                throw new DllNotFoundException(
                    "libpolysync_host isn't found, or can't be loaded: copy it beside the program, or name its folder in "
                    + "LD_LIBRARY_PATH. " + exception.Message,
                    exception);
            }
            catch (EntryPointNotFoundException exception)
            {
                throw new NotSupportedException(
                    "libpolysync_host is another library than it has to be: " + exception.Message, exception);
            }
            if (version != AbiVersion)
            {
                throw new NotSupportedException(
                    "libpolysync_host has version " + version + " of its interface, and this library needs "
                    + AbiVersion + ": install the two of one release.");
            }
        }

        /// <summary>The version of the native library.</summary>
        public static string Version
        {
            get
            {
                CheckLibrary();
                return ps_version().Take();
            }
        }

        internal HostEvents Events { get; }

        internal ulong Number => handle.Number;

        /// <summary>Loads a plugin into a slot of its own.</summary>
        /// <param name="file">The component's file.</param>
        /// <param name="sha256">Accepts only the build with this digest, in hexadecimal digits. Any if null.</param>
        /// <param name="cancellationToken">Gives the loading up.</param>
        /// <exception cref="PluginBrokenException">It can't be loaded; the message says why.</exception>
        public async Task<PluginSlot> LoadAsync(
            string file, string sha256 = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            Arguments.NotNull(file, nameof(file));
            handle.CheckOpen();
            ulong number;
            NativeText error;
            Check(ps_slot_new(Number, out number, out error), error);
            var slot = new PluginSlot(this, new PluginHandle(number, nameof(PluginSlot)));
            try
            {
                await slot.LoadAsync(file, sha256, cancellationToken).ConfigureAwait(false);
                return slot;
            }
            catch
            {
                slot.Dispose();
                throw;
            }
        }

        /// <summary>What the calls of all plugins use at this moment.</summary>
        public Task<PluginUsage> UsageAsync(CancellationToken cancellationToken = default(CancellationToken)) =>
            CallAsync(handle, null, new Request("usage"), answer => new PluginUsage(answer), cancellationToken);

        /// <summary>
        /// Ends all calls, and frees what the host holds. The task ends when the last call has, and with it the
        /// thread of the host's events.
        /// </summary>
        public Task CloseAsync()
        {
            Dispose();
            return Events.Closed;
        }

        /// <summary>Begins to close the host. Doesn't wait.</summary>
        public void Dispose() => handle.Dispose();

#if NETSTANDARD2_1_OR_GREATER || NET
        /// <summary>Closes the host, and waits for it.</summary>
        public ValueTask DisposeAsync() => new ValueTask(CloseAsync());
#endif

        /// <summary>Makes a call, and reads its answer.</summary>
        internal async Task<T> CallAsync<T>(
            PluginHandle target, string connection, Request request, Func<Json, T> read, CancellationToken cancellationToken)
        {
            handle.CheckOpen();
            target.CheckOpen();
            cancellationToken.ThrowIfCancellationRequested();
            var ended = new TaskCompletionSource<Json>(TaskCreationOptions.RunContinuationsAsynchronously);
            ulong call = Events.Begin(target, request.Utf8, connection, e => ended.TrySetResult(e));
            ulong host = Number;
            Json end;
            using (cancellationToken.Register(() => ps_cancel(host, call)))
            {
                end = await ended.Task.ConfigureAwait(false);
            }
            // A host that nobody refers to any more is closed, and with it its calls.
            GC.KeepAlive(this);
            JobTypeException error = end["error"].IsNull ? null : JobTypeException.Read(end["error"], end["plugin"]);
            Tell(new PluginCall(request.Call, end, error));
            if (error == null)
            {
                return read(end["answer"]);
            }
            if (error is PluginHostException && error.Code == "Cancelled")
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            throw error;
        }

        private void Tell(PluginCall call)
        {
            try
            {
                callEnded?.Invoke(call);
            }
            catch (Exception exception)
            {
                // A meter that fails doesn't fail the call.
                Events.Log("the handler of CallEnded failed", exception);
            }
        }
    }

    /// <summary>What the calls of all plugins of a host use at one moment.</summary>
    public sealed class PluginUsage
    {
        internal PluginUsage(Json json)
        {
            Calls = json["calls"].Number ?? 0;
            Waiting = json["waiting"].Number ?? 0;
            Instances = json["instances"].Number ?? 0;
            Memories = json["memories"].Number ?? 0;
            Stacks = json["stacks"].Number ?? 0;
        }

        /// <summary>Calls that run.</summary>
        public long Calls { get; }

        /// <summary>Calls that wait for their turn.</summary>
        public long Waiting { get; }

        /// <summary>Instances of plugins.</summary>
        public long Instances { get; }

        /// <summary>Memories of plugins.</summary>
        public long Memories { get; }

        /// <summary>Stacks that plugins run on.</summary>
        public long Stacks { get; }
    }
}
