using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Polysync.JobTypes
{
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

    /// <summary>What went wrong with a request.</summary>
    public enum PluginHttpFailure
    {
        /// <summary>The host's policy doesn't allow it. Nothing was sent.</summary>
        Denied,

        /// <summary>No whole response came in time. The platform may have done what was asked.</summary>
        Timeout,

        /// <summary>There is no connection. Nothing was sent.</summary>
        Connect,

        /// <summary>The other side isn't who it has to be. Nothing was sent.</summary>
        Tls,

        /// <summary>The connection broke, or the answer isn't HTTP. The platform may have done what was asked.</summary>
        Protocol,
    }

    /// <summary>Where the name in a request's URL may lead.</summary>
    public enum PluginHttpAddresses
    {
        /// <summary>To public addresses.</summary>
        Public,

        /// <summary>To public addresses and those of private networks.</summary>
        Private,

        /// <summary>To this machine.</summary>
        Loopback,
    }

    /// <summary>Why there is no response to a request. The plugin gets its message.</summary>
    public sealed class PluginHttpException : Exception
    {
        /// <summary>Makes it.</summary>
        public PluginHttpException(PluginHttpFailure kind, string message)
            : base(message)
        {
            Kind = kind;
        }

        /// <summary>Whether the platform may have done what was asked.</summary>
        public PluginHttpFailure Kind { get; }
    }

    /// <summary>A request of a plugin.</summary>
    public sealed class PluginHttpRequest
    {
        internal PluginHttpRequest(Json json)
        {
            Method = json["method"].Text ?? "";
            Url = new Uri(json["url"].Text ?? "");
            Body = Convert.FromBase64String(json["body"].Text ?? "");
            PluginHttpAddresses addresses;
            Addresses = Enum.TryParse(json["addresses"].Text, true, out addresses) ? addresses : PluginHttpAddresses.Public;
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

        /// <summary>Where the URL's name may lead.</summary>
        public PluginHttpAddresses Addresses { get; }

        /// <summary>The time from the name's lookup to the last byte. The library waits no longer.</summary>
        public TimeSpan Timeout { get; }
    }

    /// <summary>A whole response.</summary>
    public sealed class PluginHttpResponse
    {
        /// <summary>Makes it.</summary>
        public PluginHttpResponse(int status, IReadOnlyList<KeyValuePair<string, string>> headers, byte[] body)
        {
            Status = status >= 100 && status <= 999 ? status : throw new ArgumentOutOfRangeException(nameof(status));
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
