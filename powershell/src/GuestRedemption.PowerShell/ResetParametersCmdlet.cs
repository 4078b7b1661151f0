using System.Collections.Generic;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>What planning and doing a reset take alike.</summary>
    public abstract class ResetParametersCmdlet : GuestCmdlet
    {
        /// <summary>The parameter set of guests that are named or piped in.</summary>
        protected const string Guests = "Guests";

        /// <summary>How many guests of a batch are under way at the same time, unless it is said: what the service lets through in ten seconds.</summary>
        protected const int UsuallyAtOnce = 300;
        protected const int MostAtOnce = 2000;

        [Parameter(Mandatory = true, Position = 0, ParameterSetName = Guests, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Alias("Id", "ObjectId", "UserPrincipalName")]
        [ValidateNotNull]
        [ArgumentCompleter(typeof(GuestCompleter))]
        public override string UserId { get; set; }

        [Parameter(ParameterSetName = Guests, ValueFromPipeline = true, DontShow = true)]
        public override PSObject InputObject { get; set; }

        /// <summary>The address to invite; without it the guest's own.</summary>
        [Parameter(Position = 1, ParameterSetName = Guests, ValueFromPipelineByPropertyName = true)]
        public string NewEmail { get; set; }

        /// <summary>The new address is the guest's own with this domain.</summary>
        [Parameter(ParameterSetName = Guests)]
        [ValidateNotNullOrEmpty]
        public string NewDomain { get; set; }

        [Parameter(ParameterSetName = Guests)]
        public string InviteRedirectUrl { get; set; }

        [Parameter(ParameterSetName = Guests)]
        public SwitchParameter SendInvitationMessage { get; set; }

        [Parameter(ParameterSetName = Guests)]
        public string CustomizedMessageBody { get; set; }

        [Parameter(ParameterSetName = Guests)]
        [ArgumentCompleter(typeof(LanguageCompleter))]
        public string MessageLanguage { get; set; }

        [Parameter(ParameterSetName = Guests)]
        public string CcRecipient { get; set; }

        /// <summary>Where a new address is written before the invitation.</summary>
        [Parameter(ParameterSetName = Guests)]
        [ValidateSet("Mail", "OtherMails", "None")]
        public string Address { get; set; }

        [Parameter(ParameterSetName = Guests)]
        [ValidateSet("Leave", "Keep", "Remove")]
        public string OldAddress { get; set; }

        [Parameter(ParameterSetName = Guests)]
        public SwitchParameter UndoOnFailure { get; set; }

        /// <summary>Full compares assigned groups and app assignments too.</summary>
        [Parameter(ParameterSetName = Guests)]
        [ValidateSet("State", "Full", "None")]
        public string Verify { get; set; }

        /// <summary>The address to invite; null for the guest's own. Known once <see cref="FindGuest"/> has found it.</summary>
        protected string Email { get; private set; }

        /// <summary>Finds out which guest and which address are meant; false when that was refused.</summary>
        protected bool FindGuest()
        {
            if (!FindUser()) return false;
            if (IsPlanRow(InputObject)) return Refuse("PlanRowNotAccepted", Messages.Text("user.planPiped"));
            Email = NewEmail;
            if (NewDomain == null) return true;
            if (NewEmail != null) return Refuse("ConflictingOptions", Messages.Text("user.emailOrDomain"));
            var own = OwnAddress();
            if (own == null) return false;
            // a person of another domain, whom the new one may know nothing of, or know as somebody else
            var found = InputObject == null ? null : Column("FoundByDomain");
            if (!string.IsNullOrEmpty(found) && !own.EndsWith("@" + found, System.StringComparison.OrdinalIgnoreCase)) return Refuse("OtherDomain", Messages.Text("user.otherDomain", UserId, own, found));
            Email = own.Substring(0, own.LastIndexOf('@') + 1) + NewDomain.TrimStart('@');
            return true;
        }

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
            if (Email != null) request["email"] = Email;
            return Invoke(request);
        }

        protected void WriteWarnings(Plan plan)
        {
            foreach (var obstacle in plan.Obstacles)
            {
                if (!obstacle.Refuses) WriteWarning(plan.DisplayName + ": " + LibraryText.Obstacle(plan, obstacle, null));
            }
        }

        /// <summary>The guest's own address: of the piped object, else as it was named, else as the directory has it. Null when refused.</summary>
        private string OwnAddress()
        {
            var piped = InputObject == null ? null : Column("Mail");
            if (IsAddress(piped)) return piped;
            if (IsAddress(UserId)) return UserId;
            var request = new Dictionary<string, object> { { "op", "user.get" }, { "user_id", UserId }, { "select", new[] { "mail" } } };
            var answer = Invoke(request);
            if (!answer.IsOk)
            {
                WriteFailure(answer, UserId);
                return null;
            }
            var mail = answer.Result.Object("user").Text("mail");
            if (!IsAddress(mail)) Refuse("NoAddress", Messages.Text("user.noMail", UserId));
            return IsAddress(mail) ? mail : null;
        }

        /// <summary>A row of a plan's table says which guests are to be left out, and that would go unheard.</summary>
        private static bool IsPlanRow(PSObject piped)
        {
            return piped != null && piped.Properties["Go"] != null && piped.Properties["Options"] != null && piped.Properties["StateChanged"] != null;
        }

        /// <summary>The name of an external user holds an @ too, and is no address.</summary>
        private static bool IsAddress(string text)
        {
            return text != null && text.IndexOf('@') > 0 && text.IndexOf("#EXT#", System.StringComparison.OrdinalIgnoreCase) < 0;
        }

        private static string Lower(string word)
        {
            return word == null ? null : word.ToLowerInvariant();
        }
    }
}
