using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Polysync.JobTypes.Tests
{
    /// <summary>Where the platform and the components are, and what most tests begin with.</summary>
    internal static class Stage
    {
        private static readonly Dictionary<string, string> Given = new Dictionary<string, string>();

        /// <summary>The emulator's URL.</summary>
        internal static string Url => Given["url"];

        internal static string SageMaker => Given["sagemaker"];

        internal static string SageMakerNext => Given["sagemaker-next"];

        internal static string Glue => Given["glue"];

        internal static string Misbehaving => Given["misbehaving"];

        /// <summary>A folder for compiled plugins.</summary>
        internal static string Cache => Given["cache"];

        /// <summary>Reads NAME=VALUE, separated by semicolons.</summary>
        internal static void Read(string[] arguments)
        {
            foreach (string pair in arguments[0].Split(';'))
            {
                int end = pair.IndexOf('=');
                Given[pair.Substring(0, end)] = pair.Substring(end + 1);
            }
        }

        internal static PluginHost Host(Action<PluginHostOptions> set = null)
        {
            var options = new PluginHostOptions { Cache = Cache };
            set?.Invoke(options);
            return new PluginHost(options);
        }

        /// <summary>Everything that the emulator needs, with credentials from C#.</summary>
        internal static Access Access(IPluginCredentials credentials = null)
        {
            var access = new Access { Credentials = credentials ?? new EmulatorsCredentials() };
            access.Http.Add(Url);
            access.AwsSigning.Add("sagemaker");
            access.AwsSigning.Add("logs");
            return access;
        }

        internal static Connection Connection() => new Connection("us-east-1", Url);

        /// <summary>A connection that makes the misbehaving plugin do this.</summary>
        internal static Connection Order(string order) =>
            new Connection("r", attributes: new[] { new JobAttribute("order", order) });

        internal static void Equal<T>(T expected, T found)
        {
            if (!EqualityComparer<T>.Default.Equals(expected, found))
            {
                throw new Exception("expected " + expected + ", found " + found);
            }
        }

        internal static void True(bool condition, object found)
        {
            if (!condition)
            {
                throw new Exception("found " + found);
            }
        }

        /// <summary>The exception that a task ends with.</summary>
        internal static async Task<T> Throws<T>(Task task)
            where T : Exception
        {
            try
            {
                await task;
            }
            catch (T exception)
            {
                return exception;
            }
            throw new Exception("nothing was thrown, and not a " + typeof(T).Name);
        }
    }

    /// <summary>Credentials from C#, that count how often they are asked for.</summary>
    internal sealed class EmulatorsCredentials : IPluginCredentials
    {
        internal int Asked;

        public async Task<AwsCredentials> GetAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref Asked);
            await Task.Yield();
            return new AwsCredentials("emulator", "emulator-secret", null, DateTimeOffset.UtcNow.AddHours(1));
        }
    }

    /// <summary>Keeps log lines, which come on a thread of their own.</summary>
    internal sealed class Lines
    {
        private readonly List<PluginLogLine> lines = new List<PluginLogLine>();

        internal void Add(PluginLogLine line)
        {
            lock (lines)
            {
                lines.Add(line);
                Monitor.PulseAll(lines);
            }
        }

        /// <summary>The first line that has this text in its message or its fields, when it has come.</summary>
        internal PluginLogLine WaitFor(string text)
        {
            lock (lines)
            {
                while (true)
                {
                    foreach (PluginLogLine line in lines)
                    {
                        if ((line.Message + string.Join(" ", line.Fields.Select(field => field.Value))).Contains(text))
                        {
                            return line;
                        }
                    }
                    if (!Monitor.Wait(lines, TimeSpan.FromMinutes(1)))
                    {
                        throw new TimeoutException("no line has " + text);
                    }
                }
            }
        }
    }
}
