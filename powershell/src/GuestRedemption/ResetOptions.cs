using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>Options of a reset. What is null is left to the library's default.</summary>
    public sealed class ResetOptions
    {
        public string InviteRedirectUrl { get; set; }

        public bool? SendInvitationMessage { get; set; }

        public string CustomizedMessageBody { get; set; }

        public string MessageLanguage { get; set; }

        public string CcRecipient { get; set; }

        public string InvitedUserDisplayName { get; set; }

        /// <summary>Where a new address is written first: mail, other_mails or none.</summary>
        public string Address { get; set; }

        /// <summary>What happens to the old one: leave, keep or remove.</summary>
        public string OldAddress { get; set; }

        public bool? UndoOnFailure { get; set; }

        /// <summary>state, full or none.</summary>
        public string Verify { get; set; }

        public int? VerifyTimeoutMilliseconds { get; set; }

        public bool? DryRun { get; set; }

        /// <summary>Time limit of the whole call.</summary>
        public int? TimeoutMilliseconds { get; set; }

        public Dictionary<string, object> ToDictionary()
        {
            var options = new Dictionary<string, object>();
            Add(options, "invite_redirect_url", InviteRedirectUrl);
            Add(options, "send_invitation_message", SendInvitationMessage);
            Add(options, "customized_message_body", CustomizedMessageBody);
            Add(options, "message_language", MessageLanguage);
            Add(options, "cc_recipient", CcRecipient);
            Add(options, "invited_user_display_name", InvitedUserDisplayName);
            Add(options, "address", Address);
            Add(options, "old_address", OldAddress);
            Add(options, "undo_on_failure", UndoOnFailure);
            Add(options, "verify", Verify);
            Add(options, "verify_timeout_ms", VerifyTimeoutMilliseconds);
            Add(options, "dry_run", DryRun);
            Add(options, "timeout_ms", TimeoutMilliseconds);
            return options;
        }

        private static void Add(Dictionary<string, object> options, string key, object value)
        {
            if (value != null) options[key] = value;
        }
    }
}
