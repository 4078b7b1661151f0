using System;
using System.Collections;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>Tokens of those who have signed in with another module in this runspace.</summary>
    internal static class OtherModules
    {
        // Any answer will do, a refusal too: what counts is the token that it was asked with.
        private const string MgScript =
            "(Invoke-MgGraphRequest -Method GET -Uri 'v1.0/organization?$select=id' -OutputType HttpResponseMessage -SkipHttpErrorCheck -ErrorAction Stop)" +
            ".RequestMessage.Headers.Authorization.Parameter";

        private const string AzScript = "param($with) (Get-AzAccessToken @with -ErrorAction Stop -WarningAction SilentlyContinue).Token";

        /// <summary>The token of Connect-MgGraph.</summary>
        internal static string MgToken(PSCmdlet cmdlet)
        {
            return Run(cmdlet, "Invoke-MgGraphRequest", MgScript, null, "Run Connect-MgGraph first, of the module Microsoft.Graph.Authentication");
        }

        /// <summary>A token of Connect-AzAccount for this Graph, which is a string or, from newer versions, a SecureString.</summary>
        internal static string AzToken(PSCmdlet cmdlet, string graphUrl, string tenantId)
        {
            var with = new Hashtable { { "ResourceUrl", graphUrl } };
            if (tenantId != null) with["TenantId"] = tenantId;
            return Run(cmdlet, "Get-AzAccessToken", AzScript, with, "Run Connect-AzAccount first, of the module Az.Accounts");
        }

        private static string Run(PSCmdlet cmdlet, string command, string script, object argument, string hint)
        {
            if (cmdlet.InvokeCommand.GetCommand(command, CommandTypes.All) == null) throw Unavailable("the command " + command + " is not there", hint);
            try
            {
                var answer = cmdlet.InvokeCommand.InvokeScript(true, ScriptBlock.Create(script), null, argument);
                var token = answer.Count == 1 ? Secret.Plain(answer[0]) : null;
                return string.IsNullOrEmpty(token) ? throw Unavailable(command + " gave no token", hint) : token;
            }
            catch (PipelineStoppedException)
            {
                throw;
            }
            catch (RuntimeException e)
            {
                throw Unavailable(command + " failed: " + e.Message, hint, e);
            }
        }

        private static SignInException Unavailable(string message, string hint, Exception cause = null)
        {
            return new SignInException("GRANT_UNAVAILABLE", message, hint, cause);
        }
    }
}
