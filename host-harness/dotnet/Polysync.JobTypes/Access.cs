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
            json.List("http", new List<string>(Http), json.Value);
            json.List("awsSigning", new List<string>(AwsSigning), json.Value);
            json.End();
        }

        internal void Write(JsonWriter json)
        {
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

    /// <summary>
    /// Sends requests that the grants allow. It follows no redirect, sends each once, and returns a response
    /// whatever its status.
    /// </summary>
    public interface IPluginHttp
    {
        /// <summary>
        /// Sends a request, and connects only to addresses that <see cref="PluginHttpRequest.Addresses"/> allows: the
        /// library doesn't look the name up. A <see cref="PluginHttpException"/> says why there is no response; anything
        /// else that is thrown counts as a connection that broke, and its message stays here.
        /// </summary>
        Task<PluginHttpResponse> SendAsync(PluginHttpRequest request, CancellationToken cancellationToken);
    }

    /// <summary>Why there is no response to a request. The plugin gets its message.</summary>
    public sealed class PluginHttpException : Exception
    {
        /// <summary>Makes it, with one of denied, timeout, connect, tls and protocol.</summary>
        public PluginHttpException(string kind, string message)
            : base(message)
        {
            Kind = kind ?? throw new ArgumentNullException(nameof(kind));
        }

        /// <summary>
        /// With denied, connect and tls nothing was sent. After timeout and protocol the platform may have done what was
        /// asked.
        /// </summary>
        public string Kind { get; }
    }

    /// <summary>A request of a plugin.</summary>
    public sealed class PluginHttpRequest
    {
        internal PluginHttpRequest(Json json)
        {
            Method = json["method"].Text ?? "";
            Url = new Uri(json["url"].Text ?? "");
            Body = Convert.FromBase64String(json["body"].Text ?? "");
            Addresses = json["addresses"].Text ?? "";
            Timeout = TimeSpan.FromMilliseconds(json["timeoutMilliseconds"].Number ?? 0);
            Headers = json["headers"].List(pair =>
            {
                IReadOnlyList<string> parts = pair.List(part => part.Text ?? "");
                return new KeyValuePair<string, string>(parts[0], parts[1]);
            });
        }

        /// <summary>GET, POST and so on.</summary>
        public string Method { get; }

        /// <summary>Where it goes.</summary>
        public Uri Url { get; }

        /// <summary>The plugin's headers. A name may occur more than once.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

        /// <summary>Empty for a request without a body.</summary>
        public byte[] Body { get; }

        /// <summary>
        /// Where the URL's name may lead: public, private (public ones and private networks) or loopback (this machine).
        /// </summary>
        public string Addresses { get; }

        /// <summary>The time from the name's lookup to the last byte. The library waits no longer.</summary>
        public TimeSpan Timeout { get; }
    }

    /// <summary>A whole response.</summary>
    public sealed class PluginHttpResponse
    {
        /// <summary>Makes it.</summary>
        public PluginHttpResponse(int status, IReadOnlyList<KeyValuePair<string, string>> headers, byte[] body)
        {
            Status = status;
            Headers = headers ?? throw new ArgumentNullException(nameof(headers));
            Body = body ?? throw new ArgumentNullException(nameof(body));
        }

        /// <summary>Any status.</summary>
        public int Status { get; }

        /// <summary>As received.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

        /// <summary>As received, without any decoding.</summary>
        public byte[] Body { get; }

        internal byte[] ToUtf8()
        {
            var json = new JsonWriter();
            json.Begin();
            json.Member("status", Status);
            json.List("headers", Headers, header =>
                json.Array(() => { json.Value(header.Key); json.Value(header.Value); }));
            json.Member("body", Convert.ToBase64String(Body));
            json.End();
            return json.ToUtf8();
        }
    }
}
