using System;
using System.Collections.Generic;
using System.Management.Automation.Host;

namespace GuestRedemption.PowerShell
{
    /// <summary>Values of the library's option "auth".</summary>
    public static class Grant
    {
        private static readonly string[] CredentialVariables =
        {
            "GUEST_REDEMPTION_ACCESS_TOKEN", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE",
        };

        /// <summary>The grant with these members, name and value in turn; those that are null are left out.</summary>
        public static Dictionary<string, object> Of(string grant, params string[] members)
        {
            var auth = new Dictionary<string, object> { { "grant", grant } };
            for (var i = 0; i < members.Length; i += 2)
            {
                if (members[i + 1] != null) auth[members[i]] = members[i + 1];
            }
            return auth;
        }

        /// <summary>
        /// What the environment holds. Where it holds nothing and a person is there, that person signs in with a
        /// browser; half a credential is a mistake to be told, not to be passed over.
        /// </summary>
        public static Dictionary<string, object> OfEnvironmentOrBrowser(string tenantId, string loginHint, PSHost host)
        {
            var variables = EnvironmentVariables.Read();
            var holdsCredential = Array.Exists(CredentialVariables, name => !string.IsNullOrEmpty(variables.Text(name)));
            if (holdsCredential || !IsAttended(host)) return Of("environment");
            var tenant = tenantId ?? variables.Text("AZURE_TENANT_ID");
            return Of("browser", "tenant_id", string.IsNullOrEmpty(tenant) ? null : tenant, "login_hint", loginHint);
        }

        /// <summary>A scheduled task or a pipeline must not wait for a browser that nobody sees.</summary>
        private static bool IsAttended(PSHost host)
        {
            return Environment.UserInteractive && !(host.Name == "ConsoleHost" && Console.IsInputRedirected);
        }
    }
}
