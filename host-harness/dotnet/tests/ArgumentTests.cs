using System;
using System.Threading.Tasks;
using static Polysync.JobTypes.Tests.Stage;

namespace Polysync.JobTypes.Tests
{
    /// <summary>Wrong arguments are refused by name, and what is disposed says so.</summary>
    public sealed class ArgumentTests : IDisposable
    {
        private readonly PluginHost host = Host();

        public void Dispose() => host.Dispose();

        public async Task What_must_not_be_null_is_named()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            JobType jobType = slot.Connect(new Connection("r"), null);
            var run = new Run("r");
            Named("job", () => jobType.ValidateAsync(null));
            Named("declared", () => jobType.ValidateAsync(new Job("p"), new DeclaredParameter[1]));
            Named("externalId", () => jobType.InspectAsync(null));
            Named("job", () => jobType.StartAsync(null, Guid.NewGuid()));
            Named("run", () => jobType.StatusAsync(null));
            Named("runs", () => jobType.StatusesAsync(null));
            Named("runs", () => jobType.StatusesAsync(new Run[1]));
            Named("run", () => jobType.CancelAsync(null, Guid.NewGuid()));
            Named("run", () => jobType.RetryAsync(null, Guid.NewGuid()));
            Named("run", () => jobType.StepsAsync(null));
            Named("run", () => jobType.LogsAsync(null, "s", LogPosition.Oldest));
            Named("step", () => jobType.LogsAsync(run, null, LogPosition.Oldest));
            Named("position", () => jobType.LogsAsync(run, "s", null));
            Named("run", () => jobType.MonitorUrlAsync(null));
            Named("connection", () => slot.RequestsAsync(null));
            Named("connection", () => slot.Connect(null, null));
            Named("file", () => slot.SwapAsync(null));
            Named("file", () => slot.WatchAsync(null));
            Named("items", () => new Job("p", new JobAttribute[1]));
            Named("Http", () => slot.Connect(new Connection("r"), new Access { Http = { null } }));
            Equal("file", (await Throws<ArgumentNullException>(host.LoadAsync(null))).ParamName);
        }

        public async Task A_GUID_of_zeros_names_no_wish()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            JobType jobType = slot.Connect(new Connection("r"), new Access());
            Named("guid", () => jobType.StartAsync(new Job("p"), Guid.Empty));
            Named("guid", () => jobType.CancelAsync(new Run("r"), Guid.Empty));
            Named("guid", () => jobType.RetryAsync(new Run("r"), Guid.Empty));
        }

        public async Task An_access_that_contradicts_itself_is_refused()
        {
            PluginSlot slot = await host.LoadAsync(Misbehaving);
            var both = new Access { Credentials = new EmulatorsCredentials(), AwsProfile = "" };
            Caught<InvalidOperationException>(() => slot.Connect(new Connection("r"), both));
            var none = new Access { AwsSigning = { "sagemaker" } };
            True(Caught<PluginHostException>(() => slot.Connect(new Connection("r"), none)).Hint.Contains("credentials"), "no hint");
        }

        public async Task What_is_disposed_says_so()
        {
            PluginHost disposed = Host();
            PluginSlot slot = await disposed.LoadAsync(Misbehaving);
            JobType first = slot.Connect(new Connection("r"), new Access());
            JobType second = slot.Connect(new Connection("r"), new Access());
            first.Dispose();
            Equal("JobType", (await Throws<ObjectDisposedException>(first.TestConnectionAsync())).ObjectName);
            slot.Dispose();
            Equal("PluginSlot", (await Throws<ObjectDisposedException>(slot.DescribeAsync())).ObjectName);
            Equal("PluginSlot", Caught<ObjectDisposedException>(() => slot.Connect(new Connection("r"), null)).ObjectName);
            // It holds what it needs.
            await second.TestConnectionAsync();
            disposed.Dispose();
            Equal("PluginHost", (await Throws<ObjectDisposedException>(second.TestConnectionAsync())).ObjectName);
            Equal("PluginHost", (await Throws<ObjectDisposedException>(disposed.LoadAsync(Misbehaving))).ObjectName);
        }

        public async Task The_hint_is_part_of_what_an_exception_prints()
        {
            PluginHostException none = await Throws<PluginHostException>((await host.LoadAsync(Misbehaving)).RollbackAsync());
            True(none.ToString().Contains("Hint: " + none.Hint) && none.Hint.Length > 0, none);
            True(none.ToString().Contains("PluginHostException: " + none.Message), none);
        }

        private static void Named(string parameter, Func<object> call)
        {
            ArgumentException thrown = Caught<ArgumentException>(() => call());
            Equal(parameter, thrown.ParamName);
        }

        private static T Caught<T>(Action call)
            where T : Exception
        {
            try
            {
                call();
            }
            catch (T exception)
            {
                return exception;
            }
            throw new Exception("nothing was thrown, and not a " + typeof(T).Name);
        }
    }
}
