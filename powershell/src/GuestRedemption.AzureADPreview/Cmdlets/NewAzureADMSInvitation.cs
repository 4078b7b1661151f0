using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using GuestRedemption;
using GuestRedemption.AzureADPreview;
using Microsoft.Open.MSGraph.Model;
using Microsoft.Open.MSGraphBeta.Client;

namespace Microsoft.Open.MSGraphBeta.PowerShell
{
    /// <summary>One invitation, sent as given: no plan, no address change, no check afterwards.</summary>
    [Cmdlet(VerbsCommon.New, "AzureADMSInvitation")]
    [OutputType(typeof(Invitation))]
    public sealed class NewAzureADMSInvitation : ServiceCmdlet
    {
        [Parameter(Mandatory = true)]
        public string InvitedUserEmailAddress { get; set; }

        [Parameter(Mandatory = true)]
        public string InviteRedirectUrl { get; set; }

        [Parameter]
        public string InvitedUserDisplayName { get; set; }

        [Parameter]
        public bool? SendInvitationMessage { get; set; }

        [Parameter]
        [ModelArgument(typeof(User))]
        public User InvitedUser { get; set; }

        [Parameter]
        [ModelArgument(typeof(InvitedUserMessageInfo))]
        public InvitedUserMessageInfo InvitedUserMessageInfo { get; set; }

        [Parameter]
        public string InvitedUserType { get; set; }

        [Parameter]
        public bool? ResetRedemption { get; set; }

        protected override void ProcessRecord()
        {
            RefuseWithoutId();
            var result = Call(new Dictionary<string, object> { ["op"] = "invitation.create", ["invitation"] = Body() });
            WriteObject(InvitationMapping.FromGraph(result.Object("invitation"), result.Text("invite_redeem_url")));
        }

        private protected override Exception ToException(OldErrorText error)
        {
            var text = error.Describe(Executing, inInnerError: true);
            return new ApiException(text, error.HttpStatus, new ErrorContent(error.Code, error.Message));
        }

        /// <summary>
        /// A script goes on after a failed Get-AzureADUser, and the user it then passes has no id: without this check
        /// it would invite a new guest instead of resetting the one it means.
        /// </summary>
        private void RefuseWithoutId()
        {
            var missing = InvitedUser == null ? ResetRedemption == true : string.IsNullOrEmpty(InvitedUser.Id);
            if (!missing) return;
            End(new ArgumentException("-InvitedUser names no user: its Id is empty. Nothing was sent."));
        }

        private Dictionary<string, object> Body()
        {
            var body = new Dictionary<string, object>
            {
                ["invited_user_email_address"] = InvitedUserEmailAddress,
                ["invite_redirect_url"] = InviteRedirectUrl,
            };
            AddGiven(body, "invited_user_display_name", InvitedUserDisplayName);
            AddGiven(body, "invited_user_type", InvitedUserType);
            AddGiven(body, "send_invitation_message", SendInvitationMessage);
            AddGiven(body, "invited_user_message_info", Message());
            AddGiven(body, "invited_user", Target());
            AddGiven(body, "reset_redemption", ResetRedemption);
            return body;
        }

        /// <summary>The id alone: the service takes nothing else from here.</summary>
        private Dictionary<string, object> Target()
        {
            return InvitedUser == null ? null : new Dictionary<string, object> { ["id"] = InvitedUser.Id };
        }

        private Dictionary<string, object> Message()
        {
            if (InvitedUserMessageInfo == null) return null;
            var message = new Dictionary<string, object>();
            AddGiven(message, "customized_message_body", InvitedUserMessageInfo.CustomizedMessageBody);
            AddGiven(message, "message_language", InvitedUserMessageInfo.MessageLanguage);
            AddGiven(message, "cc_recipients", InvitedUserMessageInfo.CcRecipients?.Select(Copy).ToList());
            return message;
        }

        private static Dictionary<string, object> Copy(Recipient recipient)
        {
            var copy = new Dictionary<string, object>();
            AddGiven(copy, "address", recipient.EmailAddress?.Address);
            AddGiven(copy, "name", recipient.EmailAddress?.Name);
            return copy;
        }

        private static void AddGiven(IDictionary<string, object> members, string key, object value)
        {
            if (value != null) members[key] = value;
        }
    }
}
