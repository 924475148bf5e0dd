using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;

namespace Polysync.JobTypes
{
    /// <summary>
    /// Gives log lines to the host's handler on a thread of their own: a handler that is slow, or that waits for a call,
    /// holds up lines and nothing else.
    /// </summary>
    internal sealed class LogLines
    {
        /// <summary>Lines that wait at the most. Further ones are dropped and counted.</summary>
        private const int Most = 10000;

        private readonly Action<PluginLogLine> handler;
        private readonly Queue<PluginLogLine> waiting = new Queue<PluginLogLine>();
        private long dropped;
        private bool isClosed;

        internal LogLines(Action<PluginLogLine> handler)
        {
            this.handler = handler;
            if (handler != null)
            {
                Threads.Start("polysync-log", Give);
            }
        }

        /// <summary>Adds a line. Doesn't wait.</summary>
        internal void Add(PluginLogLine line)
        {
            lock (waiting)
            {
                if (handler == null || isClosed)
                {
                    return;
                }
                if (waiting.Count == Most)
                {
                    dropped++;
                    return;
                }
                waiting.Enqueue(line);
                Monitor.Pulse(waiting);
            }
        }

        /// <summary>Adds a line of this library about an exception of the host's code.</summary>
        internal void Add(string message, Exception exception) =>
            Add(new PluginLogLine(PluginLogLevel.Warning, message, new JobAttribute("exception", exception.ToString())));

        /// <summary>Counts lines that were dropped before they came here.</summary>
        internal void AddDropped(long count)
        {
            lock (waiting)
            {
                dropped += count;
                Monitor.Pulse(waiting);
            }
        }

        /// <summary>Ends the thread when it has given all lines.</summary>
        internal void Close()
        {
            lock (waiting)
            {
                isClosed = true;
                Monitor.Pulse(waiting);
            }
        }

        private void Give()
        {
            PluginLogLine line;
            while ((line = Next()) != null)
            {
                try
                {
                    handler(line);
                }
                catch (Exception)
                {
                    // There is nowhere to say that a logger fails.
                }
            }
        }

        /// <summary>The next line; null at the end.</summary>
        private PluginLogLine Next()
        {
            lock (waiting)
            {
                while (waiting.Count == 0 && dropped == 0 && !isClosed)
                {
                    Monitor.Wait(waiting);
                }
                if (waiting.Count > 0)
                {
                    return waiting.Dequeue();
                }
                if (dropped == 0)
                {
                    return null;
                }
                var count = new JobAttribute("count", dropped.ToString(CultureInfo.InvariantCulture));
                dropped = 0;
                return new PluginLogLine(PluginLogLevel.Warning, "log lines were dropped, because they weren't taken", count);
            }
        }
    }
}
