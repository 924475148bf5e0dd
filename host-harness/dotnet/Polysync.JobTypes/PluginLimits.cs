using System;

namespace Polysync.JobTypes
{
    /// <summary>
    /// What plugins may use up. What isn't set is as recommended; a plugin that uses up a limit is broken off, and the
    /// exception names the limit.
    /// </summary>
    public sealed class PluginLimits
    {
        /// <summary>Size of a plugin's file, in bytes. Recommended: 32 MiB.</summary>
        public long? ComponentBytes { get; set; }

        /// <summary>
        /// Calls that run at the same time. Further ones wait. Raise TotalMemoryBytes with it. Recommended: 64.
        /// </summary>
        public long? ConcurrentCalls { get; set; }

        /// <summary>
        /// How many of the ConcurrentCalls may be of one slot, in percent. A host with one slot sets 100. Recommended:
        /// 90.
        /// </summary>
        public long? SlotSharePercent { get; set; }

        /// <summary>
        /// How many of the ConcurrentCalls may be of one connection, in percent. A host with one connection sets 100.
        /// Recommended: 80.
        /// </summary>
        public long? ConnectionSharePercent { get; set; }

        /// <summary>Plugins that are loaded at the same time. Further ones wait. Recommended: 4.</summary>
        public long? ConcurrentDescribes { get; set; }

        /// <summary>Memory of a call, in bytes; at most 4 GiB. Recommended: 64 MiB.</summary>
        public long? MemoryBytes { get; set; }

        /// <summary>Memory of all calls together, in bytes. Recommended: 1 GiB.</summary>
        public long? TotalMemoryBytes { get; set; }

        /// <summary>Stack of a call, in bytes. Recommended: 1 MiB.</summary>
        public long? StackBytes { get; set; }

        /// <summary>How long a call waits for its turn among the ConcurrentCalls. Recommended: 60 s.</summary>
        public TimeSpan? WaitTimeout { get; set; }

        /// <summary>How long a call may take, with the time that it waits for its turn. Recommended: 120 s.</summary>
        public TimeSpan? CallTimeout { get; set; }

        /// <summary>What a plugin may hand over at once, in bytes. Recommended: 64 MiB.</summary>
        public long? TransferBytes { get; set; }

        /// <summary>
        /// Runs that one call of the plugin is for; StatusesAsync makes several for more. Recommended: 1,000.
        /// </summary>
        public long? RunsPerCall { get; set; }

        /// <summary>HTTP requests that a plugin may send in one call. Recommended: 2,000.</summary>
        public long? RequestsPerCall { get; set; }

        /// <summary>HTTP requests of one call that are under way at the same time. Recommended: 16.</summary>
        public long? RequestsAtOnce { get; set; }

        /// <summary>
        /// How long one HTTP request may take. A plugin may repeat one that was lost. Recommended: 30 s.
        /// </summary>
        public TimeSpan? RequestTimeout { get; set; }

        /// <summary>Size of one HTTP request, in bytes. Recommended: 2 MiB.</summary>
        public long? RequestBytes { get; set; }

        /// <summary>Size of one HTTP response, in bytes. Recommended: 8 MiB.</summary>
        public long? ResponseBytes { get; set; }

        /// <summary>
        /// Size of all responses to requests that a plugin sends together, in bytes. Recommended: 32 MiB.
        /// </summary>
        public long? SendAllBytes { get; set; }

        /// <summary>Size of all responses of one call, in bytes. Recommended: 512 MiB.</summary>
        public long? ReceivedBytesPerCall { get; set; }

        /// <summary>How long a credentials provider may take. Recommended: 30 s.</summary>
        public TimeSpan? CredentialsTimeout { get; set; }

        /// <summary>Length of a line that a plugin logs, in bytes. The rest is cut. Recommended: 8 KiB.</summary>
        public long? LogLineBytes { get; set; }

        /// <summary>Lines that a plugin may log in one call. Further ones are dropped. Recommended: 1,000.</summary>
        public long? LogLines { get; set; }

        /// <summary>
        /// Lines that all calls of a slot may log in a minute. Further ones are dropped. Recommended: 6,000.
        /// </summary>
        public long? LogLinesPerMinute { get; set; }

        internal void Write(JsonWriter json)
        {
            json.Begin();
            Write(json, "componentBytes", ComponentBytes);
            Write(json, "concurrentCalls", ConcurrentCalls);
            Write(json, "slotSharePercent", SlotSharePercent);
            Write(json, "connectionSharePercent", ConnectionSharePercent);
            Write(json, "concurrentDescribes", ConcurrentDescribes);
            Write(json, "memoryBytes", MemoryBytes);
            Write(json, "totalMemoryBytes", TotalMemoryBytes);
            Write(json, "stackBytes", StackBytes);
            Write(json, "waitTimeoutMilliseconds", WaitTimeout);
            Write(json, "callTimeoutMilliseconds", CallTimeout);
            Write(json, "transferBytes", TransferBytes);
            Write(json, "runsPerCall", RunsPerCall);
            Write(json, "requestsPerCall", RequestsPerCall);
            Write(json, "requestsAtOnce", RequestsAtOnce);
            Write(json, "requestTimeoutMilliseconds", RequestTimeout);
            Write(json, "requestBytes", RequestBytes);
            Write(json, "responseBytes", ResponseBytes);
            Write(json, "sendAllBytes", SendAllBytes);
            Write(json, "receivedBytesPerCall", ReceivedBytesPerCall);
            Write(json, "credentialsTimeoutMilliseconds", CredentialsTimeout);
            Write(json, "logLineBytes", LogLineBytes);
            Write(json, "logLines", LogLines);
            Write(json, "logLinesPerMinute", LogLinesPerMinute);
            json.End();
        }

        private static void Write(JsonWriter json, string name, long? limit)
        {
            if (limit < 0)
            {
                throw new ArgumentOutOfRangeException(name, limit, "a limit isn't negative");
            }
            if (limit.HasValue)
            {
                json.Member(name, limit);
            }
        }

        private static void Write(JsonWriter json, string name, TimeSpan? limit) =>
            Write(json, name, limit.HasValue ? (long)limit.Value.TotalMilliseconds : (long?)null);
    }
}
