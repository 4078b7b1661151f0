using System.Collections.Generic;
using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.MSGraph.Model
{
    /// <summary>What the invitation mail says and who gets a copy.</summary>
    public class InvitedUserMessageInfo
    {
        /// <summary>Recipients of a copy; the service sends to the first alone.</summary>
        public List<Recipient> CcRecipients { get; set; }

        /// <summary>Text that replaces the standard message.</summary>
        public string CustomizedMessageBody { get; set; }

        /// <summary>Language of the standard message, such as en-US.</summary>
        public string MessageLanguage { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
