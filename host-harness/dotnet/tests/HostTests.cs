using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using static Polysync.JobTypes.Tests.Stage;

namespace Polysync.JobTypes.Tests
{
    /// <summary>What a host promises: swaps lose nothing, callbacks are heard, and it ends.</summary>
    public sealed class HostTests
    {
        public async Task Null_references_and_divisions_by_zero_stay_those_of_the_runtime()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                JobType hostile = slot.Connect(Order("trap"), new Access());
                for (int i = 0; i < 200; i++)
                {
                    Task<PluginBrokenException> trap = Throws<PluginBrokenException>(hostile.TestConnectionAsync());
                    Equal("NullReferenceException", Caught(() => NoText().Length.ToString()));
                    Equal("DivideByZeroException", Caught(() => (1 / NoText2()).ToString()));
                    await trap;
                }
                GC.Collect();
            }
        }

        private static string NoText() => null;

        private static int NoText2() => 0;

        private static string Caught(Func<string> wrong)
        {
            try
            {
                return wrong();
            }
            catch (Exception exception)
            {
                return exception.GetType().Name;
            }
        }

        public async Task Ten_thousand_calls_at_64_in_flight_with_collections_all_have_an_answer()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                JobType jobType = slot.Connect(new Connection("r"), new Access());
                int left = 10000;
                int answers = 0;
                await Task.WhenAll(Enumerable.Range(0, 64).Select(async worker =>
                {
                    while (Interlocked.Decrement(ref left) >= 0)
                    {
                        await jobType.TestConnectionAsync();
                        if (Interlocked.Increment(ref answers) % 500 == 0)
                        {
                            GC.Collect();
                        }
                    }
                }));
                Equal(10000, answers);
            }
        }

        public async Task A_swap_under_load_loses_no_call()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(SageMaker);
                JobType jobType = slot.Connect(Connection(), Access());
                var stop = new CancellationTokenSource();
                Task<int>[] load = Enumerable.Range(0, 16).Select(async _ =>
                {
                    int calls = 0;
                    while (!stop.IsCancellationRequested)
                    {
                        await jobType.ValidateAsync(new Job("p"));
                        calls++;
                    }
                    return calls;
                }).ToArray();
                for (int i = 0; i < 5; i++)
                {
                    SwapOutcome swap = await slot.SwapAsync(SageMakerNext);
                    Equal("0.2.0", swap.Serving.Version);
                    await slot.RollbackAsync();
                }
                stop.Cancel();
                True((await Task.WhenAll(load)).Sum() > 0, "no call");
            }
        }

        public async Task A_plugin_that_cannot_take_over_leaves_the_old_one_serving()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(SageMaker);
                Equal("OtherJobType", (await Throws<PluginBrokenException>(slot.SwapAsync(Glue))).Code);
                Equal("WrongDigest", (await Throws<PluginBrokenException>(slot.SwapAsync(SageMakerNext, new string('0', 64)))).Code);
                Equal("CannotRead", (await Throws<PluginBrokenException>(slot.SwapAsync("/nowhere.wasm"))).Code);
                Equal("sagemaker-pipeline", (await slot.DescribeAsync()).Id);
                await Throws<PluginBrokenException>(host.LoadAsync("/nowhere.wasm"));
                await slot.SetPolicyAsync(true, Access());
                Equal(1L, (await slot.GenerationsAsync()).Single().Plugin.Generation);
                Equal(2L, (await slot.RollbackToAsync(SageMakerNext)).Serving.Generation);
            }
        }

        public async Task A_watched_file_is_swapped_in_and_the_swap_is_an_event()
        {
            string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            string file = Path.Combine(folder, "plugin.wasm");
            File.Copy(SageMaker, file);
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(file);
                var swapped = new TaskCompletionSource<SwapOutcome>();
                slot.Swapped += (sender, e) => swapped.TrySetResult(e.Outcome);
                await slot.WatchAsync(file);
                string beside = Path.Combine(folder, "new.wasm");
                File.Copy(SageMakerNext, beside);
                File.Delete(file);
                File.Move(beside, file);
                Equal("0.2.0", (await swapped.Task).Serving.Version);
            }
            Directory.Delete(folder, true);
        }

        public async Task Each_call_that_has_ended_is_told_with_its_plugin_and_its_error()
        {
            var calls = new List<PluginCall>();
            Action<PluginCall> told = call =>
            {
                calls.Add(call);
                throw new InvalidOperationException("the meter is broken");
            };
            using (PluginHost host = Host(options => options.CallEnded = told))
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
        }

        public async Task A_call_is_cancelled_by_its_token()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                JobType looping = slot.Connect(Order("loop"), new Access());
                var cancel = new CancellationTokenSource();
                Task call = looping.TestConnectionAsync(cancel.Token);
                cancel.Cancel();
                await Throws<OperationCanceledException>(call);
                Equal(0, (await host.UsageAsync()).Calls);
                await Throws<OperationCanceledException>(looping.TestConnectionAsync(cancel.Token));
            }
        }

        public async Task A_host_that_is_closed_ends_its_calls_and_takes_no_more()
        {
            PluginHost host = Host();
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            JobType looping = slot.Connect(Order("loop"), new Access());
            Task call = looping.TestConnectionAsync();
            await host.CloseAsync();
            Equal("HostClosed", (await Throws<PluginHostException>(call)).Code);
            await Throws<PluginHostException>(looping.TestConnectionAsync());
            slot.Dispose();
            looping.Dispose();
            host.Dispose();
        }

        public async Task A_host_is_closed_while_a_provider_waits_and_one_that_throws_when_cancelled_harms_nothing()
        {
            foreach (bool throws in new[] { false, true })
            {
                var provider = new Waiting(throws);
                PluginHost host = Host();
                PluginSlot slot = await host.LoadAsync(SageMaker);
                JobType jobType = slot.Connect(Connection(), Access(provider));
                Task call = jobType.TestConnectionAsync();
                await provider.Asked.Task;
                await host.CloseAsync();
                await Throws<PluginHostException>(call);
            }
        }

        public async Task A_host_that_nobody_refers_to_any_more_is_collected()
        {
            WeakReference forgotten = await Forgotten();
            for (int i = 0; i < 50 && forgotten.IsAlive; i++)
            {
                await Task.Delay(20);
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            // Mono's collector looks for references on the stack without knowing what is one.
            True(!forgotten.IsAlive || Type.GetType("Mono.Runtime") != null, "it lives");
        }

        private static async Task<WeakReference> Forgotten()
        {
            PluginSlot slot = await Host().LoadAsync(Misbehaving);
            await slot.Connect(new Connection("r"), new Access()).TestConnectionAsync();
            return new WeakReference(slot);
        }

        private sealed class Waiting : IPluginCredentials
        {
            internal readonly TaskCompletionSource<bool> Asked = new TaskCompletionSource<bool>();
            private readonly bool throws;

            internal Waiting(bool throws)
            {
                this.throws = throws;
            }

            public async Task<AwsCredentials> GetAsync(CancellationToken cancellationToken)
            {
                if (throws)
                {
                    cancellationToken.Register(() => { throw new InvalidOperationException("cancelled"); });
                }
                Asked.TrySetResult(true);
                await Task.Delay(-1, cancellationToken).ConfigureAwait(false);
                return null;
            }
        }

        public Task Options_that_cannot_be_used_are_refused_by_name()
        {
            try
            {
                Host(options => options.Limits["callTimeout"] = 1).Dispose();
            }
            catch (PluginHostException exception)
            {
                True(exception.Message.Contains("callTimeout"), exception.Message);
                return Task.FromResult(true);
            }
            throw new Exception("it was taken");
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

        public async Task A_plugin_reads_why_there_is_no_response_and_no_other_exception()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                var told = new PluginHttpException("connect", "nobody listens");
                foreach (Exception thrown in new[] { told, new Exception("proxy user:hunter2 refused") })
                {
                    var access = new Access { HttpClient = new Throwing(thrown) };
                    access.Http.Add("https://granted.example.com");
                    JobType jobType = slot.Connect(Order("send https://granted.example.com/a"), access);
                    PlatformException read = await Throws<PlatformException>(jobType.TestConnectionAsync());
                    True(!read.Message.Contains("hunter2"), read.Message);
                    Equal(thrown == told, read.Message.Contains("nobody listens"));
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

        public async Task Memory_does_not_grow_in_an_hour_of_ten_calls_a_second()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                long first = 0;
                for (int round = 0; round < 7; round++)
                {
                    // Each connection has ten calls.
                    await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ConnectAndCall(slot, 37, 10)));
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    long now = Process.GetCurrentProcess().WorkingSet64;
                    first = round == 0 ? now : first;
                    // A leak of the events alone is 13 MiB.
                    True(now < first + (8 << 20), now - first);
                }
            }
        }

        private static async Task ConnectAndCall(PluginSlot slot, int connections, int calls)
        {
            for (int i = 0; i < connections; i++)
            {
                using (JobType jobType = slot.Connect(new Connection("r"), new Access()))
                {
                    for (int j = 0; j < calls; j++)
                    {
                        await jobType.TestConnectionAsync();
                    }
                }
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
