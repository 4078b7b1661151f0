namespace Microsoft.Open.MSGraph.Model
{
    /// <summary>An invitation as the service answered it. The order of the properties is the old module's.</summary>
    public class Invitation
    {
        /// <summary>The invitation's id, which is not the user's.</summary>
        public string Id { get; set; }

        /// <summary>The display name asked for.</summary>
        public string InvitedUserDisplayName { get; set; }

        /// <summary>The invited address.</summary>
        public string InvitedUserEmailAddress { get; set; }

        /// <summary>Whether the service sends the invitation by mail.</summary>
        public bool? SendInvitationMessage { get; set; }

        /// <summary>Where the guest accepts the invitation. Whoever has it can try to accept: a secret.</summary>
        public string InviteRedeemUrl { get; set; }

        /// <summary>Where the guest is sent afterwards.</summary>
        public string InviteRedirectUrl { get; set; }

        /// <summary>The user the invitation is for.</summary>
        public User InvitedUser { get; set; }

        /// <summary>The mail's text and copies.</summary>
        public InvitedUserMessageInfo InvitedUserMessageInfo { get; set; }

        /// <summary>Guest or Member.</summary>
        public string InvitedUserType { get; set; }

        /// <summary>PendingAcceptance, Completed, InProgress or Error.</summary>
        public string Status { get; set; }
    }
}
