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
        private readonly string owner;

        /// <param name="number">Which the library gave.</param>
        /// <param name="owner">The class of the object that has it, for the exception when that is disposed.</param>
        internal PluginHandle(ulong number, string owner)
            : base(IntPtr.Zero, true)
        {
            Number = number;
            this.owner = owner;
            SetHandle((IntPtr)(long)number);
        }

        internal ulong Number { get; }

        /// <inheritdoc/>
        public override bool IsInvalid => handle == IntPtr.Zero;

        /// <exception cref="ObjectDisposedException">It is closed.</exception>
        internal void CheckOpen()
        {
            if (IsClosed)
            {
                throw new ObjectDisposedException(owner);
            }
        }

        /// <inheritdoc/>
        protected override bool ReleaseHandle()
        {
            NativeMethods.ps_close(Number);
            return true;
        }
    }
}
