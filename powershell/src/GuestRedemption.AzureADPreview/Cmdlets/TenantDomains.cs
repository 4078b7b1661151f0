using System.Collections.Generic;
using System.Linq;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>The domains of the tenant that was signed in to, which no token tells. Read once for each session.</summary>
    internal sealed class TenantDomains
    {
        private static volatile TenantDomains known;

        private readonly string session;

        private TenantDomains(string session, IEnumerable<VerifiedDomain> domains)
        {
            this.session = session;
            Default = domains.FirstOrDefault(domain => domain._Default == true)?.Name;
            Initial = domains.FirstOrDefault(domain => domain.Initial == true)?.Name;
        }

        /// <summary>Null where it could not be read.</summary>
        internal string Default { get; }

        /// <summary>Null where it could not be read.</summary>
        internal string Initial { get; }

        /// <summary>What is asked, quickly: nobody waits long for a name to show.</summary>
        internal static IDictionary<string, object> Request => new Dictionary<string, object>
        {
            ["op"] = "tenant.get",
            ["select"] = new[] { "verifiedDomains" },
            ["timeout_ms"] = 5000,
            ["retry"] = new Dictionary<string, object> { ["max_attempts"] = 1 },
        };

        /// <summary>Those of this session, if they were read.</summary>
        internal static TenantDomains Of(string session)
        {
            var domains = known;
            return domains != null && domains.session == session ? domains : null;
        }

        /// <summary>Keeps the answer, a refusal too: the caller would be refused again.</summary>
        internal static TenantDomains Keep(string session, CallResult answer)
        {
            return known = new TenantDomains(session, TenantMapping.Domains(answer.Result.Object("tenant")));
        }
    }
}
