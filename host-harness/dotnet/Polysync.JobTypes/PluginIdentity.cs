using System;

namespace Polysync.JobTypes
{
    /// <summary>Which plugin answered: what it says of itself, which build it is, and after how many swaps.</summary>
    public sealed class PluginIdentity
    {
        private PluginIdentity(string id, string version, string contract, string sha256, long generation)
        {
            Id = id;
            Version = version;
            Contract = contract;
            Sha256 = sha256;
            Generation = generation;
        }

        /// <summary>The id of its job type.</summary>
        public string Id { get; }

        /// <summary>The plugin's own version.</summary>
        public string Version { get; }

        /// <summary>The version of the contract by which it is called.</summary>
        public string Contract { get; }

        /// <summary>The SHA-256 of its file, in hexadecimal digits.</summary>
        public string Sha256 { get; }

        /// <summary>Its number in its slot: 1 for the first plugin, and one more with each swap and rollback.</summary>
        public long Generation { get; }

        /// <summary>For a log or a page.</summary>
        public override string ToString() =>
            Id + " " + Version + " (generation " + Generation + ", sha256 "
            + Sha256.Substring(0, Math.Min(12, Sha256.Length)) + ")";

        internal static PluginIdentity Read(Json json) =>
            json.IsNull
                ? null
                : new PluginIdentity(
                    json["id"].Text ?? "",
                    json["version"].Text ?? "",
                    json["contract"].Text ?? "",
                    json["sha256"].Text ?? "",
                    json["generation"].Number ?? 0);
    }
}
