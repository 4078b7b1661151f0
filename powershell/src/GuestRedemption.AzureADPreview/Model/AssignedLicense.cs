using System.Collections.Generic;
using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A licence of a user.</summary>
    public class AssignedLicense
    {
        /// <summary>Ids of the service plans of the licence that are switched off.</summary>
        public List<string> DisabledPlans { get; set; }

        /// <summary>Id of the licence.</summary>
        public string SkuId { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
