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
        private readonly BatchStart batchStart;
        private readonly BatchAdd batchAdd;
        private readonly BatchUse batchFinish;
        private readonly BatchNext batchNext;
        private readonly BatchEnd batchCancel;
        private readonly BatchFree batchFree;

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
            batchStart = library.Bind<BatchStart>("redemption_batch_start");
            batchAdd = library.Bind<BatchAdd>("redemption_batch_add");
            batchFinish = library.Bind<BatchUse>("redemption_batch_finish");
            batchNext = library.Bind<BatchNext>("redemption_batch_next");
            batchCancel = library.Bind<BatchEnd>("redemption_batch_cancel");
            batchFree = library.Bind<BatchFree>("redemption_batch_free");
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

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int BatchStart(byte[] options, out IntPtr batch, out IntPtr why);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int BatchAdd(BatchHandle batch, ulong tag, byte[] userId, byte[] email, byte[] options, uint timeout);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int BatchUse(BatchHandle batch);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int BatchNext(BatchHandle batch, uint timeout, out ulong tag, out IntPtr result);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void BatchEnd(BatchHandle batch);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void BatchFree(IntPtr batch);

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

        /// <exception cref="GuestRedemptionException">It was not started.</exception>
        internal BatchHandle StartBatch(string options)
        {
            var bytes = Utf8(options);
            try
            {
                IntPtr batch, why;
                var code = batchStart(bytes, out batch, out why);
                if (why != IntPtr.Zero) throw new GuestRedemptionException(Read(new ResultHandle(why)));
                return code == 0 ? new BatchHandle(batch) : throw Failure(code);
            }
            finally
            {
                Wipe(bytes);
            }
        }

        internal int AddToBatch(BatchHandle batch, ulong tag, string userId, string email, string options, uint timeout)
        {
            return batchAdd(batch, tag, Utf8(userId), Utf8(email), Utf8(options), timeout);
        }

        internal void FinishBatch(BatchHandle batch)
        {
            batchFinish(batch);
        }

        /// <summary>The status, and a result when it is OK.</summary>
        internal int TakeFromBatch(BatchHandle batch, uint timeout, out ulong tag, out CallResult result)
        {
            IntPtr taken;
            var code = batchNext(batch, timeout, out tag, out taken);
            result = taken == IntPtr.Zero ? null : Read(new ResultHandle(taken));
            return code;
        }

        internal void CancelBatch(BatchHandle batch)
        {
            batchCancel(batch);
        }

        /// <summary>What a status says by itself, where the library gives no result with it.</summary>
        internal GuestRedemptionException Failure(int code)
        {
            return new GuestRedemptionException(new CallResult(code, Name(code), Name(code), "{}"));
        }

        private string Name(int code)
        {
            return Marshal.PtrToStringAnsi(statusName(code));
        }

        private CallResult Read(ResultHandle result)
        {
            using (result)
            {
                var code = status(result);
                return new CallResult(code, Name(code), Text(message, result), Text(json, result));
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
            internal ResultHandle(IntPtr result) : base(IntPtr.Zero, true)
            {
                SetHandle(result);
            }

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

        /// <summary>A batch of the library, freed exactly once, and not while a call uses it.</summary>
        internal sealed class BatchHandle : SafeHandle
        {
            internal BatchHandle(IntPtr batch) : base(IntPtr.Zero, true)
            {
                SetHandle(batch);
            }

            public override bool IsInvalid
            {
                get { return handle == IntPtr.Zero; }
            }

            protected override bool ReleaseHandle()
            {
                instance.batchFree(handle);
                return true;
            }
        }
    }
}
