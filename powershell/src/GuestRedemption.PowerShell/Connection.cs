using System.Collections.Generic;

namespace GuestRedemption.PowerShell
{
    /// <summary>The sign-in that all cmdlets of this process use, in whatever runspace they run.</summary>
    public static class Connection
    {
        private static readonly object Changing = new object();
        private static volatile State current;

        /// <summary>Null when not connected; calls then sign in as the environment variables say.</summary>
        public static ConnectionContext Current
        {
            get
            {
                var state = current;
                return state == null ? null : state.Context;
            }
        }

        /// <summary>
        /// Signs in and makes it the current connection; an earlier one ends only when this one succeeds. Null for
        /// <paramref name="auth"/> means the environment, for <paramref name="cloud"/> the default. Variables in
        /// <paramref name="environment"/> stand in for the process's in every call of the session.
        /// </summary>
        /// <exception cref="GuestRedemptionException">The sign-in failed.</exception>
        public static ConnectionContext Connect(
            IDictionary<string, object> auth, string cloud, IDictionary<string, object> environment = null, Cancellation cancel = null)
        {
            return Connect(auth, cloud, environment, cancel, null);
        }

        /// <summary>Ends the current connection, if there is one, and the sandbox it started.</summary>
        public static void Disconnect()
        {
            Replace(null);
        }

        internal static ConnectionContext Connect(
            IDictionary<string, object> auth, string cloud, IDictionary<string, object> environment, Cancellation cancel, SandboxProcess sandbox)
        {
            var begin = new Dictionary<string, object> { { "op", "session.begin" } };
            if (auth != null) begin["auth"] = auth;
            if (cloud != null) begin["cloud"] = cloud;
            if (environment != null) begin["environment"] = environment;
            var session = Client.Call(begin, cancel).EnsureOk().Result.Text("session");
            var answer = Call("session.wait", session, environment, cancel);
            if (!answer.IsOk)
            {
                Call("session.end", session, environment, null);
                throw new GuestRedemptionException(answer);
            }
            var state = new State(session, environment, new ConnectionContext(answer.Result, sandbox));
            Replace(state);
            return state.Context;
        }

        /// <summary>A copy of the request with the current session's sign-in, unless it names one itself.</summary>
        internal static IDictionary<string, object> Apply(IDictionary<string, object> request)
        {
            var state = current;
            if (state == null || request.ContainsKey("auth")) return request;
            var all = new Dictionary<string, object>(request);
            all["auth"] = new Dictionary<string, object> { { "grant", "session" }, { "session", state.Session } };
            if (state.Environment != null && !all.ContainsKey("environment")) all["environment"] = state.Environment;
            return all;
        }

        /// <summary>The current connection as it is now: a token may have been renewed since.</summary>
        internal static ConnectionContext Refresh()
        {
            var state = current;
            if (state == null) return null;
            var answer = Call("session.show", state.Session, state.Environment, null);
            return answer.IsOk ? new ConnectionContext(answer.Result, state.Context.Sandbox) : state.Context;
        }

        private static void Replace(State next)
        {
            State previous;
            lock (Changing)
            {
                previous = current;
                current = next;
            }
            if (previous == null) return;
            Call("session.end", previous.Session, previous.Environment, null);
            if (previous.Context.Sandbox != null) previous.Context.Sandbox.Stop();
        }

        private static CallResult Call(string operation, string session, IDictionary<string, object> environment, Cancellation cancel)
        {
            var request = new Dictionary<string, object> { { "op", operation }, { "session", session } };
            if (environment != null) request["environment"] = environment;
            return Client.Call(request, cancel);
        }

        private sealed class State
        {
            internal State(string session, IDictionary<string, object> environment, ConnectionContext context)
            {
                Session = session;
                Environment = environment;
                Context = context;
            }

            internal string Session { get; private set; }

            internal IDictionary<string, object> Environment { get; private set; }

            internal ConnectionContext Context { get; private set; }
        }
    }
}
