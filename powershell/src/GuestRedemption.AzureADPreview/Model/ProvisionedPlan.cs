using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A service plan as far as it has been set up.</summary>
    public class ProvisionedPlan
    {
        /// <summary>Such as Enabled.</summary>
        public string CapabilityStatus { get; set; }

        /// <summary>Such as Success.</summary>
        public string ProvisioningStatus { get; set; }

        /// <summary>Such as exchange.</summary>
        public string Service { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
