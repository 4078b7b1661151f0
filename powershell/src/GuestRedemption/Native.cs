using System;
using System.Runtime.InteropServices;
using System.Text;

namespace GuestRedemption
{
    /// <summary>The exports of the native library, bound by absolute path to delegates.</summary>
    internal sealed class Native
    {
        private const int KnownAbi = 1;

        private static readonly object Loading = new object();
        private static volatile Native instance;

        private readonly ResetRedemption reset;
        private readonly RedemptionCall call;
        private readonly ResultStatus status;
        private readonly ResultText json;
        private readonly ResultText message;
        private readonly ResultFree free;
        private readonly StatusName statusName;
        private readonly CancelNew cancelNew;
        private readonly CancelUse cancel;
        private readonly CancelUse cancelFree;

        private Native(NativeLibrary library)
        {
            Path = library.Path;
            AbiVersion = (int)library.Bind<AbiVersionOf>("redemption_abi_version")();
            if (AbiVersion != KnownAbi)
            {
                throw new DllNotFoundException(string.Format(
                    "'{0}' has ABI version {1}, this client needs {2}. Install the library and the client of one release.", Path, AbiVersion, KnownAbi));
            }
            Version = Marshal.PtrToStringAnsi(library.Bind<VersionOf>("redemption_version")());
            reset = library.Bind<ResetRedemption>("reset_redemption");
            call = library.Bind<RedemptionCall>("redemption_call");
            status = library.Bind<ResultStatus>("redemption_result_status");
            json = library.Bind<ResultText>("redemption_result_json");
            message = library.Bind<ResultText>("redemption_result_message");
            free = library.Bind<ResultFree>("redemption_result_free");
            statusName = library.Bind<StatusName>("redemption_status_name");
            cancelNew = library.Bind<CancelNew>("redemption_cancel_new");
            cancel = library.Bind<CancelUse>("redemption_cancel");
            cancelFree = library.Bind<CancelUse>("redemption_cancel_free");
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate ResultHandle ResetRedemption(byte[] userId, byte[] email, byte[] options);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate ResultHandle RedemptionCall(byte[] request);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int ResultStatus(ResultHandle result);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr ResultText(ResultHandle result, out UIntPtr length);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void ResultFree(IntPtr result);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr StatusName(int status);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr VersionOf();

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate uint AbiVersionOf();

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate ulong CancelNew();

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void CancelUse(ulong id);

        /// <summary>Loads the library at first use. A failure is not kept, so the next call tries again.</summary>
        internal static Native Instance
        {
            get
            {
                if (instance != null) return instance;
                lock (Loading)
                {
                    return instance ?? (instance = new Native(LibrarySearch.Load()));
                }
            }
        }

        internal string Path { get; private set; }

        internal string Version { get; private set; }

        internal int AbiVersion { get; private set; }

        internal CallResult Call(string request)
        {
            var bytes = Utf8(request);
            try
            {
                return Read(call(bytes));
            }
            finally
            {
                Wipe(bytes);
            }
        }

        internal CallResult Reset(string userId, string email, string options)
        {
            var bytes = Utf8(options);
            try
            {
                return Read(reset(Utf8(userId), Utf8(email), bytes));
            }
            finally
            {
                Wipe(bytes);
            }
        }

        internal ulong NewCancel()
        {
            return cancelNew();
        }

        internal void Cancel(ulong id)
        {
            cancel(id);
        }

        internal void FreeCancel(ulong id)
        {
            cancelFree(id);
        }

        internal void Free(IntPtr result)
        {
            free(result);
        }

        private CallResult Read(ResultHandle result)
        {
            using (result)
            {
                var code = status(result);
                return new CallResult(code, Marshal.PtrToStringAnsi(statusName(code)), Text(message, result), Text(json, result));
            }
        }

        private static string Text(ResultText get, ResultHandle result)
        {
            UIntPtr length;
            var text = get(result, out length);
            if (text == IntPtr.Zero) return "";
            var bytes = new byte[checked((int)length)];
            Marshal.Copy(text, bytes, 0, bytes.Length);
            return Encoding.UTF8.GetString(bytes);
        }

        /// <summary>
        /// NUL-terminated. A NUL inside would cut the text short without a word; another control character in its
        /// place is refused by the library, as it is nowhere allowed.
        /// </summary>
        private static byte[] Utf8(string text)
        {
            if (text == null) return null;
            text = text.Replace('\0', '\u0001');
            var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
            Encoding.UTF8.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }

        /// <summary>The bytes may hold a token or a client secret.</summary>
        private static void Wipe(byte[] bytes)
        {
            Array.Clear(bytes, 0, bytes.Length);
        }

        /// <summary>A result of the library, freed exactly once.</summary>
        private sealed class ResultHandle : SafeHandle
        {
            private ResultHandle() : base(IntPtr.Zero, true)
            {
            }

            public override bool IsInvalid
            {
                get { return handle == IntPtr.Zero; }
            }

            protected override bool ReleaseHandle()
            {
                instance.Free(handle);
                return true;
            }
        }
    }
}
