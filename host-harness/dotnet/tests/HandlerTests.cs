using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.Tests.Stage;

namespace Polysync.JobTypes.Tests
{
    /// <summary>What the host's own code does when the library calls it: answers, waits, throws.</summary>
    public sealed class HandlerTests
    {
        public async Task Each_call_that_has_ended_is_told_with_its_plugin_and_its_error()
        {
            var calls = new List<PluginCall>();
            Action<PluginCall> told = call =>
            {
                calls.Add(call);
                throw new InvalidOperationException("the meter is broken");
            };
            var lines = new Lines();
            using (PluginHost host = Host(options => { options.CallEnded = told; options.Log = lines.Add; }))
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                await slot.Connect(new Connection("r"), new Access()).TestConnectionAsync();
                await Throws<PluginBrokenException>(slot.Connect(Order("trap"), new Access()).TestConnectionAsync());
                var cancel = new CancellationTokenSource();
                Task cancelled = slot.Connect(Order("loop"), new Access()).TestConnectionAsync(cancel.Token);
                cancel.Cancel();
                await Throws<OperationCanceledException>(cancelled);
            }
            Equal("load test-connection test-connection test-connection", string.Join(" ", calls.Select(call => call.Name)));
            True(calls[0].Plugin == null && calls[1].Error == null, calls[1].Error);
            Equal("misbehaving 1", calls[1].Plugin.Id + " " + calls[1].Plugin.Generation);
            True(calls[2].Error is PluginBrokenException, calls[2].Error);
            Equal("Cancelled", calls[3].Error.Code);
            True(calls.All(call => call.Duration > TimeSpan.Zero), calls.Count);
            lines.WaitFor("the meter is broken");
        }

