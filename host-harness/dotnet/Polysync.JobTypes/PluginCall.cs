using System;

namespace Polysync.JobTypes
{
    /// <summary>A call that has ended: what a host counts and measures.</summary>
    public sealed class PluginCall
    {
        internal PluginCall(string name, Json end, JobTypeException error)
        {
            Name = name;
            Duration = TimeSpan.FromTicks((end["microseconds"].Number ?? 0) * (TimeSpan.TicksPerMillisecond / 1000));
            Plugin = PluginIdentity.Read(end["plugin"]);
            Error = error;
        }

        /// <summary>Its name in the contract, such as status or test-connection, or load, swap and so on.</summary>
        public string Name { get; }

        /// <summary>From the beginning to the end, with the time that it waited for its turn.</summary>
        public TimeSpan Duration { get; }

        /// <summary>Which plugin was called, and of which generation; null where none was.</summary>
        public PluginIdentity Plugin { get; }

        /// <summary>
        /// Why there is no answer; null where there is one. Its class makes a good label; its code is the plugin's own
        /// word, and there can be any number of them.
        /// </summary>
        public JobTypeException Error { get; }
    }
}
