using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.NativeMethods;

namespace Polysync.JobTypes
{
    /// <summary>
    /// Takes the events of a host on a thread of its own, and gives each to whom it is for. The library never calls
    /// into .NET, so no code of .NET runs on a stack that a plugin runs on.
    /// </summary>
    internal sealed class HostEvents
    {
        private const long WaitMilliseconds = 1000;

        private readonly ulong host;
        private readonly LogLines log;
        private readonly object gate = new object();
        private readonly Dictionary<ulong, Action<Json>> calls = new Dictionary<ulong, Action<Json>>();
        private readonly Dictionary<string, Connected> connections = new Dictionary<string, Connected>();
        private readonly Dictionary<long, CancellationTokenSource> questions = new Dictionary<long, CancellationTokenSource>();

        // Weak, so that a slot that nobody refers to any more is collected, and with it its host.
        private readonly Dictionary<ulong, WeakReference<PluginSlot>> slots =
            new Dictionary<ulong, WeakReference<PluginSlot>>();

        private readonly TaskCompletionSource<bool> closed =
            new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        internal HostEvents(ulong host, Action<PluginLogLine> log)
        {
            this.host = host;
            this.log = new LogLines(log);
            Threads.Start("polysync-events", Take);
        }

        /// <summary>Ends when the host is closed.</summary>
        internal Task Closed => closed.Task;

        /// <summary>Begins a call. Its end is given to <paramref name="end"/>, also where it comes at once.</summary>
        internal ulong Begin(PluginHandle handle, byte[] request, string connection, Action<Json> end)
        {
            lock (gate)
            {
                ulong call;
                NativeText error;
                Status status = ps_call(handle.Number, request, (UIntPtr)request.Length, out call, out error);
                // Else the handle could be collected, and closed, before the call has begun.
                GC.KeepAlive(handle);
                Check(status, error);
                Connected connected;
                if (connection != null && connections.TryGetValue(connection, out connected))
                {
                    connected.Calls++;
                }
                calls.Add(call, e =>
                {
                    Ended(connection);
                    end(e);
                });
                return call;
            }
        }

        private void Ended(string connection)
        {
            lock (gate)
            {
                Connected connected;
                if (connection != null && connections.TryGetValue(connection, out connected) && --connected.Calls == 0)
                {
                    Forget(connection, connected);
                }
            }
        }

        private void Forget(string name, Connected connected)
        {
            if (connected.IsClosed && connected.Calls == 0)
            {
                connections.Remove(name);
            }
        }

        /// <summary>Whom to ask about the connection of this name.</summary>
        internal void AddConnection(string name, Access access)
        {
            lock (gate)
            {
                connections[name] = new Connected(access);
            }
        }

        /// <summary>Forgets a connection when the last of its calls has ended.</summary>
        internal void RemoveConnection(string name)
        {
            lock (gate)
            {
                Connected connected;
                if (connections.TryGetValue(name, out connected))
                {
                    connected.IsClosed = true;
                    Forget(name, connected);
                }
            }
        }

        /// <summary>Whom to tell what a slot's watch does.</summary>
        internal void AddSlot(ulong number, PluginSlot slot)
        {
            lock (gate)
            {
                slots[number] = new WeakReference<PluginSlot>(slot);
            }
        }

        internal void RemoveSlot(ulong slot)
        {
            lock (gate)
            {
                slots.Remove(slot);
            }
        }

        private void Take()
        {
            while (true)
            {
                NativeText text;
                Status status = ps_next(host, WaitMilliseconds, out text);
                string json = text.Take();
                if (status == Status.Ok)
                {
                    TryGive(json);
                }
                else if (status != Status.Timeout)
                {
                    End();
                    return;
                }
            }
        }

        /// <summary>What a handler throws is its own, and doesn't end the thread that serves all others.</summary>
        private void TryGive(string json)
        {
            try
            {
                Give(Json.Parse(json));
            }
            catch (Exception exception)
            {
                log.Add("an event of the library can't be handled", exception);
            }
        }

        private void Give(Json e)
        {
            switch (e["event"].Text)
            {
                case "answer":
                case "error":
                    Found(calls, (ulong)(e["call"].Number ?? 0), true)?.Invoke(e);
                    break;
                case "credentials-asked":
                    Ask(e, GetCredentials);
                    break;
                case "http-asked":
                    Ask(e, Send);
                    break;
                case "withdrawn":
                    Cancel(Found(questions, e["question"].Number ?? 0, true));
                    break;
                case "swapped":
                case "swap-refused":
                    PluginSlot slot = null;
                    Found(slots, (ulong)(e["slot"].Number ?? 0), false)?.TryGetTarget(out slot);
                    slot?.Watched(e);
                    break;
                case "log":
                    log.Add(new PluginLogLine(e));
                    break;
                case "log-dropped":
                    log.AddDropped(e["count"].Number ?? 0);
                    break;
            }
        }

