using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Parameters that our cmdlets take as the old ones did, but that the service no longer serves.</summary>
    internal static class Limits
    {
        /// <summary>The reasons against a call with these parameters.</summary>
        internal static IEnumerable<string> Of(string command, ICollection<string> parameters, Func<string, Ast> argument)
        {
            if (!command.Equals("Connect-AzureAD", StringComparison.OrdinalIgnoreCase)) yield break;
            if (parameters.Contains("Credential"))
                yield return Messages.Text("scan.credential");
            if (parameters.Contains("AadAccessToken") && !parameters.Contains("MsAccessToken"))
                yield return Messages.Text("scan.oldToken");
            if (string.Equals(Arguments.Constant(argument("AzureEnvironmentName")), "AzureGermanyCloud", StringComparison.OrdinalIgnoreCase))
                yield return Messages.Text("connect.noGermany");
        }
    }
}
