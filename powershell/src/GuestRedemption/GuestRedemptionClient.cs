using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>Typed calls for C# programs; failures are exceptions.</summary>
    public sealed class GuestRedemptionClient
    {
        private readonly IDictionary<string, object> auth;

        /// <summary>Signs in as the environment variables say.</summary>
        public GuestRedemptionClient() : this(null)
        {
        }

        /// <summary><paramref name="auth"/>: the option "auth" of the C ABI, such as a grant with its secret.</summary>
        public GuestRedemptionClient(IDictionary<string, object> auth)
        {
            this.auth = auth;
        }

        /// <summary>Resets a guest; <paramref name="email"/> null means its own address.</summary>
        /// <exception cref="GuestRedemptionException">Not reset, or not known to be; its Report tells how far it got.</exception>
        public ResetResult Reset(string userId, string email = null, ResetOptions options = null, Cancellation cancel = null)
        {
            var answer = Client.Reset(userId, email, WithAuth(options), cancel);
            return ResetResult.From(answer.EnsureOk());
        }

        /// <summary>What <see cref="Reset"/> would do. Changes nothing.</summary>
        public Plan PlanReset(string userId, string email = null, ResetOptions options = null, Cancellation cancel = null)
        {
            var request = WithAuth(options);
            request["op"] = "reset.plan";
            request["user_id"] = userId;
            if (email != null) request["email"] = email;
            var answer = Client.Call(request, cancel);
            return Plan.From(answer, (options ?? new ResetOptions()).ToDictionary()) ?? throw new GuestRedemptionException(answer);
        }

        private Dictionary<string, object> WithAuth(ResetOptions options)
        {
            var all = (options ?? new ResetOptions()).ToDictionary();
            if (auth != null) all["auth"] = auth;
            return all;
        }
    }
}
