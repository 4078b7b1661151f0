using System.Collections.Generic;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>What planning and doing a reset take alike.</summary>
    public abstract class ResetParametersCmdlet : GuestCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Alias("Id", "ObjectId", "UserPrincipalName")]
        [ValidateNotNull]
        [ArgumentCompleter(typeof(GuestCompleter))]
        public override string UserId { get; set; }

        [Parameter(ValueFromPipeline = true, DontShow = true)]
        public override PSObject InputObject { get; set; }

        /// <summary>The address to invite; without it the guest's own.</summary>
        [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
        public string NewEmail { get; set; }

        [Parameter]
        public string InviteRedirectUrl { get; set; }

        [Parameter]
        public SwitchParameter SendInvitationMessage { get; set; }

        [Parameter]
        public string CustomizedMessageBody { get; set; }

        [Parameter]
        [ArgumentCompleter(typeof(LanguageCompleter))]
        public string MessageLanguage { get; set; }

        [Parameter]
        public string CcRecipient { get; set; }

        /// <summary>Where a new address is written before the invitation.</summary>
        [Parameter]
        [ValidateSet("Mail", "OtherMails", "None")]
        public string Address { get; set; }

        [Parameter]
        [ValidateSet("Leave", "Keep", "Remove")]
        public string OldAddress { get; set; }

        [Parameter]
        public SwitchParameter UndoOnFailure { get; set; }

        /// <summary>Full compares assigned groups and app assignments too.</summary>
        [Parameter]
        [ValidateSet("State", "Full", "None")]
        public string Verify { get; set; }

        protected Dictionary<string, object> Options()
        {
            return new ResetOptions
            {
                InviteRedirectUrl = InviteRedirectUrl,
                SendInvitationMessage = SendInvitationMessage.IsPresent,
                CustomizedMessageBody = CustomizedMessageBody,
                MessageLanguage = MessageLanguage,
                CcRecipient = CcRecipient,
                Address = Lower(Address) == "othermails" ? "other_mails" : Lower(Address),
                OldAddress = Lower(OldAddress),
                UndoOnFailure = UndoOnFailure.IsPresent,
                Verify = Lower(Verify),
            }.ToDictionary();
        }

        /// <summary>Reads what a reset would do; changes nothing.</summary>
        protected CallResult InvokePlan()
        {
            var request = Options();
            request["op"] = "reset.plan";
            request["user_id"] = UserId;
            if (NewEmail != null) request["email"] = NewEmail;
            return Invoke(request);
        }

        protected void WriteWarnings(Plan plan)
        {
            foreach (var obstacle in plan.Obstacles)
            {
                if (!obstacle.Refuses) WriteWarning(plan.DisplayName + ": " + LibraryText.Obstacle(plan, obstacle, null));
            }
        }

        private static string Lower(string word)
        {
            return word == null ? null : word.ToLowerInvariant();
        }
    }
}
