using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Polysync.JobTypes
{
    /// <summary>What the calls of a connection may reach, and with whose credentials. Nothing at first.</summary>
    public sealed class Access
    {
        /// <summary>Origins that the plugin may send requests to, such as https://api.example.com.</summary>
        public ICollection<string> Http { get; } = new List<string>();

        /// <summary>Services of AWS that the plugin may sign requests for, such as sagemaker.</summary>
        public ICollection<string> AwsSigning { get; } = new List<string>();

        /// <summary>Gives the connection's AWS credentials, where they are the host's own.</summary>
        public IPluginCredentials Credentials { get; set; }

        /// <summary>
        /// Takes AWS credentials from where every AWS tool takes them. Null: not. Empty: the default profile.
        /// </summary>
        public string AwsProfile { get; set; }

        /// <summary>Sends the connection's requests, where they go by the host's own client. The library's if null.</summary>
        public IPluginHttp HttpClient { get; set; }

        internal void WriteGrants(JsonWriter json, string name)
        {
            json.Name(name);
            json.Begin();
            json.List("http", Arguments.NoNulls(new List<string>(Http), nameof(Http)), json.Value);
            json.List("awsSigning", Arguments.NoNulls(new List<string>(AwsSigning), nameof(AwsSigning)), json.Value);
            json.End();
        }

        internal void Write(JsonWriter json)
        {
            if (Credentials != null && AwsProfile != null)
            {
                throw new InvalidOperationException("Access has both Credentials and AwsProfile: set the one that counts");
            }
            WriteGrants(json, "grants");
            json.Name("credentials");
            if (Credentials != null)
            {
                json.Value("embedder");
            }
            else if (string.IsNullOrEmpty(AwsProfile))
            {
                json.Value(AwsProfile == null ? "none" : "environment");
            }
            else
            {
                json.Begin();
                json.Member("profile", AwsProfile);
                json.End();
            }
            json.Member("http", HttpClient == null ? "host" : "embedder");
        }
    }

    /// <summary>Gives AWS credentials: from a vault, or by an SDK's own providers.</summary>
    public interface IPluginCredentials
    {
        /// <summary>
        /// The credentials that are valid now. The library asks again before they expire, or after 15 minutes where
        /// they don't say when. It asks on a thread of the pool. What is thrown goes to the log, and not to the plugin.
        /// </summary>
        Task<AwsCredentials> GetAsync(CancellationToken cancellationToken);
    }

    /// <summary>Credentials of AWS.</summary>
    public sealed class AwsCredentials
    {
        /// <summary>Makes them.</summary>
        public AwsCredentials(
            string accessKeyId, string secretAccessKey, string sessionToken = null, DateTimeOffset? expiresAt = null)
        {
            AccessKeyId = accessKeyId ?? throw new ArgumentNullException(nameof(accessKeyId));
            SecretAccessKey = secretAccessKey ?? throw new ArgumentNullException(nameof(secretAccessKey));
            SessionToken = sessionToken;
            ExpiresAt = expiresAt;
        }

        /// <summary>The key's id.</summary>
        public string AccessKeyId { get; }

        /// <summary>The key. It goes to no plugin.</summary>
        public string SecretAccessKey { get; }

        /// <summary>The session's token; null for long-lived credentials.</summary>
        public string SessionToken { get; }

        /// <summary>When they expire; null where that isn't known.</summary>
        public DateTimeOffset? ExpiresAt { get; }

        internal byte[] ToUtf8()
        {
            var json = new JsonWriter();
            json.Begin();
            json.Member("accessKeyId", AccessKeyId);
            json.Member("secretAccessKey", SecretAccessKey);
            json.Member("sessionToken", SessionToken);
            json.Member("expiresAt", ExpiresAt);
            json.End();
            return json.ToUtf8();
        }
    }
}
