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
            return Run(cmdlet, "Invoke-MgGraphRequest", MgScript, null, Messages.Text("modules.connectMgGraph"));
        }

        /// <summary>A token of Connect-AzAccount for this Graph, which is a string or, from newer versions, a SecureString.</summary>
        internal static string AzToken(PSCmdlet cmdlet, string graphUrl, string tenantId)
        {
            var with = new Hashtable { { "ResourceUrl", graphUrl } };
            if (tenantId != null) with["TenantId"] = tenantId;
            return Run(cmdlet, "Get-AzAccessToken", AzScript, with, Messages.Text("modules.connectAz"));
        }

        private static string Run(PSCmdlet cmdlet, string command, string script, object argument, string hint)
        {
            if (cmdlet.InvokeCommand.GetCommand(command, CommandTypes.All) == null) throw Unavailable(Messages.Text("modules.noCommand", command), hint);
            try
            {
                var answer = cmdlet.InvokeCommand.InvokeScript(true, ScriptBlock.Create(script), null, argument);
                var token = answer.Count == 1 ? Secret.Plain(answer[0]) : null;
                return string.IsNullOrEmpty(token) ? throw Unavailable(Messages.Text("modules.noToken", command), hint) : token;
            }
            catch (PipelineStoppedException)
            {
                throw;
            }
            catch (RuntimeException e)
            {
                throw Unavailable(Messages.Text("modules.failed", command, e.Message), hint, e);
            }
        }

        private static SignInException Unavailable(string message, string hint, Exception cause = null)
        {
            return new SignInException("GRANT_UNAVAILABLE", message, hint, cause);
        }
    }
}
