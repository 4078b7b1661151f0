using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.MSGraph.Model
{
    /// <summary>Somebody who gets a copy of the invitation mail.</summary>
    public class Recipient
    {
        /// <summary>A recipient without an address yet.</summary>
        public Recipient()
        {
        }

        /// <summary>The recipient with this address.</summary>
        public Recipient(EmailAddress emailAddress)
        {
            EmailAddress = emailAddress;
        }

        /// <summary>The address.</summary>
        public EmailAddress EmailAddress { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
