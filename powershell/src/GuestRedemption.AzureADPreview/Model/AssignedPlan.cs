using System;
using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A service plan that a user or a tenant has.</summary>
    public class AssignedPlan
    {
        /// <summary>Since when; UTC.</summary>
        public DateTime? AssignedTimestamp { get; set; }

        /// <summary>Such as Enabled.</summary>
        public string CapabilityStatus { get; set; }

        /// <summary>Such as exchange.</summary>
        public string Service { get; set; }

        /// <summary>Id of the plan.</summary>
        public string ServicePlanId { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
