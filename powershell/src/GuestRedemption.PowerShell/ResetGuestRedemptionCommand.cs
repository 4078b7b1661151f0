using System;
using System.Linq;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsCommon.Reset, "GuestRedemption", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = Guests)]
    [OutputType(typeof(ResetResult))]
    public sealed partial class ResetGuestRedemptionCommand : ResetParametersCmdlet
    {
        private int taken;

        /// <summary>No prompt, unless -Confirm is given as well. -WhatIf stays what it is.</summary>
        [Parameter]
        public SwitchParameter Force { get; set; }

        protected override void ProcessRecord()
        {
            if (Journal == null) taken++;
            if (Plan != null) RunPlan();
            else if (FindGuest())
            {
                if (Journal != null) RunPiped();
                else ResetOne();
            }
        }

        protected override void EndProcessing()
        {
            if (Journal != null) FinishAll();
            if (taken < 2) return;
            var ended = Progress();
            ended.RecordType = ProgressRecordType.Completed;
            WriteProgress(ended);
        }

        private void ResetOne()
        {
            if (taken > 1) WriteProgress(Progress());
            if (IsShown()) ResetAsShown();
            else if (Force || ShouldProcess(UserId)) Reset(UserId, Email);
        }

        /// <summary>How many guests have come; how many will is not known.</summary>
        private ProgressRecord Progress()
        {
            return new ProgressRecord(0, Messages.Text("reset.progress"), Messages.Text("reset.progressGuest", taken, UserId));
        }

        /// <summary>What is done afterwards is what was shown: the guest by its id, the address as planned.</summary>
        private void ResetAsShown()
        {
            var answer = InvokePlan();
            var plan = GuestRedemption.Plan.From(answer);
            if (plan == null || !plan.CanReset)
            {
                WriteFailure(answer, UserId);
                return;
            }
            WriteWarnings(plan);
            if (Ask(Describe(plan), Messages.Text("reset.title"))) Reset(plan.UserId, plan.NewEmail);
        }

        private bool Ask(string description, string title)
        {
            return ShouldProcess(description, description + "\n" + Messages.Text("reset.continue"), title);
        }

        private void Reset(string userId, string email)
        {
            Show(InvokeReset(userId, email, Options()), UserId, 0);
        }

        /// <summary>What came of one guest. The number is its place in a campaign, or 0.</summary>
        internal void Show(CallResult answer, string userId, ulong number)
        {
            var result = ResetResult.From(answer, userId);
            if (answer.IsOk)
            {
                // a plan's warnings were to be read when it was made
                if (number == 0 ? !IsShown() : Plan == null) WriteWarnings(result.Plan);
                WriteWarnings(result);
                WriteObject(ListedMembers.Of(result));
                return;
            }
            // something was changed, or may have been: the report says what, and how to undo it
            if (result != null && MayHaveChanged(answer.StatusCode)) WriteObject(ListedMembers.Of(result));
            WriteFailure(answer, ToErrorRecord(answer, userId, number));
        }

        private string Describe(GuestRedemption.Plan plan)
        {
            var tenant = plan.TenantId ?? Messages.Text("reset.unknownTenant");
            var wish = Messages.Text("reset.wish", plan.DisplayName, plan.Guest.UserPrincipalName, plan.UserId, tenant, plan.Environment);
            var mail = SendInvitationMessage ? Messages.Text("reset.mail") : Messages.Text("reset.noMail");
            return wish + " " + DescribeAddress(plan) + " " + mail;
        }

        private static string DescribeAddress(GuestRedemption.Plan plan)
        {
            if (plan.OldEmail == null) return Messages.Text("reset.addressFirst", plan.NewEmail);
            var isSame = string.Equals(plan.OldEmail, plan.NewEmail, StringComparison.OrdinalIgnoreCase);
            return isSame ? Messages.Text("reset.addressUnchanged", plan.OldEmail) : Messages.Text("reset.addressChanged", plan.OldEmail, plan.NewEmail);
        }

        /// <summary>What is not as it should be although the reset is done.</summary>
        private void WriteWarnings(ResetResult result)
        {
            var wasLookedFor = !string.Equals(Verify, "None", StringComparison.OrdinalIgnoreCase);
            if (result.Outcome == "accepted_unverified" && wasLookedFor) WriteWarning(Messages.Text("reset.unverified", result.DisplayName));
            var left = result.RemovedPartly;
            if (left != null) WriteWarning(LibraryText.Sentences(Messages.Text("reset.removedPartly", result.DisplayName, left.Address, string.Join(", ", left.StillIn)), LibraryText.Finish(left)));
            var lost = new[] { result.Groups, result.AppAssignments }.Where(kept => kept != null).SelectMany(kept => kept.Lost).ToList();
            if (lost.Count > 0) WriteWarning(Messages.Text("reset.lost", result.DisplayName, string.Join(", ", lost)));
        }

        /// <summary>Whether somebody will look at a description, which is worth reading the plan for.</summary>
        private bool IsShown()
        {
            if (IsSet("WhatIf", "WhatIfPreference")) return true;
            object confirm;
            if (MyInvocation.BoundParameters.TryGetValue("Confirm", out confirm)) return (SwitchParameter)confirm;
            return !Force && LanguagePrimitives.ConvertTo<ConfirmImpact>(GetVariableValue("ConfirmPreference", ConfirmImpact.High)) != ConfirmImpact.None;
        }

        private bool IsSet(string parameter, string preference)
        {
            object given;
            if (MyInvocation.BoundParameters.TryGetValue(parameter, out given)) return (SwitchParameter)given;
            return LanguagePrimitives.IsTrue(GetVariableValue(preference));
        }

        private static bool MayHaveChanged(int status)
        {
            return status >= 400 && status < 500;
        }
    }
}
