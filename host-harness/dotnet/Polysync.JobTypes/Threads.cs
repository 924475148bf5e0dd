using System.Threading;

namespace Polysync.JobTypes
{
    /// <summary>The library's own threads.</summary>
    internal static class Threads
    {
        /// <summary>
        /// Starts a thread that doesn't keep the process alive, and in which nothing of the caller's context is: what runs
        /// there is for all callers.
        /// </summary>
        internal static void Start(string name, ThreadStart run)
        {
            var thread = new Thread(run) { IsBackground = true, Name = name };
            if (ExecutionContext.IsFlowSuppressed())
            {
                thread.Start();
                return;
            }
            using (ExecutionContext.SuppressFlow())
            {
                thread.Start();
            }
        }
    }
}
