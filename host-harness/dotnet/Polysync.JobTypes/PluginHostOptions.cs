using System;

namespace Polysync.JobTypes
{
    /// <summary>How a host is set up. What isn't given is as the host recommends.</summary>
    public sealed class PluginHostOptions
    {
        /// <summary>
        /// An absolute folder for compiled plugins, so that one that was compiled once loads in milliseconds. The
        /// host makes it private, and refuses one that others can write to.
        /// </summary>
        public string Cache { get; set; }

        /// <summary>
        /// Gets each line that a plugin or the host logs, one after the other, on a thread of its own. Lines that come
        /// faster than it takes them are dropped beyond 10,000, and a line says how many. What it throws is ignored.
        /// </summary>
        public Action<PluginLogLine> Log { get; set; }

        /// <summary>The least level of those lines.</summary>
        public PluginLogLevel LogLevel { get; set; } = PluginLogLevel.Information;

        /// <summary>
        /// Gets each call when it has ended, for the host's metrics: on the thread pool, before the call's task ends, which
        /// waits for it. What it throws is logged.
        /// </summary>
        public Action<PluginCall> CallEnded { get; set; }

        /// <summary>Threads that run plugins; as many as there are processors if null.</summary>
        public int? Threads { get; set; }

        /// <summary>What plugins may use up, where the recommended limits don't suit.</summary>
        public PluginLimits Limits { get; } = new PluginLimits();

        internal byte[] ToUtf8()
        {
            var json = new JsonWriter();
            json.Begin();
            if (Cache != null)
            {
                json.Member("cache", Cache);
            }
            json.Member("log", PluginLogLine.Word(Log == null ? PluginLogLevel.None : LogLevel));
            if (Threads.HasValue)
            {
                json.Member("threads", Threads.Value);
            }
            json.Name("limits");
            Limits.Write(json);
            json.End();
            return json.ToUtf8();
        }
    }
}
