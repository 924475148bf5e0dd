using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace Polysync.JobTypes
{
    /// <summary>A call has no answer. Each cause has a class of its own below this one.</summary>
    public abstract class JobTypeException : Exception
    {
        internal JobTypeException(string code, string message, string hint, bool isRetryable)
            : base(message)
        {
            Code = code;
            Hint = hint;
            IsRetryable = isRetryable;
        }

        /// <summary>For an error of the library.</summary>
        internal JobTypeException(Json error)
            : this(
                error["code"].Text ?? "",
                InWordsOfNet(error["message"].Text),
                InWordsOfNet(error["hint"].Text),
                error["retryable"].Flag)
        {
        }

        /// <summary>Which error it is, for a program.</summary>
        public string Code { get; }

        /// <summary>What to do about it, for a person. May be empty.</summary>
        public string Hint { get; }

        /// <summary>Whether the same call may succeed later without anybody changing anything.</summary>
        public bool IsRetryable { get; }

        /// <summary>As of every exception, with the hint after the message.</summary>
        public override string ToString()
        {
            string text = GetType().FullName + ": " + Message;
            text += string.IsNullOrEmpty(Hint) ? "" : Environment.NewLine + "Hint: " + Hint;
            return StackTrace == null ? text : text + Environment.NewLine + StackTrace;
        }

        /// <summary>Names a limit as this library does: `Limits::call_timeout` is PluginLimits.CallTimeout.</summary>
        private static string InWordsOfNet(string text) =>
            Regex.Replace(text ?? "", "`Limits::([a-z_]+)`", name => "PluginLimits." + PascalCase(name.Groups[1].Value));

        private static string PascalCase(string name) =>
            string.Concat(name.Split('_').Select(word => word.Substring(0, 1).ToUpperInvariant() + word.Substring(1)));

        internal static JobTypeException Read(Json error, Json plugin)
        {
            PluginIdentity identity = PluginIdentity.Read(plugin);
            switch (error["class"].Text)
            {
                case "plugin": return new PluginBrokenException(error, identity);
                case "host": return new PluginHostException(error);
                default: return new PlatformException(PlatformError.Read(error), identity);
            }
        }
    }

    /// <summary>The platform, or the job type on its behalf, says no.</summary>
    public sealed class PlatformException : JobTypeException
    {
        internal PlatformException(PlatformError error, PluginIdentity plugin)
            : base(error.Code, error.Code + ": " + error.Message, error.Hint, error.Retryable)
        {
            Error = error;
            Plugin = plugin;
        }

        /// <summary>What kind of trouble it is, for a host that has to decide.</summary>
        public ErrorClass Class => Error.Class;

        /// <summary>The error as the job type tells it.</summary>
        public PlatformError Error { get; }

        /// <summary>The plugin that was called.</summary>
        public PluginIdentity Plugin { get; }
    }

    /// <summary>
    /// The plugin broke, used up a limit, or can't be loaded. The platform may have done what was asked up to then.
    /// </summary>
    public sealed class PluginBrokenException : JobTypeException
    {
        internal PluginBrokenException(Json error, PluginIdentity plugin)
            : base(error)
        {
            Plugin = plugin;
        }

        /// <summary>The plugin that was called; null where none was loaded.</summary>
        public PluginIdentity Plugin { get; }
    }

    /// <summary>The library can't do what it was asked: an argument is wrong, or the host is closed.</summary>
    public sealed class PluginHostException : JobTypeException
    {
        internal PluginHostException(Json error)
            : base(error)
        {
        }
    }
}