        private TValue Found<TKey, TValue>(Dictionary<TKey, TValue> all, TKey key, bool remove)
        {
            lock (gate)
            {
                TValue found;
                if (all.TryGetValue(key, out found) && remove)
                {
                    all.Remove(key);
                }
                return found;
            }
        }

        /// <summary>Logs what a handler of the host has thrown.</summary>
        internal void Log(string message, Exception exception) => log.Add(message, exception);

        /// <summary>Answers a question on the thread pool, whatever becomes of the answer.</summary>
        private void Ask(Json e, Func<Access, Json, CancellationToken, Task<byte[]>> answer)
        {
            long question = e["question"].Number ?? 0;
            Access access = Found(connections, e["connection"].Text ?? "", false)?.Access;
            var cancel = new CancellationTokenSource();
            lock (gate)
            {
                questions[question] = cancel;
            }
            Task.Run(async () =>
            {
                byte[] given;
                try
                {
                    given = access == null ? Failure("the connection is gone") : await answer(access, e, cancel.Token).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    bool isHttp = e["event"].Text == "http-asked";
                    if (!cancel.IsCancellationRequested)
                    {
                        Log(isHttp ? "the host's HTTP client failed" : "the host's credentials provider failed", exception);
                    }
                    given = isHttp ? Broken(exception) : Failure(exception.Message);
                }
                Found(questions, question, true);
                NativeText error;
                ps_answer(host, (ulong)question, given, (UIntPtr)given.Length, out error);
                error.Take();
            });
        }

        private static async Task<byte[]> GetCredentials(Access access, Json e, CancellationToken cancellationToken)
        {
            Task<AwsCredentials> asked = access.Credentials.GetAsync(cancellationToken);
            AwsCredentials credentials = asked == null ? null : await asked.ConfigureAwait(false);
            return credentials == null ? Failure("the provider gave null") : credentials.ToUtf8();
        }

        private static async Task<byte[]> Send(Access access, Json e, CancellationToken cancellationToken)
        {
            var request = new PluginHttpRequest(e);
            Task<PluginHttpResponse> sent = access.HttpClient.SendAsync(request, cancellationToken);
            PluginHttpResponse response = sent == null ? null : await sent.ConfigureAwait(false);
            return response == null ? throw new InvalidOperationException("the client gave null") : response.ToUtf8();
        }

        /// <summary>Tells a provider that nobody waits for it. Its code runs on the pool: it may throw, or wait.</summary>
        private static void Cancel(CancellationTokenSource question)
        {
            if (question == null)
            {
                return;
            }
            Task.Run(() =>
            {
                try
                {
                    question.Cancel();
                }
                catch (Exception)
                {
                    // What a provider throws when it is cancelled concerns nobody.
                }
            });
        }

        private static byte[] Failure(string message)
        {
            var json = new JsonWriter();
            json.Begin();
            json.Member("error", message);
            json.End();
            return json.ToUtf8();
        }

        private static byte[] Broken(Exception exception)
        {
            var json = new JsonWriter();
            json.Begin();
            json.Name("error");
            json.Begin();
            var known = exception as PluginHttpException;
            json.Member("kind", (known?.Kind ?? PluginHttpFailure.Protocol).ToString().ToLowerInvariant());
            // The plugin gets it: what else is thrown may name a proxy and its password.
            json.Member("message", known?.Message ?? "the host's HTTP client failed");
            json.End();
            json.End();
            return json.ToUtf8();
        }

        /// <summary>Ends what would wait for ever.</summary>
        private void End()
        {
            List<Action<Json>> left;
            List<CancellationTokenSource> open;
            lock (gate)
            {
                left = new List<Action<Json>>(calls.Values);
                open = new List<CancellationTokenSource>(questions.Values);
                calls.Clear();
                questions.Clear();
            }
            open.ForEach(Cancel);
            Json gone = Json.Parse(
                "{\"event\":\"error\",\"error\":{\"class\":\"host\",\"code\":\"HostClosed\",\"message\":\"the host is closed\",\"hint\":\"\"}}");
            left.ForEach(end => end(gone));
            log.Close();
            closed.TrySetResult(true);
        }

        /// <summary>A connection, as long as it or one of its calls is there.</summary>
        private sealed class Connected
        {
            internal readonly Access Access;
            internal int Calls;
            internal bool IsClosed;

            internal Connected(Access access)
            {
                Access = access;
            }
        }
    }
}
