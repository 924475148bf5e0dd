using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Polysync.JobTypes
{
    /// <summary>The functions of libpolysync_host, as include/polysync_host.h declares them.</summary>
    internal static class NativeMethods
    {
        internal const uint AbiVersion = 1;

        private const string Library = "polysync_host";

        internal enum Status
        {
            Ok = 0,
            Timeout = 1,
            Closed = 2,
            Invalid = 3,
            NotFound = 4,
            Busy = 5,
            Panicked = 6,
        }

        /// <summary>Text that the library made.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct NativeText
        {
            private readonly IntPtr data;
            private readonly UIntPtr length;

            /// <summary>The text, which is freed; null where there is none.</summary>
            internal string Take()
            {
                if (data == IntPtr.Zero)
                {
                    return null;
                }
                var bytes = new byte[(int)length];
                Marshal.Copy(data, bytes, 0, bytes.Length);
                ps_text_free(this);
                return Encoding.UTF8.GetString(bytes);
            }
        }

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint ps_abi_version();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern NativeText ps_version();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_host_new(
            byte[] options, UIntPtr length, out ulong host, out NativeText error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_slot_new(ulong host, out ulong slot, out NativeText error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_connection_new(
            ulong slot, byte[] document, UIntPtr length, out ulong connection, out NativeText error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_call(
            ulong handle, byte[] request, UIntPtr length, out ulong call, out NativeText error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_cancel(ulong host, ulong call);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_answer(
            ulong host, ulong question, byte[] answer, UIntPtr length, out NativeText error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_next(ulong host, long timeoutMilliseconds, out NativeText result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status ps_close(ulong handle);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void ps_text_free(NativeText text);

        /// <summary>Throws what the library says is wrong.</summary>
        internal static void Check(Status status, NativeText error)
        {
            string text = error.Take();
            if (status == Status.Ok)
            {
                return;
            }
            Json document = Json.Parse(text ?? "{}");
            throw JobTypeException.Read(document["error"], document["plugin"]);
        }
    }
}
