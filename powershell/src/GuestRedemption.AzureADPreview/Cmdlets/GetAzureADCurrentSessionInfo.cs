using System.Management.Automation;
using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.Azure.AD.CommonLibrary
{
    /// <summary>Who is signed in, and where.</summary>
    [Cmdlet(VerbsCommon.Get, "AzureADCurrentSessionInfo", SupportsShouldProcess = true)]
    [OutputType(typeof(PSAzureContext))]
    public sealed class GetAzureADCurrentSessionInfo : AzureADCmdlet
    {
        protected override void ProcessRecord()
        {
            WriteObject(new PSAzureContext(RequireSession(), Domains()));
        }
    }
}
