using System.Management.Automation;
using GuestRedemption.AzureADPreview;
using GuestRedemption.PowerShell;

namespace Microsoft.Open.Azure.AD.CommonLibrary
{
    /// <summary>Ends the session, if there is one.</summary>
    [Cmdlet(VerbsCommunications.Disconnect, "AzureAD", SupportsShouldProcess = true)]
    public sealed class DisconnectAzureAD : AzureADCmdlet
    {
        protected override void ProcessRecord()
        {
            var session = Connection.Current;
            if (session != null && ShouldProcess(session.TenantId, "Disconnect-AzureAD")) Connection.Disconnect();
        }
    }
}
