using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.Tests.Stage;

namespace Polysync.JobTypes.Tests
{
    /// <summary>What the README shows: find jobs, start one, follow it, cancel it.</summary>
    public sealed class RunTests : IDisposable
    {
        private readonly PluginHost host = Host();

        public void Dispose() => host.Dispose();

        public async Task A_job_is_found_started_followed_and_cancelled()
        {
            PluginSlot slot = await host.LoadAsync(SageMaker);
            Equal("sagemaker-pipeline", (await slot.DescribeAsync()).Id);
            JobType jobType = slot.Connect(Connection(), Access());
            ConnectionReport report = await jobType.TestConnectionAsync();
            True(report.Message.Contains("us-east-1"), report.Message);

            DiscoveryPage page = await jobType.DiscoverAsync();
            DiscoveredJob found = page.Jobs.Single(job => job.Name == "abalone-training");
            True(found.Parameters.Count > 0, found.Parameters.Count);
            var toStart = new Job(found.ExternalId, attributes: new[] { new JobAttribute("execution-description", "from é \"C#\" \ud83d\ude00") });
            var findings = await jobType.ValidateAsync(toStart, found.Parameters);
            Equal("", string.Join("; ", findings.Select(finding => finding.Field + " " + finding.Message)));

            Guid guid = Guid.NewGuid();
            StartedRun started = await jobType.StartAsync(toStart, guid);
            Equal(started.RunId, (await jobType.StartAsync(toStart, guid)).RunId);
            var run = new Run(started.RunId, found.ExternalId);
            RunStatus status = await jobType.StatusAsync(run);
            Equal(RunState.Running, status.State);
            True(status.StartedAt.HasValue && Math.Abs((DateTimeOffset.UtcNow - status.StartedAt.Value).TotalHours) < 1, status.StartedAt);
            Equal("from é \"C#\" \ud83d\ude00", status.Message);
            True((await jobType.MonitorUrlAsync(run)).StartsWith("https://"), "no URL");
            True((await jobType.StepsAsync(run)).Steps.Count > 0, "no step");

            Equal(CancelOutcome.Requested, (await jobType.CancelAsync(run, Guid.NewGuid())).Outcome);
            while (!status.Finished)
            {
                await Task.Delay(20);
                status = await jobType.StatusAsync(run);
            }
            Equal(RunState.Cancelled, status.State);
        }

        public async Task The_log_of_a_failed_step_says_why()
        {
            PluginSlot slot = await host.LoadAsync(SageMaker);
            JobType jobType = slot.Connect(Connection(), Access());
            StartedRun started = await jobType.StartAsync(new Job("churn-training-fails"), Guid.NewGuid());
            var run = new Run(started.RunId);
            RunStatus status;
            do
            {
                await Task.Delay(20);
                status = await jobType.StatusAsync(run);
            }
            while (!status.Finished);
            Equal(RunState.Failed, status.State);
            Step step = status.FailedSteps.Single();
            True(step.HasLog, step.Name);
            LogPage log = await jobType.LogsAsync(run, step.Name, LogPosition.Last(50));
            True(log.Lines.Any(line => line.Message.Contains("Traceback")), log.Lines.Count);
            LogPage after = await jobType.LogsAsync(run, step.Name, LogPosition.After(log.Cursor));
            Equal(0, after.Lines.Count);
            Equal(2, (await jobType.LogsAsync(run, step.Name, LogPosition.Last(2))).Lines.Count);
            Equal(log.Lines.Count, (await jobType.LogsAsync(run, step.Name, LogPosition.Oldest)).Lines.Count);
        }

        public async Task The_states_of_many_runs_have_an_outcome_each()
        {
            PluginSlot slot = await host.LoadAsync(SageMaker);
            JobType jobType = slot.Connect(Connection(), Access());
            StartedRun started = await jobType.StartAsync(new Job("abalone-training"), Guid.NewGuid());
            var outcomes = await jobType.StatusesAsync(new[] { new Run(started.RunId), new Run("not one") });
            True(outcomes[0].Status != null && outcomes[0].Error == null, outcomes[0].Error);
            Equal("InvalidRunId", outcomes[1].Error.Code);
            Equal(ErrorClass.Invalid, ((PlatformException)outcomes[1].Error).Class);
        }

        public async Task Credentials_are_asked_of_C_sharp_once_and_kept()
        {
            var credentials = new EmulatorsCredentials();
            PluginSlot slot = await host.LoadAsync(SageMaker);
            JobType jobType = slot.Connect(Connection(), Access(credentials));
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => jobType.TestConnectionAsync()));
            Equal(1, credentials.Asked);
        }

        public async Task The_platforms_error_has_its_class_its_code_and_its_hint()
        {
            PluginSlot slot = await host.LoadAsync(SageMaker);
            JobType jobType = slot.Connect(Connection(), Access());
            PlatformException error = await Throws<PlatformException>(jobType.InspectAsync("no-such-pipeline"));
            Equal(ErrorClass.NotFound, error.Class);
            Equal("ResourceNotFound", error.Code);
            True(error.Hint.Length > 0 && !error.IsRetryable, error.Hint);
            Equal("sagemaker-pipeline", error.Plugin.Id);
        }

        public async Task A_provider_that_fails_is_a_denial_and_its_words_go_to_the_log_alone()
        {
            var lines = new Lines();
            using (PluginHost logging = Host(options => options.Log = lines.Add))
            {
                PluginSlot slot = await logging.LoadAsync(SageMaker);
                JobType jobType = slot.Connect(Connection(), Access(new FailingCredentials()));
                PlatformException error = await Throws<PlatformException>(jobType.TestConnectionAsync());
                Equal(ErrorClass.Denied, error.Class);
                True(!error.ToString().Contains("sealed"), error);
                lines.WaitFor("InvalidOperationException: the vault is sealed");
            }
        }

        private sealed class FailingCredentials : IPluginCredentials
        {
            public Task<AwsCredentials> GetAsync(CancellationToken cancellationToken)
            {
                throw new InvalidOperationException("the vault is sealed");
            }
        }
    }
}
