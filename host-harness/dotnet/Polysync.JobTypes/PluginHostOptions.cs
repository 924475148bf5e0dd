using System;
using System.Collections.Generic;

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
        /// Gets each line that a plugin or the host logs, on the thread that takes the library's events: it has to
        /// return soon, and what it throws is ignored.
        /// </summary>
        public Action<PluginLogLine> Log { get; set; }

        /// <summary>The least level of those lines: off, error, warn, info, debug or trace.</summary>
        public string LogLevel { get; set; } = "info";

        /// <summary>
        /// Gets each call when it has ended, for the host's metrics: on the thread pool, before the call's task ends. What
        /// it throws is ignored.
        /// </summary>
        public Action<PluginCall> CallEnded { get; set; }

        /// <summary>Threads that run plugins; as many as there are processors if null.</summary>
        public int? Threads { get; set; }

        /// <summary>
        /// Limits by their names in the library's documents, such as <c>callTimeoutMilliseconds</c> or
        /// <c>concurrentCalls</c>.
        /// </summary>
        public IDictionary<string, long> Limits { get; } = new Dictionary<string, long>();

        internal byte[] ToUtf8()
        {
            var json = new JsonWriter();
            json.Begin();
            if (Cache != null)
            {
                json.Member("cache", Cache);
            }
            json.Member("log", Log == null ? "off" : LogLevel);
            if (Threads.HasValue)
            {
                json.Member("threads", Threads.Value);
            }
            json.Name("limits");
            json.Begin();
            foreach (KeyValuePair<string, long> limit in Limits)
            {
                json.Member(limit.Key, limit.Value);
            }
            json.End();
            json.End();
            return json.ToUtf8();
        }
    }

    /// <summary>A line that a plugin or the host logged.</summary>
    public sealed class PluginLogLine
    {
        internal PluginLogLine(Json json)
        {
            Level = json["level"].Text ?? "";
            Target = json["target"].Text ?? "";
            Message = json["message"].Text ?? "";
            Fields = json["fields"].Attributes;
        }

        internal PluginLogLine(string level, string target, string message)
        {
            Level = level;
            Target = target;
            Message = message;
            Fields = new JobAttribute[0];
        }

        /// <summary>error, warn, info, debug or trace.</summary>
        public string Level { get; }

        /// <summary>plugin for the lines of plugins, else the part of the host.</summary>
        public string Target { get; }

        /// <summary>The line. It is clean: it has no control characters.</summary>
        public string Message { get; }

        /// <summary>What belongs to it: which plugin, which generation, which call.</summary>
        public IReadOnlyList<JobAttribute> Fields { get; }
    }
}
