using System.Collections.Generic;
using System.Management.Automation;
using GuestRedemption;
using GuestRedemption.AzureADPreview;
using Microsoft.Open.AzureAD.Model;

namespace Microsoft.Open.AzureAD16.PowerShell
{
    /// <summary>The tenant that was signed in to.</summary>
    [Cmdlet(VerbsCommon.Get, "AzureADTenantDetail")]
    [OutputType(typeof(TenantDetail))]
    public sealed class GetTenantDetails : AzureAD16Cmdlet
    {
        /// <summary>Accepted because old scripts write it; there is one tenant.</summary>
        [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public bool? All { get; set; }

        /// <summary>The same.</summary>
        [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public int? Top { get; set; }

        protected override void ProcessRecord()
        {
            var result = Call(new Dictionary<string, object> { ["op"] = "tenant.get", ["select"] = TenantMapping.Selected });
            WriteObject(TenantMapping.FromGraph(result.Object("tenant")));
        }
    }
}
