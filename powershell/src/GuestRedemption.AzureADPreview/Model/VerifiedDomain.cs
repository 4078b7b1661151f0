using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A domain of a tenant.</summary>
    public class VerifiedDomain
    {
        /// <summary>What the domain is used for, such as Email.</summary>
        public string Capabilities { get; set; }

        /// <summary>Whether new users get it.</summary>
        public bool? _Default { get; set; }

        /// <summary>Always empty: today's service has no ids of domains.</summary>
        public string Id { get; set; }

        /// <summary>Whether the tenant was made with it; it ends in onmicrosoft.com.</summary>
        public bool? Initial { get; set; }

        /// <summary>The domain.</summary>
        public string Name { get; set; }

        /// <summary>Managed or Federated.</summary>
        public string Type { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
