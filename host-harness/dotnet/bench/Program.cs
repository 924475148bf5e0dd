using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Polysync.JobTypes.Bench
{
    /// <summary>Measures a status from C#: reads one command a line, and answers each with one line.</summary>
    internal static class Program
    {
        private static int Main(string[] arguments)
        {
            var began = Stopwatch.StartNew();
            using (var host = new PluginHost(new PluginHostOptions { Cache = arguments[1] }))
            {
                PluginSlot slot = host.LoadAsync(arguments[0]).GetAwaiter().GetResult();
                Console.WriteLine(Number(began.Elapsed.TotalMilliseconds));
                string line;
                while ((line = Console.ReadLine()) != null)
                {
                    Console.WriteLine(Number(Measure(slot, line.Split(' ')).GetAwaiter().GetResult()));
                }
            }
            return 0;
        }

        private static string Number(double number) => number.ToString("F3", CultureInfo.InvariantCulture);

        /// <summary>in-csharp CALLS RUN BODY-IN-BASE64, or alone or in-flight CALLS RUN ENDPOINT.</summary>
        private static Task<double> Measure(PluginSlot slot, string[] words)
        {
            int calls = int.Parse(words[1], CultureInfo.InvariantCulture);
            var run = new Run(words[2], "churn-training");
            switch (words[0])
            {
                case "in-csharp": return InCSharp(slot, calls, run, Convert.FromBase64String(words[3]));
                case "alone": return Alone(slot, calls, run, words[3]);
                default: return InFlight(slot, calls, run, words[3]);
            }
        }

        /// <summary>Microseconds of processor time for a call whose request C# answers.</summary>
        private static async Task<double> InCSharp(PluginSlot slot, int calls, Run run, byte[] body)
        {
            Access access = Access("https://api.sagemaker.eu-central-1.amazonaws.com");
            access.HttpClient = new Memory(body);
            using (JobType jobType = slot.Connect(new Connection("eu-central-1"), access))
            {
                return await ProcessorTime(jobType, calls, run);
            }
        }

        /// <summary>Microseconds of processor time for a call whose request the library sends.</summary>
        private static async Task<double> Alone(PluginSlot slot, int calls, Run run, string endpoint)
        {
            using (JobType jobType = slot.Connect(new Connection("eu-central-1", endpoint), Access(endpoint)))
            {
                return await ProcessorTime(jobType, calls, run);
            }
        }

        private static async Task<double> ProcessorTime(JobType jobType, int calls, Run run)
        {
            await jobType.StatusAsync(run);
            Process process = Process.GetCurrentProcess();
            TimeSpan before = process.TotalProcessorTime;
            for (int i = 0; i < calls; i++)
            {
                await jobType.StatusAsync(run);
            }
            process.Refresh();
            return (process.TotalProcessorTime - before).TotalMilliseconds * 1000 / calls;
        }

        /// <summary>Calls a second, with 64 in flight.</summary>
        private static async Task<double> InFlight(PluginSlot slot, int calls, Run run, string endpoint)
        {
            using (JobType jobType = slot.Connect(new Connection("eu-central-1", endpoint), Access(endpoint)))
            {
                await jobType.StatusAsync(run);
                int left = calls;
                var watch = Stopwatch.StartNew();
                await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
                {
                    while (Interlocked.Decrement(ref left) >= 0)
                    {
                        await jobType.StatusAsync(run);
                    }
                }));
                return calls / watch.Elapsed.TotalSeconds;
            }
        }

        private static Access Access(string origin)
        {
            var access = new Access { Credentials = new Keys() };
            access.Http.Add(origin);
            access.AwsSigning.Add("sagemaker");
            return access;
        }

        private sealed class Keys : IPluginCredentials
        {
            public Task<AwsCredentials> GetAsync(CancellationToken cancellationToken) =>
                Task.FromResult(new AwsCredentials(
                    "AKIDBENCHMARK", "secret-of-the-benchmark-forty-characters"));
        }

        private sealed class Memory : IPluginHttp
        {
            private static readonly KeyValuePair<string, string>[] Headers =
            {
                new KeyValuePair<string, string>("content-type", "application/x-amz-json-1.1"),
            };

            private readonly byte[] body;

            internal Memory(byte[] body)
            {
                this.body = body;
            }

            public Task<PluginHttpResponse> SendAsync(PluginHttpRequest request, CancellationToken cancellationToken) =>
                Task.FromResult(new PluginHttpResponse(200, Headers, body));
        }
    }
}
