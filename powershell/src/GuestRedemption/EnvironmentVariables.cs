using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>
    /// The variables the native library reads. On Linux and macOS a variable set inside .NET (PowerShell's $env:)
    /// never reaches getenv, so they travel with each request.
    /// </summary>
    public static class EnvironmentVariables
    {
        private static readonly string[] Names =
        {
            "GUEST_REDEMPTION_ACCESS_TOKEN", "GUEST_REDEMPTION_GRAPH_URL", "GUEST_REDEMPTION_LOGIN_URL",
            "GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP",
            "GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS",
            "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH",
            "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST",
            "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_POD_IDENTITY_AUTHORITY_HOST",
            "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "all_proxy", "no_proxy",
        };

        /// <summary>Those that are set, as .NET sees them.</summary>
        public static Dictionary<string, object> Read()
        {
            var set = new Dictionary<string, object>();
            foreach (var name in Names)
            {
                var value = Environment.GetEnvironmentVariable(name);
                if (value != null) set[name] = value;
            }
            return set;
        }
    }
}
