using System;
using System.Collections.Generic;

namespace Polysync.JobTypes
{
    /// <summary>The level of a log line. The names are those of Microsoft.Extensions.Logging.</summary>
    public enum PluginLogLevel
    {
        /// <summary>As an option: no line.</summary>
        None,

        /// <summary>Something failed.</summary>
        Error,

        /// <summary>Something is wrong, and the work goes on.</summary>
        Warning,

        /// <summary>What an operator wants to read.</summary>
        Information,

        /// <summary>What a developer wants to read.</summary>
        Debug,

        /// <summary>Each step.</summary>
        Trace,
    }

    /// <summary>A line that a plugin or the host logged.</summary>
    public sealed class PluginLogLine
    {
        /// <summary>The library's words for the levels, in their order.</summary>
        private static readonly string[] Words = { "off", "error", "warn", "info", "debug", "trace" };

        internal PluginLogLine(Json json)
        {
            int level = Array.IndexOf(Words, json["level"].Text);
            Level = level < 0 ? PluginLogLevel.Information : (PluginLogLevel)level;
            Target = json["target"].Text ?? "";
            Message = json["message"].Text ?? "";
            Fields = json["fields"].Attributes;
        }

        internal PluginLogLine(PluginLogLevel level, string message, JobAttribute field)
        {
            Level = level;
            Target = "polysync_host::dotnet";
            Message = message;
            Fields = new[] { field };
        }

        /// <summary>The library's word for a level.</summary>
        internal static string Word(PluginLogLevel level) => Words[(int)level];

        /// <summary>How much it matters.</summary>
        public PluginLogLevel Level { get; }

        /// <summary>plugin for the lines of plugins, else the part of the host.</summary>
        public string Target { get; }

        /// <summary>The line. It has no control characters.</summary>
        public string Message { get; }

        /// <summary>
        /// What belongs to it: which plugin, which generation, which call; or, in the field exception, what the host's own
        /// code has thrown.
        /// </summary>
        public IReadOnlyList<JobAttribute> Fields { get; }
    }
}
