using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A name for signing in to a local account.</summary>
    public class SignInName
    {
        /// <summary>userName or emailAddress.</summary>
        public string Type { get; set; }

        /// <summary>The name.</summary>
        public string Value { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
