using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Polysync.JobTypes
{
    /// <summary>
    /// A JSON value that was read. It is made here because .NET Standard 2.0 has nothing that serves:
    /// System.Text.Json is a package that a host may have in another version, and
    /// DataContractJsonSerializer neither keeps the order of an object's members nor two of one name.
    /// </summary>
    internal sealed class Json
    {
        private static readonly Json Null = new Json(null);

        /// <summary>null, a string, a bool, a double, a list of values, or a list of members.</summary>
        private readonly object value;

        private Json(object value)
        {
            this.value = value;
        }

        /// <summary>Reads a document.</summary>
        /// <exception cref="FormatException">It is not JSON.</exception>
        internal static Json Parse(string text)
        {
            var reader = new Reader(text);
            Json value = reader.Value(0);
            reader.ExpectEnd();
            return value;
        }

        /// <summary>The last member of that name; null where there is none.</summary>
        internal Json this[string name]
        {
            get
            {
                var members = value as List<KeyValuePair<string, Json>>;
                for (int i = members == null ? -1 : members.Count - 1; i >= 0; i--)
                {
                    if (members[i].Key == name)
                    {
                        return members[i].Value;
                    }
                }
                return Null;
            }
        }

        internal bool IsNull => value == null;

        /// <summary>The text; null for anything else.</summary>
        internal string Text => value as string;

        internal bool Flag => value is bool && (bool)value;

        /// <summary>The whole number; null for anything else.</summary>
        internal long? Number
        {
            get
            {
                string digits = (value as Digits)?.Text;
                long number;
                return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
                    ? number
                    : (long?)null;
            }
        }

        /// <summary>The time, to the millisecond; null for anything else.</summary>
        internal DateTimeOffset? Time
        {
            get
            {
                DateTimeOffset time;
                const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal;
                return Text != null && DateTimeOffset.TryParse(Text, CultureInfo.InvariantCulture, Styles, out time)
                    ? time
                    : (DateTimeOffset?)null;
            }
        }

        /// <summary>The members of an object whose values are text.</summary>
        internal IReadOnlyList<JobAttribute> Attributes
        {
            get
            {
                var attributes = new List<JobAttribute>();
                foreach (KeyValuePair<string, Json> member in Members)
                {
                    attributes.Add(new JobAttribute(member.Key, member.Value.Text ?? ""));
                }
                return attributes;
            }
        }

        internal IEnumerable<KeyValuePair<string, Json>> Members =>
            value as List<KeyValuePair<string, Json>> ?? new List<KeyValuePair<string, Json>>();

        /// <summary>The values of a list; none for anything else.</summary>
        internal IReadOnlyList<T> List<T>(Func<Json, T> read)
        {
            var items = new List<T>();
            foreach (Json item in value as List<Json> ?? new List<Json>())
            {
                items.Add(read(item));
            }
            return items;
        }

        /// <summary>A number as it was written.</summary>
        private sealed class Digits
        {
            internal readonly string Text;

            internal Digits(string text)
            {
                Text = text;
            }
        }

        private sealed class Reader
        {
            /// <summary>No document of the library is nested as deeply.</summary>
            private const int Deepest = 64;

            private readonly string text;
            private int at;

            internal Reader(string text)
            {
                this.text = text;
            }

            internal Json Value(int depth)
            {
                if (depth > Deepest)
                {
                    throw Wrong("nested too deeply");
                }
                switch (Next())
                {
                    case '{': return new Json(Object(depth));
                    case '[': return new Json(Array(depth));
                    case '"': return new Json(String());
                    case 't': return Word("true", new Json(true));
                    case 'f': return Word("false", new Json(false));
                    case 'n': return Word("null", Null);
                    default: return new Json(new Digits(Number()));
                }
            }

            internal void ExpectEnd()
            {
                SkipSpace();
                if (at != text.Length)
                {
                    throw Wrong("more than one value");
                }
            }

            private List<KeyValuePair<string, Json>> Object(int depth)
            {
                var members = new List<KeyValuePair<string, Json>>();
                at++;
                if (Next() == '}')
                {
                    at++;
                    return members;
                }
                while (true)
                {
                    if (Next() != '"')
                    {
                        throw Wrong("a member without a name");
                    }
                    string name = String();
                    Expect(':');
                    members.Add(new KeyValuePair<string, Json>(name, Value(depth + 1)));
                    if (IsLast('}'))
                    {
                        return members;
                    }
                }
            }

            private List<Json> Array(int depth)
            {
                var items = new List<Json>();
                at++;
                if (Next() == ']')
                {
                    at++;
                    return items;
                }
                while (true)
                {
                    items.Add(Value(depth + 1));
                    if (IsLast(']'))
                    {
                        return items;
                    }
                }
            }

            private bool IsLast(char end)
            {
                char next = Next();
                if (next != end && next != ',')
                {
                    throw Wrong("neither a comma nor an end");
                }
                at++;
                return next == end;
            }

            private string String()
            {
                at++;
                int start = at;
                while (at < text.Length && text[at] != '"' && text[at] != '\\')
                {
                    at++;
                }
                string plain = text.Substring(start, at - start);
                if (at < text.Length && text[at] == '"')
                {
                    at++;
                    return plain;
                }
                var all = new StringBuilder(plain);
                while (at < text.Length)
                {
                    char c = text[at++];
                    if (c == '"')
                    {
                        return all.ToString();
                    }
                    all.Append(c == '\\' ? Escaped() : c);
                }
                throw Wrong("a text without an end");
            }

            private char Escaped()
            {
                char c = at < text.Length ? text[at++] : ' ';
                switch (c)
                {
                    case '"': case '\\': case '/': return c;
                    case 'b': return '\b';
                    case 'f': return '\f';
                    case 'n': return '\n';
                    case 'r': return '\r';
                    case 't': return '\t';
                    case 'u': return Unicode();
                    default: throw Wrong("an unknown escape");
                }
            }

            private char Unicode()
            {
                ushort unit = 0;
                bool isNumber = at + 4 <= text.Length
                    && ushort.TryParse(text.Substring(at, 4), NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture, out unit);
                if (!isNumber)
                {
                    throw Wrong("an unknown escape");
                }
                at += 4;
                return (char)unit;
            }

            private string Number()
            {
                int start = at;
                while (at < text.Length && "+-.0123456789Ee".IndexOf(text[at]) >= 0)
                {
                    at++;
                }
                if (at == start)
                {
                    throw Wrong("no value");
                }
                return text.Substring(start, at - start);
            }

            private Json Word(string word, Json value)
            {
                if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
                {
                    throw Wrong("no value");
                }
                at += word.Length;
                return value;
            }

            private void Expect(char wanted)
            {
                if (Next() != wanted)
                {
                    throw Wrong("no " + wanted);
                }
                at++;
            }

            private char Next()
            {
                SkipSpace();
                return at < text.Length ? text[at] : '\0';
            }

            private void SkipSpace()
            {
                while (at < text.Length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
                {
                    at++;
                }
            }

            private FormatException Wrong(string what) =>
                new FormatException("not JSON at character " + at + ": " + what);
        }
    }
}
