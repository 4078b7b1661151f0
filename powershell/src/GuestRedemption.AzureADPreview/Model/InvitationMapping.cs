using System.Collections.Generic;
using System.Linq;
using Microsoft.Open.MSGraph.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Microsoft Graph's invitation as the old module's invitation.</summary>
    internal static class InvitationMapping
    {
        internal static Invitation FromGraph(IDictionary<string, object> graph, string redeemUrl)
        {
            return new Invitation
            {
                Id = graph.Text("id"),
                InvitedUserDisplayName = graph.Text("invitedUserDisplayName"),
                InvitedUserEmailAddress = graph.Text("invitedUserEmailAddress"),
                SendInvitationMessage = graph.Flag("sendInvitationMessage"),
                InviteRedeemUrl = redeemUrl,
                InviteRedirectUrl = graph.Text("inviteRedirectUrl"),
                InvitedUser = new User(graph.Object("invitedUser").Text("id")),
                InvitedUserMessageInfo = Message(graph.Object("invitedUserMessageInfo")),
                InvitedUserType = graph.Text("invitedUserType"),
                Status = graph.Text("status"),
            };
        }

        private static InvitedUserMessageInfo Message(IDictionary<string, object> graph)
        {
            return new InvitedUserMessageInfo
            {
                CcRecipients = graph.Objects("ccRecipients", Copy).ToList(),
                CustomizedMessageBody = graph.Text("customizedMessageBody"),
                MessageLanguage = graph.Text("messageLanguage"),
            };
        }

        private static Recipient Copy(IDictionary<string, object> graph)
        {
            var address = graph.Object("emailAddress");
            return new Recipient(new EmailAddress { Address = address.Text("address"), Name = address.Text("name") });
        }
    }
}
