using System;
using System.Runtime.InteropServices;

namespace Polysync.JobTypes
{
    /// <summary>
    /// A handle of the library: a number that it never gives out twice. So one that is closed already is an error
    /// of the call that uses it, and the order in which finalizers close handles doesn't matter.
    /// </summary>
    internal sealed class PluginHandle : SafeHandle
    {
        internal PluginHandle(ulong number)
            : base(IntPtr.Zero, true)
        {
            Number = number;
            SetHandle((IntPtr)(long)number);
        }

        internal ulong Number { get; }

        /// <inheritdoc/>
        public override bool IsInvalid => handle == IntPtr.Zero;

        /// <inheritdoc/>
        protected override bool ReleaseHandle()
        {
            NativeMethods.ps_close(Number);
            return true;
        }
    }
}
