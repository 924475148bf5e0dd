using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polysync.JobTypes;

/// <summary>
/// A minimal orchestrator: starts every job that a connection has, follows all runs with one call a round, and
/// swaps its plugin whenever the file changes, while runs are under way.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 3)
        {
            Console.Error.WriteLine("usage: dotnet-host COMPONENT REGION ENDPOINT");
            return 2;
        }
        try
        {
            return Serve(arguments[0], new Connection(arguments[1], arguments[2])).GetAwaiter().GetResult();
        }
        catch (JobTypeException exception)
        {
            Console.Error.WriteLine("error: " + exception.Message);
            Console.Error.WriteLine("hint: " + exception.Hint);
            return 1;
        }
    }

    private static async Task<int> Serve(string component, Connection connection)
    {
        using (var host = new PluginHost(new PluginHostOptions { Log = Say, LogLevel = PluginLogLevel.Warning }))
        {
            PluginSlot slot = await host.LoadAsync(component);
            Description description = await slot.DescribeAsync();
            Console.WriteLine(description.Name + " " + description.Version);

            var access = new Access { Credentials = new Environment() };
            foreach (PluginRequest request in await slot.RequestsAsync(connection))
            {
                Grant(access, request, connection);
            }
            JobType jobType = slot.Connect(connection, access);

            slot.Swapped += (sender, e) => Console.WriteLine("swapped: " + e.Outcome.Serving);
            slot.SwapRefused += (sender, e) => Console.WriteLine("not swapped: " + e.Why.Message);
            await slot.WatchAsync(component);
            return await Run(jobType);
        }
    }

    /// <summary>Grants what the plugin asks for on this endpoint. A real host asks its operator.</summary>
    private static void Grant(Access access, PluginRequest request, Connection connection)
    {
        bool isEndpoint = request.Capability == "http"
            && Uri.Compare(new Uri(connection.Endpoint), new Uri(request.Value), UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.Ordinal) == 0;
        if (isEndpoint)
        {
            access.Http.Add(request.Value);
        }
        if (request.Capability == "aws-signing")
        {
            access.AwsSigning.Add(request.Value);
        }
        Console.WriteLine("needs " + request.Capability + " " + request.Value);
    }

    private static async Task<int> Run(JobType jobType)
    {
        // A job whose parameters all have values can be started as it is.
        var jobs = (await Discover(jobType)).Where(job => job.Parameters.All(parameter => !parameter.Required)).ToList();
        var runs = (await Task.WhenAll(jobs.Select(job => Start(jobType, job)))).Where(run => run != null).ToList();
        int failed = jobs.Count - runs.Count;
        while (runs.Count > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var outcomes = await jobType.StatusesAsync(runs);
            for (int i = outcomes.Count - 1; i >= 0; i--)
            {
                RunStatus status = outcomes[i].Status;
                JobTypeException error = outcomes[i].Error;
                if (error != null && !error.IsRetryable)
                {
                    Console.WriteLine(runs[i].ExternalId + " can't be followed: " + error.Message);
                    failed++;
                    runs.RemoveAt(i);
                    continue;
                }
                if (status == null || !status.Finished)
                {
                    continue;
                }
                Console.WriteLine(runs[i].ExternalId + ": " + status.State + (status.Message == null ? "" : ": " + status.Message));
                failed += status.State == RunState.Success ? 0 : 1;
                runs.RemoveAt(i);
            }
        }
        return failed == 0 ? 0 : 1;
    }

    private static async Task<List<DiscoveredJob>> Discover(JobType jobType)
    {
        var jobs = new List<DiscoveredJob>();
        string cursor = null;
        do
        {
            DiscoveryPage page = await jobType.DiscoverAsync(cursor);
            jobs.AddRange(page.Jobs);
            cursor = page.NextCursor;
        }
        while (cursor != null);
        return jobs;
    }

    private static async Task<Run> Start(JobType jobType, DiscoveredJob job)
    {
        try
        {
            // A host that keeps runs over a restart stores the GUID before it calls.
            StartedRun started = await jobType.StartAsync(new Job(job.ExternalId), Guid.NewGuid());
            Console.WriteLine("started " + job.Name);
            return new Run(started.RunId, job.ExternalId);
        }
        catch (JobTypeException exception)
        {
            Console.WriteLine(job.Name + " isn't started: " + exception.Message);
            return null;
        }
    }

    private static void Say(PluginLogLine line) => Console.Error.WriteLine(line.Level + ": " + line.Message);

    /// <summary>Credentials from the environment. A real host has them from its vault.</summary>
    private sealed class Environment : IPluginCredentials
    {
        public Task<AwsCredentials> GetAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new AwsCredentials(Value("AWS_ACCESS_KEY_ID"), Value("AWS_SECRET_ACCESS_KEY")));

        private static string Value(string name) =>
            System.Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException(name + " isn't set");
    }
}
