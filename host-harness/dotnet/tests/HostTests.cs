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
    /// <summary>What a host promises: swaps lose nothing, it ends, and memory doesn't grow.</summary>
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

        public async Task A_call_is_cancelled_by_its_token()
        {
            using (PluginHost host = Host())
            {
                PluginSlot slot = await host.LoadAsync(Misbehaving);
                JobType looping = slot.Connect(Order("loop"), new Access());
                var cancel = new CancellationTokenSource();
                Task call = looping.TestConnectionAsync(cancel.Token);
                while ((await host.UsageAsync()).Instances == 0)
                {
                    await Task.Delay(10);
                }
                PluginUsage usage = await host.UsageAsync();
                Equal("1 0 1 1 1", string.Join(" ", usage.Calls, usage.Waiting, usage.Instances, usage.Memories, usage.Stacks));
                Equal(1L, (await slot.GenerationsAsync()).Single().Calls);
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
            await Throws<ObjectDisposedException>(looping.TestConnectionAsync());
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
                Host(options => options.Limits.CallTimeout = TimeSpan.Zero).Dispose();
            }
            catch (PluginHostException exception)
            {
                True(exception.Message.Contains("PluginLimits.CallTimeout"), exception.Message);
                return Task.FromResult(true);
            }
            throw new Exception("it was taken");
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
    }
}
