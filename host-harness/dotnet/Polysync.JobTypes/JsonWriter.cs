using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Polysync.JobTypes
{
    /// <summary>Writes one JSON document. It is made here for the reasons that <see cref="Json"/> gives.</summary>
    internal sealed class JsonWriter
    {
        private readonly StringBuilder text = new StringBuilder();
        private bool isFirst = true;

        /// <summary>The document in UTF-8.</summary>
        internal byte[] ToUtf8() => new UTF8Encoding(false).GetBytes(text.ToString());

        internal void Begin()
        {
            Separate();
            text.Append('{');
            isFirst = true;
        }

        internal void End()
        {
            text.Append('}');
            isFirst = false;
        }

        /// <summary>The name of the member whose value comes next.</summary>
        internal void Name(string name)
        {
            Separate();
            Quoted(name);
            text.Append(':');
            isFirst = true;
        }

        internal void Value(string value)
        {
            Separate();
            if (value == null)
            {
                text.Append("null");
            }
            else
            {
                Quoted(value);
            }
        }

        internal void Member(string name, string value)
        {
            Name(name);
            Value(value);
        }

        internal void Member(string name, bool value)
        {
            Raw(name, value ? "true" : "false");
        }

        internal void Member(string name, long? value)
        {
            Raw(name, value.HasValue ? value.Value.ToString(CultureInfo.InvariantCulture) : "null");
        }

        internal void Member(string name, DateTimeOffset? value)
        {
            const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            Member(name, value.HasValue ? value.Value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) : null);
        }

        internal void Attributes(string name, IReadOnlyList<JobAttribute> attributes)
        {
            Name(name);
            Begin();
            foreach (JobAttribute attribute in attributes)
            {
                Member(attribute.Name, attribute.Value);
            }
            End();
        }

        internal void List<T>(string name, IReadOnlyList<T> items, Action<T> write)
        {
            Name(name);
            Array(() =>
            {
                foreach (T item in items)
                {
                    write(item);
                }
            });
        }

        internal void Array(Action items)
        {
            Separate();
            text.Append('[');
            isFirst = true;
            items();
            text.Append(']');
            isFirst = false;
        }

        private void Raw(string name, string value)
        {
            Name(name);
            Separate();
            text.Append(value);
        }

        private void Separate()
        {
            if (!isFirst)
            {
                text.Append(',');
            }
            isFirst = false;
        }

        private void Quoted(string value)
        {
            text.Append('"');
            for (int i = 0; i < value.Length; i++)
            {
                char c = value[i];
                bool isWhole = char.IsHighSurrogate(c)
                    ? i + 1 < value.Length && char.IsLowSurrogate(value[i + 1])
                    : !char.IsLowSurrogate(c) || (i > 0 && char.IsHighSurrogate(value[i - 1]));
                if (c == '"' || c == '\\')
                {
                    text.Append('\\').Append(c);
                }
                else if (c < ' ')
                {
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    text.Append(isWhole ? c : '\ufffd');
                }
            }
            text.Append('"');
        }
    }
}
