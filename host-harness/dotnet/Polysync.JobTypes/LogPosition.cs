using System;

namespace Polysync.JobTypes
{
    /// <summary>Where a page of a log begins.</summary>
    public sealed class LogPosition
    {
        private readonly long? last;
        private readonly string cursor;

        private LogPosition(long? last, string cursor)
        {
            this.last = last;
            this.cursor = cursor;
        }

        /// <summary>At the oldest line that the platform still has.</summary>
        public static LogPosition Oldest { get; } = new LogPosition(null, null);

        /// <summary>At most this many lines before the end. A page may have fewer, also where the log has more.</summary>
        public static LogPosition Last(int count)
        {
            if (count < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(count));
            }
            return new LogPosition(count, null);
        }

        /// <summary>After the page that had this cursor.</summary>
        public static LogPosition After(string cursor) =>
            new LogPosition(null, cursor ?? throw new ArgumentNullException(nameof(cursor)));

        internal void Write(JsonWriter json)
        {
            if (last == null && cursor == null)
            {
                json.Value("oldest");
                return;
            }
            json.Begin();
            if (cursor == null)
            {
                json.Member("last", last);
            }
            else
            {
                json.Member("after", cursor);
            }
            json.End();
        }
    }
}
