using System;
using System.Collections;
using System.Management.Automation;
using System.Net.Http;

namespace GuestRedemption.PowerShell
{
    /// <summary>Tokens of those who have signed in with another module in this runspace.</summary>
    internal static class OtherModules
    {
        // Any answer will do, a refusal too: what counts is the token that it was asked with.
        private const string MgScript = "Invoke-MgGraphRequest -Method GET -Uri 'v1.0/organization?$select=id' -OutputType HttpResponseMessage -SkipHttpErrorCheck -ErrorAction Stop";
        private const string AzScript = "param($with) Get-AzAccessToken @with -ErrorAction Stop -WarningAction SilentlyContinue";

        /// <summary>The token of Connect-MgGraph.</summary>
        internal static string MgToken(PSCmdlet cmdlet)
        {
            const string hint = "Run Connect-MgGraph first, of the module Microsoft.Graph.Authentication";
            var answer = Run(cmdlet, "Invoke-MgGraphRequest", MgScript, null, hint);
            using (var response = answer.BaseObject as HttpResponseMessage)
            {
                var header = response == null || response.RequestMessage == null ? null : response.RequestMessage.Headers.Authorization;
                if (header == null || string.IsNullOrEmpty(header.Parameter)) throw NoToken("Invoke-MgGraphRequest", hint);
                return header.Parameter;
            }
        }

        /// <summary>A token of Connect-AzAccount for this Graph.</summary>
        internal static string AzToken(PSCmdlet cmdlet, string graphUrl, string tenantId)
        {
            const string hint = "Run Connect-AzAccount first, of the module Az.Accounts";
            var with = new Hashtable { { "ResourceUrl", graphUrl } };
            if (tenantId != null) with["TenantId"] = tenantId;
            var token = Run(cmdlet, "Get-AzAccessToken", AzScript, with, hint).Properties["Token"];
            var plain = token == null ? null : Secret.Plain(token.Value);
            if (string.IsNullOrEmpty(plain)) throw NoToken("Get-AzAccessToken", hint);
            return plain;
        }

        private static PSObject Run(PSCmdlet cmdlet, string command, string script, object argument, string hint)
        {
            if (cmdlet.InvokeCommand.GetCommand(command, CommandTypes.All) == null) throw new SignInException("GRANT_UNAVAILABLE", "the command " + command + " is not there", hint);
            try
            {
                var answer = cmdlet.InvokeCommand.InvokeScript(true, ScriptBlock.Create(script), null, argument);
                if (answer.Count > 0 && answer[0] != null) return answer[0];
            }
            catch (PipelineStoppedException)
            {
                throw;
            }
            catch (RuntimeException e)
            {
                throw new SignInException("GRANT_UNAVAILABLE", command + " failed: " + e.Message, hint, e);
            }
            throw NoToken(command, hint);
        }

        private static Exception NoToken(string command, string hint)
        {
            return new SignInException("GRANT_UNAVAILABLE", command + " gave no token", hint);
        }
    }
}
