using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsCommunications.Send, "GuestRedemptionReminder", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
    [OutputType(typeof(ResetResult))]
    public sealed class SendGuestRedemptionReminderCommand : CampaignCmdlet
    {
        private int done;
        private int total;

        [Parameter(Mandatory = true, Position = 0)]
        [ValidateNotNullOrEmpty]
        public string Journal { get; set; }

        /// <summary>Whoever got a mail within this time gets none now; a number means days.</summary>
        [Parameter(Mandatory = true)]
        [Days]
        public TimeSpan NotWithin { get; set; }

        [Parameter]
        public string InviteRedirectUrl { get; set; }

        [Parameter]
        public string CustomizedMessageBody { get; set; }

        [Parameter]
        [ArgumentCompleter(typeof(LanguageCompleter))]
        public string MessageLanguage { get; set; }

        [Parameter]
        public string CcRecipient { get; set; }

        /// <summary>How many guests are under way at the same time.</summary>
        [Parameter]
        [ValidateRange(1, 2000)]
        public int ThrottleLimit { get; set; } = 50;

        protected override void EndProcessing()
        {
            if (NotWithin < TimeSpan.Zero) ThrowTerminatingError(ErrorRecords.Refusal("NegativeTime", Messages.Text("remind.negative"), NotWithin, CommandName));
            var path = GetUnresolvedProviderPathFromPSPath(Journal);
            if (!Read(path)) return;
            Look();
            // whether each is still pending, and when it was mailed, is looked at once more before it is mailed
            var pending = Campaign.Guests.Where(guest => guest.State == GuestStatus.Pending).ToList();
            if (pending.Count > 0 && IsAgreed(pending)) Send(path, pending);
        }

        private bool IsAgreed(List<GuestStatus> pending)
        {
            var wish = Messages.Text("remind.wish", pending.Count, pending[0].TenantId, NotWithin.TotalDays);
            return ShouldProcess(wish, wish + "\n" + Messages.Text("reset.continue"), Messages.Text("remind.title"));
        }

        private void Send(string path, List<GuestStatus> pending)
        {
            total = pending.Count;
            var batch = StartBatch(Options(path), Take, () => { });
            try
            {
                foreach (var guest in pending)
                {
                    if (!batch.Add((ulong)guest.Row, guest.UserId, guest.Email, null)) break;
                }
                batch.Finish();
            }
            catch (GuestRedemptionException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, path, CommandName));
            }
            WriteProgress(new ProgressRecord(0, Messages.Text("remind.title"), Progress()) { RecordType = ProgressRecordType.Completed });
        }

        private Dictionary<string, object> Options(string path)
        {
            var options = new ResetOptions
            {
                SendInvitationMessage = true,
                InviteRedirectUrl = InviteRedirectUrl,
                CustomizedMessageBody = CustomizedMessageBody,
                MessageLanguage = MessageLanguage,
                CcRecipient = CcRecipient,
            }.ToDictionary();
            options["journal"] = path;
            options["resume"] = true;
            options["max_in_flight"] = ThrottleLimit;
            options["remind"] = new Dictionary<string, object> { { "not_within_s", (long)NotWithin.TotalSeconds } };
            return options;
        }

        private void Take(ulong row, string userId, CallResult answer)
        {
            done++;
            WriteProgress(new ProgressRecord(0, Messages.Text("remind.title"), Progress()));
            var result = ResetResult.From(answer, userId);
            if (answer.IsOk || (result != null && result.Outcome == "unknown")) WriteObject(ListedMembers.Of(result));
            if (!answer.IsOk) WriteFailure(answer, userId);
        }

        private string Progress()
        {
            return Messages.Text("campaign.ofTotal", done, total);
        }
    }
}
