using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsDiagnostic.Test, "GuestRedemption")]
    [OutputType(typeof(Plan))]
    public sealed class TestGuestRedemptionCommand : ResetParametersCmdlet
    {
        /// <summary>Obstacles are what was asked for and make no error; a plan that could not be made does.</summary>
        protected override void ProcessRecord()
        {
            if (!FindUser()) return;
            var answer = InvokePlan();
            var plan = Plan.From(answer);
            if (answer.IsOk || (plan != null && plan.Outcome == "refused")) WriteObject(plan);
            else WriteFailure(answer, UserId);
        }
    }
}
