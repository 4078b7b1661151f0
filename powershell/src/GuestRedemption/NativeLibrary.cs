using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GuestRedemption
{
    /// <summary>
    /// One loaded native library. The only imports of the project: System.Runtime.InteropServices.NativeLibrary is
    /// not there on .NET Framework. Never unloaded; the library's threads outlive every call.
    /// </summary>
    internal sealed class NativeLibrary
    {
        private const int BindNow = 2;

        /// <summary>Looks for what the library itself needs beside it and in the system folder, not in the current one.</summary>
        private const uint SearchDllLoadDirAndSystem = 0x00000100 | 0x00001000;

        private readonly IntPtr handle;

        private NativeLibrary(string path, IntPtr handle)
        {
            Path = path;
            this.handle = handle;
        }

        internal static bool IsWindows
        {
            get { return Environment.OSVersion.Platform == PlatformID.Win32NT; }
        }

        internal string Path { get; private set; }

        /// <summary>Null and the system's reason if the file cannot be loaded.</summary>
        internal static NativeLibrary TryLoad(string path, out string reason)
        {
            var handle = IsWindows ? LoadLibraryEx(path, IntPtr.Zero, SearchDllLoadDirAndSystem) : Unix.Open(path);
            reason = null;
            if (handle != IntPtr.Zero) return new NativeLibrary(path, handle);
            reason = IsWindows ? new Win32Exception(Marshal.GetLastWin32Error()).Message : Unix.Error();
            return null;
        }

        internal T Bind<T>(string export)
        {
            var address = IsWindows ? GetProcAddress(handle, export) : Unix.Symbol(handle, export);
            if (address == IntPtr.Zero)
            {
                throw new DllNotFoundException("'" + Path + "' has no function " + export + ": it is not guest_redemption, or one of another release.");
            }
            return Marshal.GetDelegateForFunctionPointer<T>(address);
        }

        [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true, ExactSpelling = true, EntryPoint = "LoadLibraryExW")]
        private static extern IntPtr LoadLibraryEx(string path, IntPtr reserved, uint flags);

        [DllImport("kernel32", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        private static extern IntPtr GetProcAddress(IntPtr module, string name);

        /// <summary>dlopen lives in libdl on older glibc, in libc on musl, macOS and newer glibc.</summary>
        private static class Unix
        {
            private static readonly bool HasLibdl = Probe();

            internal static IntPtr Open(string path)
            {
                return HasLibdl ? Libdl.dlopen(path, BindNow) : Libc.dlopen(path, BindNow);
            }

            internal static IntPtr Symbol(IntPtr library, string name)
            {
                return HasLibdl ? Libdl.dlsym(library, name) : Libc.dlsym(library, name);
            }

            internal static string Error()
            {
                return Marshal.PtrToStringAnsi(HasLibdl ? Libdl.dlerror() : Libc.dlerror());
            }

            private static bool Probe()
            {
                try
                {
                    Libdl.dlerror();
                    return true;
                }
                catch (DllNotFoundException)
                {
                    return false;
                }
            }
        }

        private static class Libdl
        {
            private const string Name = "libdl.so.2";

            [DllImport(Name)]
            internal static extern IntPtr dlopen(string path, int flags);

            [DllImport(Name)]
            internal static extern IntPtr dlsym(IntPtr library, string name);

            [DllImport(Name)]
            internal static extern IntPtr dlerror();
        }

        private static class Libc
        {
            private const string Name = "libc";

            [DllImport(Name)]
            internal static extern IntPtr dlopen(string path, int flags);

            [DllImport(Name)]
            internal static extern IntPtr dlsym(IntPtr library, string name);

            [DllImport(Name)]
            internal static extern IntPtr dlerror();
        }
    }
}
