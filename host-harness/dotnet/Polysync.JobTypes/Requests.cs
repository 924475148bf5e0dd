using System;

namespace Polysync.JobTypes
{
    /// <summary>The documents of requests.</summary>
    internal static class Requests
    {
        /// <summary>A request without members.</summary>
        internal static byte[] Plain(string call) => Of(call, json => { });

        /// <summary>A request with these members.</summary>
        internal static byte[] Of(string call, Action<JsonWriter> members)
        {
            var json = new JsonWriter();
            json.Begin();
            json.Member("call", call);
            members(json);
            json.End();
            return json.ToUtf8();
        }
    }
}
