using System;

namespace Polysync.JobTypes
{
    /// <summary>What a call asks for.</summary>
    internal sealed class Request
    {
        /// <summary>A request with these members.</summary>
        internal Request(string call, Action<JsonWriter> members = null)
        {
            Call = call;
            var json = new JsonWriter();
            json.Begin();
            json.Member("call", call);
            members?.Invoke(json);
            json.End();
            Utf8 = json.ToUtf8();
        }

        /// <summary>The call's name.</summary>
        internal string Call { get; }

        /// <summary>The document.</summary>
        internal byte[] Utf8 { get; }
    }
}
