using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>The C ABI of guest_redemption for .NET. Every member may be used from any thread.</summary>
    public static class Client
    {
        /// <summary>Version of the native library, such as "0.1.0".</summary>
        public static string Version
        {
            get { return Native.Instance.Version; }
        }

        /// <summary>Version of the native library's C ABI; loading refuses all but the one this client knows.</summary>
        public static int AbiVersion
        {
            get { return Native.Instance.AbiVersion; }
        }

        /// <summary>Full path of the native library in use.</summary>
        public static string LibraryPath
        {
            get { return Native.Instance.Path; }
        }

        /// <summary>Names the folder that holds <c>runtimes</c>. To be called before the first call of anything else.</summary>
        public static void UseLibrarySearch(string moduleBase)
        {
            LibrarySearch.Base = moduleBase;
        }

        /// <summary>
        /// Runs one operation: <paramref name="request"/> holds "op", the operation's members and the common options.
        /// What goes wrong is told by the result's status, not by an exception.
        /// </summary>
        public static CallResult Call(IDictionary<string, object> request, Cancellation cancel = null)
        {
            if (request == null) throw new ArgumentNullException("request");
            var text = Json.Write(WithContext(request, cancel));
            return Native.Instance.Call(text);
        }

        /// <summary>
        /// Resets the redemption of one guest. <paramref name="email"/> null means the guest's own address,
        /// <paramref name="options"/> null the defaults.
        /// </summary>
        public static CallResult Reset(string userId, string email, IDictionary<string, object> options, Cancellation cancel = null)
        {
            var text = Json.Write(WithContext(options ?? new Dictionary<string, object>(), cancel));
            return Native.Instance.Reset(userId, email, text);
        }

        /// <summary>Adds what the library cannot see by itself: .NET's environment variables and the cancel object.</summary>
        internal static Dictionary<string, object> WithContext(IDictionary<string, object> options, Cancellation cancel)
        {
            var all = new Dictionary<string, object>(options);
            if (!all.ContainsKey("environment")) all["environment"] = EnvironmentVariables.Read();
            if (cancel != null) all["cancel_id"] = cancel.Id;
            return all;
        }
    }
}
