using System;
using System.Collections.Generic;

namespace Polysync.JobTypes
{
    /// <summary>Checks what callers pass.</summary>
    internal static class Arguments
    {
        /// <exception cref="ArgumentNullException">It is null.</exception>
        internal static T NotNull<T>(T value, string name)
            where T : class =>
            value ?? throw new ArgumentNullException(name);

        /// <exception cref="ArgumentException">The list is null or has a null.</exception>
        internal static IReadOnlyList<T> NoNulls<T>(IReadOnlyList<T> items, string name)
        {
            foreach (T item in NotNull(items, name))
            {
                if (item == null)
                {
                    throw new ArgumentException("the list has a null", name);
                }
            }
            return items;
        }

        /// <summary>A GUID that names a wish. All zeros would name every wish of a program that forgot to make one.</summary>
        /// <exception cref="ArgumentException">It is all zeros.</exception>
        internal static Guid NotEmpty(Guid guid)
        {
            if (guid == Guid.Empty)
            {
                throw new ArgumentException("it is all zeros: make one by Guid.NewGuid, and store it", nameof(guid));
            }
            return guid;
        }
    }
}