        public async Task A_log_handler_that_waits_for_a_call_holds_up_no_call()
        {
            JobType jobType = null;
            var waited = new TaskCompletionSource<bool>();
            Action<PluginLogLine> waits = line =>
            {
                if (line.Message == "panicked at the disco")
                {
                    jobType.TestConnectionAsync().Wait();
                    waited.TrySetResult(true);
                }
            };
            using (PluginHost host = Host(options => options.Log = waits))
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                jobType = slot.Connect(new Connection("r"), new Access());
                await Throws<PluginBrokenException>(slot.Connect(Order("panic-in-words"), new Access()).TestConnectionAsync());
                await waited.Task;
            }
        }

        public async Task Lines_that_a_log_handler_does_not_take_are_dropped_and_counted()
        {
            var lines = new Lines();
            var isOver = new ManualResetEventSlim();
            Action<PluginHostOptions> slow = options =>
            {
                options.Log = line => { isOver.Wait(); lines.Add(line); };
                options.Limits.LogLines = 30000;
                options.Limits.LogLinesPerMinute = 30000;
            };
            using (PluginHost host = Host(slow))
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                await Throws<JobTypeException>(slot.Connect(Order("log-flood"), new Access()).TestConnectionAsync());
                isOver.Set();
                PluginLogLine dropped = lines.WaitFor("log lines were dropped");
                True(long.Parse(dropped.Fields.Single(field => field.Name == "count").Value) > 0, dropped.Message);
            }
        }

        public async Task What_handlers_of_swaps_throw_is_logged_and_the_next_handler_is_called()
        {
            var lines = new Lines();
            string file = Path.GetTempFileName();
            File.Copy(SageMaker, file, true);
            using (PluginHost host = Host(options => options.Log = lines.Add))
            {
                PluginSlot slot = await host.LoadAsync(file);
                var told = new TaskCompletionSource<JobTypeException>();
                slot.SwapRefused += (sender, e) => { throw new InvalidOperationException("the first handler is broken"); };
                slot.SwapRefused += (sender, e) => told.TrySetResult(e.Why);
                await slot.WatchAsync(file);
                string beside = file + ".new";
                File.Copy(Glue, beside);
                File.Delete(file);
                File.Move(beside, file);
                Equal("OtherJobType", (await told.Task).Code);
                Equal(PluginLogLevel.Warning, lines.WaitFor("the first handler is broken").Level);
            }
            File.Delete(file);
        }

        public async Task A_request_that_nobody_waits_for_is_cancelled()
        {
            foreach (bool closes in new[] { false, true })
            {
                PluginHost host = Host();
                var client = new Waiting();
                var access = new Access { HttpClient = client, Http = { "https://a.example" } };
                JobType jobType = (await host.LoadAsync(Misbehaving)).Connect(Order("send https://a.example/"), access);
                var cancel = new CancellationTokenSource();
                Task call = jobType.TestConnectionAsync(cancel.Token);
                await client.Asked.Task;
                if (closes)
                {
                    await host.CloseAsync();
                    await Throws<PluginHostException>(call);
                }
                else
                {
                    cancel.Cancel();
                    await Throws<OperationCanceledException>(call);
                }
                await client.Cancelled.Task;
                host.Dispose();
            }
        }

        private sealed class Waiting : IPluginHttp
        {
            internal readonly TaskCompletionSource<bool> Asked = new TaskCompletionSource<bool>();
            internal readonly TaskCompletionSource<bool> Cancelled = new TaskCompletionSource<bool>();

            public async Task<PluginHttpResponse> SendAsync(PluginHttpRequest request, CancellationToken cancellationToken)
            {
                cancellationToken.Register(() => Cancelled.TrySetResult(true));
                Asked.TrySetResult(true);
                await Task.Delay(-1, cancellationToken).ConfigureAwait(false);
                return null;
            }
        }

        public async Task A_thread_that_continues_nothing_can_wait_for_a_call()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving).ConfigureAwait(false);
                JobType jobType = slot.Connect(new Connection("r"), new Access());
                SynchronizationContext before = SynchronizationContext.Current;
                SynchronizationContext.SetSynchronizationContext(new Deaf());
                try
                {
                    True(jobType.TestConnectionAsync().Wait(TimeSpan.FromMinutes(1)), "it needs the thread that waits");
                }
                finally
                {
                    SynchronizationContext.SetSynchronizationContext(before);
                }
            }
        }

        /// <summary>The context of a thread that is blocked.</summary>
        private sealed class Deaf : SynchronizationContext
        {
            public override void Post(SendOrPostCallback callback, object state)
            {
            }
        }

        public async Task Code_of_the_host_runs_in_no_callers_context()
        {
            var tenant = new AsyncLocal<string> { Value = "whoever made the host" };
            string seen = "nothing";
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(SageMaker);
                JobType jobType = slot.Connect(Connection(), Access(new Reading(() => seen = tenant.Value)));
                await jobType.TestConnectionAsync();
            }
            Equal(null, seen);
        }

        private sealed class Reading : IPluginCredentials
        {
            private readonly Action read;

            internal Reading(Action read)
            {
                this.read = read;
            }

            public Task<AwsCredentials> GetAsync(CancellationToken cancellationToken)
            {
                read();
                return new EmulatorsCredentials().GetAsync(cancellationToken);
            }
        }

        public async Task Requests_go_by_a_client_of_C_sharp_after_the_grants()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                var client = new Recording();
                var access = new Access { HttpClient = client };
                access.Http.Add("https://granted.example.com");
                JobType granted = slot.Connect(Order("send https://granted.example.com/a"), access);
                PlatformException told = await Throws<PlatformException>(granted.TestConnectionAsync());
                True(told.Message.Contains("203"), told.Message);
                JobType elsewhere = slot.Connect(Order("send https://other.example.com/"), access);
                await Throws<PlatformException>(elsewhere.TestConnectionAsync());
                Equal("https://granted.example.com/a", string.Join(" ", client.Urls));
            }
        }

        public async Task A_plugin_reads_why_there_is_no_response_and_no_other_exception_which_is_logged()
        {
            var lines = new Lines();
            using (PluginHost host = Host(options => options.Log = lines.Add))
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                var told = new PluginHttpException(PluginHttpFailure.Connect, "nobody listens");
                foreach (Exception thrown in new[] { told, new Exception("proxy user:hunter2 refused") })
                {
                    var access = new Access { HttpClient = new Throwing(thrown) };
                    access.Http.Add("https://granted.example.com");
                    JobType jobType = slot.Connect(Order("send https://granted.example.com/a"), access);
                    PlatformException read = await Throws<PlatformException>(jobType.TestConnectionAsync());
                    True(!read.Message.Contains("hunter2"), read.Message);
                    Equal(thrown == told, read.Message.Contains("nobody listens"));
                    lines.WaitFor(thrown.Message);
                }
            }
        }

        private sealed class Throwing : IPluginHttp
        {
            private readonly Exception thrown;

            internal Throwing(Exception thrown)
            {
                this.thrown = thrown;
            }

            public Task<PluginHttpResponse> SendAsync(PluginHttpRequest request, CancellationToken cancellationToken)
            {
                throw thrown;
            }
        }

        private sealed class Recording : IPluginHttp
        {
            internal readonly List<string> Urls = new List<string>();

            public Task<PluginHttpResponse> SendAsync(PluginHttpRequest request, CancellationToken cancellationToken)
            {
                lock (Urls)
                {
                    Urls.Add(request.Url.AbsoluteUri);
                }
                return Task.FromResult(new PluginHttpResponse(203, new KeyValuePair<string, string>[0], new byte[] { 1 }));
            }
        }
    }
}
