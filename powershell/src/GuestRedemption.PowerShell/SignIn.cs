using System;
using System.Collections.Generic;

namespace GuestRedemption.PowerShell
{
    /// <summary>How to sign in, where, and over which network. It lives as long as its session.</summary>
    public sealed class SignIn
    {
        /// <summary>The grant; see <see cref="Grant"/>.</summary>
        public IDictionary<string, object> Auth { get; set; }

        /// <summary>The library's word for the cloud; null for its default.</summary>
        public string Cloud { get; set; }

        /// <summary>Variables that stand in for the process's in every call of the session; null for the process's.</summary>
        public IDictionary<string, object> Environment { get; set; }

        /// <summary>Address of a proxy, which may hold a password; null for the system's.</summary>
        public string Proxy { get; set; }

        /// <summary>Full path of a PEM file of further roots; null for the system's alone.</summary>
        public string CaFile { get; set; }

        /// <summary>What the grant needs for as long as the session lasts; disposed with it.</summary>
        public IDisposable Needs { get; set; }

        internal SandboxProcess Sandbox { get; set; }

        /// <summary>Ends what only this session needs.</summary>
        internal void End()
        {
            if (Needs != null) Needs.Dispose();
            if (Sandbox != null) Sandbox.Stop();
        }

        internal Dictionary<string, object> Begin(IDictionary<string, object> auth)
        {
            var request = new Dictionary<string, object> { { "op", "session.begin" }, { "auth", auth } };
            if (Cloud != null) request["cloud"] = Cloud;
            AddNetwork(request);
            return request;
        }

        /// <summary>An operation on the session itself.</summary>
        internal Dictionary<string, object> OnSession(string operation, string session)
        {
            var request = new Dictionary<string, object> { { "op", operation }, { "session", session } };
            AddNetwork(request);
            return request;
        }

        /// <summary>Every call of a session goes the way its sign-in went, unless it says otherwise itself.</summary>
        internal void AddNetwork(IDictionary<string, object> request)
        {
            AddMissing(request, "environment", Environment);
            AddMissing(request, "proxy", Proxy);
            AddMissing(request, "ca_file", CaFile);
        }

        private static void AddMissing(IDictionary<string, object> request, string key, object value)
        {
            if (value != null && !request.ContainsKey(key)) request[key] = value;
        }
    }
}
