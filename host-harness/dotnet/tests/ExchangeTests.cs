using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.Tests.Stage;

namespace Polysync.JobTypes.Tests
{
    /// <summary>What is passed arrives whole, in both directions.</summary>
    public sealed class ExchangeTests : IDisposable
    {
        private readonly PluginHost host = Host();

        public void Dispose() => host.Dispose();

        public async Task Any_text_goes_to_a_plugin_and_comes_back()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            JobType jobType = slot.Connect(Order("C:\\new\n\"x\"\u00e9\ud83d\ude00\u0001\ud83d"), new Access());
            PlatformException told = await Throws<PlatformException>(jobType.TestConnectionAsync());
            // Half of a pair is no character, and the host replaces those that control a terminal.
            Equal("CommandExecuted: `C:\\new\n\"x\"\u00e9\ud83d\ude00\ufffd\ufffd` is not a command", told.Message);
        }

        public async Task A_client_of_C_sharp_sends_the_whole_request_and_its_response_is_read()
        {
            var client = new Canned(400, "{\"__type\":\"ThrottlingException\",\"message\":\"slow down\"}");
            Access access = Access(new Given(new AwsCredentials("key", "secret", "token")));
            access.HttpClient = client;
            JobType jobType = (await host.LoadAsync(SageMaker)).Connect(Connection(), access);
            PlatformException error = await Throws<PlatformException>(jobType.InspectAsync("p"));
            Equal("slow down id-1 True", error.Error.Message + " " + error.Error.RequestId + " " + error.IsRetryable);
            PluginHttpRequest sent = client.Sent[0];
            Equal("POST {\"PipelineName\":\"p\"}", sent.Method + " " + Encoding.UTF8.GetString(sent.Body));
            Equal(TimeSpan.FromSeconds(30), sent.Timeout);
            Equal(PluginHttpAddresses.Loopback, sent.Addresses);
            Equal("token", sent.Headers.Single(header => header.Key == "x-amz-security-token").Value);
        }

        public async Task A_connection_that_is_given_up_serves_the_calls_that_it_has()
        {
            var client = new Canned(203, "");
            var access = new Access { HttpClient = client, Http = { "https://a.example" } };
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            JobType jobType = slot.Connect(Order("send-in-turn 2 https://a.example/"), access);
            client.WhenAsked = jobType.Dispose;
            PlatformException told = await Throws<PlatformException>(jobType.TestConnectionAsync());
            True(told.Message.Contains("2 good"), told.Message);
        }

        public async Task A_retry_has_its_attributes_and_its_GUID()
        {
            var client = new Canned(200, "{}");
            Access access = Access();
            access.HttpClient = client;
            JobType jobType = (await host.LoadAsync(SageMaker)).Connect(Connection(), access);
            Guid guid = Guid.NewGuid();
            var run = new Run("arn:aws:sagemaker:us-east-1:123456789012:pipeline/p/execution/abcdefghijkl");
            await jobType.RetryAsync(run, guid, new[] { new JobAttribute("max-parallel-execution-steps", "2") });
            string body = Encoding.UTF8.GetString(client.Sent[0].Body);
            True(body.Contains("\"MaxParallelExecutionSteps\":2") && body.Contains(guid.ToString("D")), body);
        }

        public async Task Pages_follow_each_other()
        {
            JobType jobType = (await host.LoadAsync(Misbehaving)).Connect(Order("pages 1 1 3"), new Access());
            Equal("2", (await jobType.DiscoverAsync("1")).NextCursor);
            Equal("2", (await jobType.StepsAsync(new Run("r"), "1")).NextCursor);
        }

        public async Task A_job_is_checked_against_what_the_platform_declares()
        {
            JobType jobType = (await host.LoadAsync(SageMaker)).Connect(Connection(), Access());
            var declared = new[] { new DeclaredParameter("Needed", "String", true) };
            Equal("parameters.Needed", (await jobType.ValidateAsync(new Job("p"), declared)).Single().Field);
        }

        public async Task Credentials_say_when_they_expire()
        {
            PluginSlot slot = await host.LoadAsync(SageMaker);
            DateTimeOffset now = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(-8));
            var valid = new Given(new AwsCredentials("emulator", "emulator-secret", null, now.AddHours(1)));
            await slot.Connect(Connection(), Access(valid)).TestConnectionAsync();
            var old = new Given(new AwsCredentials("emulator", "emulator-secret", null, now.AddHours(-1)));
            JobType jobType = slot.Connect(Connection(), Access(old));
            True((await Throws<PlatformException>(jobType.TestConnectionAsync())).Message.Contains("expired"), now);
        }

        public async Task A_swap_says_which_plugin_took_over_from_which()
        {
            PluginSlot slot = await host.LoadAsync(SageMaker);
            SwapOutcome swap = await slot.SwapAsync(SageMakerNext);
            Equal("0.1.0 0.2.0", swap.From.Version + " " + swap.Serving.Version);
            True(swap.IsChanged && swap.Serving.Sha256.Length == 64, swap.Serving);
            True(!(await slot.SwapAsync(SageMakerNext)).IsChanged, "the same build");
            Equal("0.1.0", (await slot.RollbackAsync()).Serving.Version);
            await slot.RollbackToAsync(SageMakerNext);
            Equal("NothingToRollBackTo", (await Throws<PluginHostException>(slot.RollbackAsync())).Code);
            Equal("WrongDigest", (await Throws<PluginBrokenException>(host.LoadAsync(SageMaker, new string('0', 64)))).Code);
            var wrong = new Access { Http = { "nonsense" } };
            True((await Throws<PluginHostException>(slot.SetPolicyAsync(true, wrong))).Message.Contains("nonsense"), "it was taken");
        }

        public async Task A_plugin_asks_for_what_it_needs()
        {
            var asked = await (await host.LoadAsync(SageMaker)).RequestsAsync(Connection());
            True(asked.Any(it => it.Capability == "aws-signing" && it.Value == "sagemaker" && it.Refused == null), asked.Count);
            True(asked.Any(it => it.Capability == "http" && it.Value == Url && it.Refused != null), asked.Count);
        }

        private sealed class Given : IPluginCredentials
        {
            private readonly AwsCredentials credentials;

            internal Given(AwsCredentials credentials)
            {
                this.credentials = credentials;
            }

            public Task<AwsCredentials> GetAsync(CancellationToken cancellationToken) =>
                Task.FromResult(credentials);
        }

        /// <summary>Keeps what is sent, and answers each request alike.</summary>
        private sealed class Canned : IPluginHttp
        {
            private readonly int status;
            private readonly string body;
            internal readonly List<PluginHttpRequest> Sent = new List<PluginHttpRequest>();
            internal Action WhenAsked;

            internal Canned(int status, string body)
            {
                this.status = status;
                this.body = body;
            }

            public Task<PluginHttpResponse> SendAsync(
                PluginHttpRequest request, CancellationToken cancellationToken)
            {
                Sent.Add(request);
                WhenAsked?.Invoke();
                var headers = new[] { new KeyValuePair<string, string>("x-amzn-requestid", "id-1") };
                return Task.FromResult(new PluginHttpResponse(status, headers, Encoding.UTF8.GetBytes(body)));
            }
        }
    }
}
