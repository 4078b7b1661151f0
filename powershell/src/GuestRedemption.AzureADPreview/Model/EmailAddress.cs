using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.MSGraph.Model
{
    /// <summary>An e-mail address and the name to show with it.</summary>
    public class EmailAddress
    {
        /// <summary>The address.</summary>
        public string Address { get; set; }

        /// <summary>The name to show.</summary>
        public string Name { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
