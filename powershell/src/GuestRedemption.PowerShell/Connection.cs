using System;
using System.Collections.Generic;

namespace GuestRedemption.PowerShell
{
    /// <summary>The sign-in that all cmdlets of this process use, in whatever runspace they run.</summary>
    public static class Connection
    {
        /// <summary>How long a person has for a sign-in.</summary>
        private const int PersonMilliseconds = 15 * 60 * 1000;

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
        /// Signs in and makes it the current connection; an earlier one ends only when this one succeeds. A person who
        /// has to sign in is told by <paramref name="show"/>; <paramref name="tell"/> gets each answer of the library.
        /// </summary>
        /// <exception cref="GuestRedemptionException">The sign-in failed.</exception>
        public static ConnectionContext Connect(SignIn signIn, Action<IDictionary<string, object>> show, Action<CallResult> tell, Cancellation cancel)
        {
            State state;
            try
            {
                state = Begin(signIn, show, tell, cancel);
            }
            catch
            {
                signIn.End();
                throw;
            }
            Replace(state);
            return state.Context;
        }

        /// <summary>Ends the current connection, if there is one, and the sandbox it started.</summary>
        public static void Disconnect()
        {
            Replace(null);
        }

        /// <summary>A copy of the request with the current session's sign-in, unless it names one itself.</summary>
        internal static IDictionary<string, object> Apply(IDictionary<string, object> request)
        {
            var state = current;
            if (state == null || request.ContainsKey("auth")) return request;
            var all = new Dictionary<string, object>(request);
            all["auth"] = Grant.Of("session", "session", state.Session);
            state.SignIn.AddNetwork(all);
            return all;
        }

        /// <summary>The current connection as it is now: a token may have been renewed since.</summary>
        internal static ConnectionContext Refresh()
        {
            var state = current;
            if (state == null) return null;
            var answer = Client.Call(state.SignIn.OnSession("session.show", state.Session));
            return answer.IsOk ? new ConnectionContext(answer.Result, state.Context.Sandbox) : state.Context;
        }

        /// <summary>"login_url" and "graph_url" of the sign-in's cloud, which the library alone knows.</summary>
        internal static IDictionary<string, object> Hosts(SignIn signIn)
        {
            // beginning with this grant asks nobody anything
            var session = Client.Call(signIn.Begin(Grant.Of("azure_cli"))).EnsureOk().Result.Text("session");
            var shown = Client.Call(signIn.OnSession("session.show", session)).EnsureOk().Result;
            Client.Call(signIn.OnSession("session.end", session));
            return shown;
        }

        private static State Begin(SignIn signIn, Action<IDictionary<string, object>> show, Action<CallResult> tell, Cancellation cancel)
        {
            var first = Client.Call(signIn.Begin(signIn.Auth), cancel);
            tell(first);
            var begun = first.EnsureOk().Result;
            var session = begun.Text("session");
            try
            {
                var wait = signIn.OnSession("session.wait", session);
                var prompt = begun.Object("prompt");
                if (prompt != null)
                {
                    show(prompt);
                    wait["timeout_ms"] = PersonMilliseconds;
                }
                var answer = Client.Call(wait, cancel);
                tell(answer);
                return new State(session, signIn, new ConnectionContext(answer.EnsureOk().Result, signIn.Sandbox));
            }
            catch
            {
                Client.Call(signIn.OnSession("session.end", session));
                throw;
            }
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
            Client.Call(previous.SignIn.OnSession("session.end", previous.Session));
            previous.SignIn.End();
        }

        private sealed class State
        {
            internal State(string session, SignIn signIn, ConnectionContext context)
            {
                Session = session;
                SignIn = signIn;
                Context = context;
            }

            internal string Session { get; private set; }

            internal SignIn SignIn { get; private set; }

            internal ConnectionContext Context { get; private set; }
        }
    }
}
