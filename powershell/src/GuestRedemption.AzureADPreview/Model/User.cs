using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.MSGraph.Model
{
    /// <summary>The user an invitation is for, named by object id.</summary>
    public class User
    {
        /// <summary>A user without an id yet.</summary>
        public User()
        {
        }

        /// <summary>The user with this object id.</summary>
        public User(string id)
        {
            Id = id;
        }

        /// <summary>The object id.</summary>
        public string Id { get; set; }

        /// <summary>The OData type; kept for old scripts, never sent.</summary>
        public string OdataType { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
