using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsCommon.Reset, "GuestRedemption", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
    [OutputType(typeof(ResetResult))]
    public sealed class ResetGuestRedemptionCommand : ResetParametersCmdlet
    {
        /// <summary>No prompt, unless -Confirm is given as well. -WhatIf stays what it is.</summary>
        [Parameter]
        public SwitchParameter Force { get; set; }

        protected override void ProcessRecord()
        {
            if (!FindUser()) return;
            if (IsShown()) ResetAsShown();
            else if (Force || ShouldProcess(UserId)) Reset(UserId, NewEmail);
        }

        /// <summary>What is done afterwards is what was shown: the guest by its id, the address as planned.</summary>
        private void ResetAsShown()
        {
            var answer = InvokePlan();
            var plan = Plan.From(answer);
            if (plan == null || !plan.CanReset)
            {
                WriteFailure(answer, UserId);
                return;
            }
            WriteWarnings(plan);
            var description = Describe(plan);
            if (ShouldProcess(description, description + "\nContinue?", "Reset the redemption of a guest")) Reset(plan.UserId, plan.NewEmail);
        }

        private void Reset(string userId, string email)
        {
            var answer = InvokeReset(userId, email, Options());
            var result = ResetResult.From(answer);
            if (answer.IsOk)
            {
                if (!IsShown()) WriteWarnings(result.Plan);
                if (result.Outcome == "accepted_unverified") WriteWarning(result.DisplayName + ": accepted, but the change could not be seen in the directory yet.");
                WriteObject(ListedMembers.Of(result));
                return;
            }
            // something was changed, or may have been: the report says what, and how to undo it
            if (result != null && MayHaveChanged(answer.StatusCode)) WriteObject(ListedMembers.Of(result));
            WriteFailure(answer, UserId);
        }

        private string Describe(Plan plan)
        {
            var from = plan.OldEmail ?? "no address";
            var address = string.Equals(from, plan.NewEmail, System.StringComparison.OrdinalIgnoreCase)
                ? "address unchanged: " + from
                : "address " + from + " -> " + plan.NewEmail;
            return string.Format(
                "Reset the redemption of {0} ({1}, {2}) in tenant {3} ({4}); {5}; {6}.",
                plan.DisplayName, plan.Guest.UserPrincipalName, plan.UserId, plan.TenantId ?? "unknown", plan.Environment, address,
                SendInvitationMessage ? "an invitation mail is sent" : "no mail is sent");
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
