using System.Collections.Generic;

namespace Polysync.JobTypes
{
    /// <summary>Lists that nobody changes any more.</summary>
    internal static class Lists
    {
        /// <summary>A copy; an empty one of null.</summary>
        /// <exception cref="System.ArgumentException">The list has a null.</exception>
        internal static IReadOnlyList<T> Copy<T>(IReadOnlyList<T> items) =>
            items == null ? new List<T>().AsReadOnly() : new List<T>(Arguments.NoNulls(items, nameof(items))).AsReadOnly();
    }
}
