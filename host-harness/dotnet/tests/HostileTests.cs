using System;
using System.Linq;
using System.Threading.Tasks;
using static Polysync.JobTypes.Tests.Stage;

namespace Polysync.JobTypes.Tests
{
    /// <summary>No plugin harms the host, or a terminal: each order of the misbehaving one.</summary>
    public sealed class HostileTests : IDisposable
    {
        private readonly PluginHost host = Host(options => options.Limits.CallTimeout = TimeSpan.FromSeconds(2));

        public void Dispose() => host.Dispose();

        public async Task Each_that_breaks_has_its_own_error_and_the_next_call_is_answered()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            foreach (string order in new[]
            {
                "trap Trap", "escape-log Trap", "panic-in-words Trap", "loop Timeout", "sleep Timeout", "take-memory OutOfMemory",
                "recurse StackOverflow", "send-for-ever TooManyRequests", "send-many-at-once TooManyRequests",
            })
            {
                string[] words = order.Split(' ');
                JobType hostile = slot.Connect(Order(words[0]), new Access());
                PluginBrokenException error = await Throws<PluginBrokenException>(hostile.TestConnectionAsync());
                Equal(words[1], error.Code);
                IsClean(error.Message);
                await AnotherCallIsAnswered(slot);
            }
        }

        public async Task One_that_logs_without_end_is_cut_off()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            foreach (string order in new[] { "log-flood", "log-line" })
            {
                // Whether it gets to its end in time depends on the machine.
                await Throws<JobTypeException>(slot.Connect(Order(order), new Access()).TestConnectionAsync());
                await AnotherCallIsAnswered(slot);
            }
        }

        public async Task One_that_hangs_or_loses_the_answer_of_a_start_leaves_the_run_uncertain()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            JobType hangs = slot.Connect(Order("hang-in-start"), new Access());
            Task<StartedRun> start = hangs.StartAsync(new Job("p"), Guid.NewGuid());
            Equal("Timeout", (await Throws<PluginBrokenException>(start)).Code);
            JobType loses = slot.Connect(Order("lose-answer"), new Access());
            var lost = await Throws<PlatformException>(loses.StartAsync(new Job("p"), Guid.NewGuid()));
            Equal(ErrorClass.Uncertain, lost.Class);
            True(!lost.IsRetryable, "a second run could be started");
            Equal("run-8 run-9", string.Join(" ", lost.Error.Details.Select(detail => detail.Value)));
        }

        public async Task One_that_answers_for_too_few_or_too_many_runs_answers_for_none()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            foreach (string order in new[] { "too-few", "too-many" })
            {
                JobType hostile = slot.Connect(Order(order), new Access());
                var outcomes = await hostile.StatusesAsync(new[] { new Run("a"), new Run("b"), new Run("c") });
                Equal("UnfitAnswer UnfitAnswer UnfitAnswer", string.Join(" ", outcomes.Select(outcome => outcome.Error?.Code)));
            }
        }

        public async Task Texts_of_one_that_wants_to_write_to_the_terminal_are_clean()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            JobType errors = slot.Connect(Order("escape-errors"), new Access());
            var error = await Throws<PlatformException>(errors.TestConnectionAsync());
            IsClean(error.Message + error.Code + error.Hint);
            True(error.Message.Contains("forged"), error.Message);
            JobType texts = slot.Connect(Order("escape-text"), new Access());
            RunStatus status = await texts.StatusAsync(new Run("r"));
            IsClean(status.Message + status.PlatformStatus);
            True((status.Message + status.PlatformStatus).Contains("forged"), status.Message);
            JobType identifiers = slot.Connect(Order("escape-identifiers"), new Access());
            Task<StartedRun> start = identifiers.StartAsync(new Job("p"), Guid.NewGuid());
            Equal("UnfitAnswer", (await Throws<PluginBrokenException>(start)).Code);
        }

        private async Task AnotherCallIsAnswered(PluginSlot slot)
        {
            await slot.Connect(new Connection("r"), new Access()).TestConnectionAsync();
            Equal(0, (await host.UsageAsync()).Calls);
        }

        private static void IsClean(string text) => True(!text.Any(c => char.IsControl(c) && c != '\n') && text.IndexOf('\u202e') < 0, text);
    }
}
