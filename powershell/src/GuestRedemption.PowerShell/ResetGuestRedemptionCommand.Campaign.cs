using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>The part of the cmdlet that runs a campaign: many guests at once, from a plan or the pipeline, with a journal.</summary>
    public sealed partial class ResetGuestRedemptionCommand
    {
        private const string Planned = "Plan";

        private CampaignRun campaign;
        private BatchRun rehearsal;
        private bool isDeclined;
        private ulong piped;

        /// <summary>A file of Export-GuestRedemptionPlan.</summary>
        [Parameter(Mandatory = true, ParameterSetName = Planned)]
        [ValidateNotNullOrEmpty]
        public string Plan { get; set; }

        /// <summary>Keeps what is done on disk, so that a later run can go on.</summary>
        [Parameter(ParameterSetName = Guests)]
        [Parameter(Mandatory = true, ParameterSetName = Planned)]
        [ValidateNotNullOrEmpty]
        public string Journal { get; set; }

        /// <summary>Goes on with a journal that is there.</summary>
        [Parameter]
        public SwitchParameter Resume { get; set; }

        /// <summary>How many guests are under way at the same time.</summary>
        [Parameter]
        [ValidateRange(1, MostAtOnce)]
        public int ThrottleLimit { get; set; } = UsuallyAtOnce;

        /// <summary>A file that gets the redeem links, for the current user only.</summary>
        [Parameter]
        [ValidateNotNullOrEmpty]
        public string RedeemUrlPath { get; set; }

        protected override void BeginProcessing()
        {
            base.BeginProcessing();
            if (Journal != null) return;
            foreach (var name in new[] { "Resume", "ThrottleLimit", "RedeemUrlPath" })
            {
                if (MyInvocation.BoundParameters.ContainsKey(name)) EndWith("JournalNeeded", Messages.Text("campaign.journalNeeded", name), null);
            }
        }

        protected override void Dispose(bool disposing)
        {
            // the pipeline was ended between two guests, or by another command
            EndEarly(text => Host.UI.WriteWarningLine(text));
            base.Dispose(disposing);
        }

        /// <summary>Ends the pipeline with what has failed for all guests alike.</summary>
        internal void End(GuestRedemptionException failure)
        {
            ThrowTerminatingError(ErrorRecords.From(failure, null, CommandName));
        }

        internal void WriteToHost(CampaignSummary summary)
        {
            try
            {
                WriteInformation(summary, new[] { "PSHOST" });
            }
            catch (EntryPointNotFoundException)
            {
                // an engine that runs on another system than it was built for has no information records
                Host.UI.WriteLine(summary.Message);
            }
        }

        private void RunPlan()
        {
            using (var file = OpenPlan())
            {
                var context = FindContext();
                var plan = PlanContent.Of(file, context.Text("tenant_id"), context.Text("cloud"));
                if (plan.Fault != null) EndWith("PlanUnusable", plan.Fault, Plan);
                if (plan.Guests == 0) WriteWarning(Messages.Text("campaign.nothing"));
                else if (Begin(Describe(plan, context), plan.Options, plan.Guests, plan.LeftOut)) Guarded(() => AddRows(file));
            }
        }

        private void AddRows(PlanFile file)
        {
            foreach (var row in file.Rows())
            {
                var guest = row.Value();
                if (guest.Go && !Add((ulong)row.Key, guest.UserId, guest.NewEmail, guest.Expected)) return;
            }
        }

        private void RunPiped()
        {
            if (isDeclined) return;
            if (campaign == null && rehearsal == null && !Begin(Describe(FindContext()), Options(), null, 0))
            {
                isDeclined = true;
                return;
            }
            Guarded(() =>
            {
                if (!Add(++piped, UserId, Email, null) && campaign != null) campaign.Finish();
            });
        }

        private void FinishAll()
        {
            if (campaign != null) Guarded(campaign.Finish);
            if (rehearsal != null) rehearsal.Finish();
        }

        /// <summary>Asks once for the whole campaign, and starts it; with -WhatIf its plans. False when the answer was no.</summary>
        private bool Begin(string description, IDictionary<string, object> options, long? total, long leftOut)
        {
            var wish = new Dictionary<string, object>(options);
            wish["max_in_flight"] = ThrottleLimit;
            if (IsSet("WhatIf", "WhatIfPreference"))
            {
                Ask(description, Messages.Text("campaign.title"));
                wish["dry_run"] = true;
                rehearsal = StartBatch(wish, ShowPlan, () => { });
                return true;
            }
            var isAgreed = Force && !IsShown();
            if (!isAgreed && !Ask(description, Messages.Text("campaign.title"))) return false;
            var journal = GetUnresolvedProviderPathFromPSPath(Journal);
            wish["journal"] = journal;
            if (Resume) wish["resume"] = true;
            if (RedeemUrlPath != null) wish["redeem_url_path"] = FindRedeemUrlFile();
            campaign = new CampaignRun(this, journal, total, leftOut);
            campaign.Start((take, beat) => StartBatch(wish, take, beat));
            return true;
        }

        private bool Add(ulong number, string userId, string email, IDictionary<string, object> expected)
        {
            var options = expected == null ? null : new Dictionary<string, object> { { "expected", expected } };
            return rehearsal == null ? campaign.Add(number, userId, email, options) : rehearsal.Add(number, userId, email, options);
        }

        private void ShowPlan(ulong number, string userId, CallResult answer)
        {
            if (!answer.IsOk)
            {
                WriteFailure(answer, ToErrorRecord(answer, userId, number));
                return;
            }
            var plan = GuestRedemption.Plan.From(answer);
            WriteWarnings(plan);
            Ask(Describe(plan), Messages.Text("reset.title"));
        }

        /// <summary>An error that tells which line of the plan, or which guest of the pipeline, it is about.</summary>
        private ErrorRecord ToErrorRecord(CallResult answer, string userId, ulong number)
        {
            var error = ToErrorRecord(answer, userId);
            if (number == 0) return error;
            var details = error.ErrorDetails;
            var text = Plan == null ? Messages.Text("reset.progressGuest", number, details.Message) : Messages.Text("plan.line", number, details.Message);
            error.ErrorDetails = new ErrorDetails(text) { RecommendedAction = details.RecommendedAction };
            return error;
        }

        /// <summary>Where and as whom all of it will be done; asks the service, so that a bad sign-in is known beforehand.</summary>
        private IDictionary<string, object> FindContext()
        {
            var request = new Dictionary<string, object> { { "op", "user.list" }, { "select", new[] { "id" } }, { "top", 1 } };
            var answer = Invoke(request);
            if (!answer.IsOk) ThrowTerminatingError(ToErrorRecord(answer, null));
            return answer.Context;
        }

        private PlanFile OpenPlan()
        {
            var path = GetUnresolvedProviderPathFromPSPath(Plan);
            try
            {
                return PlanFile.Open(path);
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
            {
                ThrowTerminatingError(ErrorRecords.Named(new ErrorRecord(e, "PlanNotRead", ErrorCategory.OpenError, path), CommandName));
                throw;
            }
        }

        private string FindRedeemUrlFile()
        {
            var path = GetUnresolvedProviderPathFromPSPath(RedeemUrlPath);
            if (!OwnerOnlyFile.Ensure(this, path)) EndWith("RedeemUrlFileUnusable", Messages.Text("campaign.linksOpen", path), path);
            return path;
        }

        private string Describe(PlanContent plan, IDictionary<string, object> context)
        {
            var parts = new List<string>
            {
                Messages.Text("campaign.wish", plan.Guests, Tenant(context), context.Text("environment")),
                Messages.Text("campaign.changes", plan.AddressChanges),
                plan.Options.Flag("send_invitation_message") == true ? Messages.Text("campaign.mails") : Messages.Text("reset.noMail"),
                Messages.Text("campaign.time", Pace.Text(Pace.Time(plan.Guests, plan.AddressChanges))),
            };
            if (plan.LeftOut > 0) parts.Add(Messages.Text("campaign.leftOut", plan.LeftOut));
            return string.Join(" ", parts);
        }

        private string Describe(IDictionary<string, object> context)
        {
            var wish = Messages.Text("campaign.wishPiped", Tenant(context), context.Text("environment"));
            var domain = NewDomain == null ? "" : " " + Messages.Text("campaign.newDomain", NewDomain);
            return wish + domain + " " + (SendInvitationMessage ? Messages.Text("campaign.mails") : Messages.Text("reset.noMail"));
        }

        private static string Tenant(IDictionary<string, object> context)
        {
            return context.Text("tenant_id") ?? Messages.Text("reset.unknownTenant");
        }

        private void EndWith(string id, string message, object target)
        {
            ThrowTerminatingError(ErrorRecords.Refusal(id, message, target, CommandName));
        }

        /// <summary>Whatever ends the pipeline while a campaign is under way ends that in order.</summary>
        private void Guarded(Action work)
        {
            try
            {
                work();
            }
            catch
            {
                EndEarly(Warn);
                throw;
            }
        }

        private void EndEarly(Action<string> warn)
        {
            if (campaign == null || !campaign.IsUnderWay) return;
            campaign.EndEarly();
            warn(Messages.Text("campaign.goOn"));
        }

        /// <summary>After Ctrl+C a pipeline takes no warning any more.</summary>
        private void Warn(string text)
        {
            try
            {
                WriteWarning(text);
            }
            catch (PipelineStoppedException)
            {
                Host.UI.WriteWarningLine(text);
            }
        }
    }
}
