using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsDiagnostic.Test, "GuestRedemption")]
    [OutputType(typeof(Plan))]
    public sealed class TestGuestRedemptionCommand : ResetParametersCmdlet
    {
        /// <summary>Obstacles are what was asked for: they make no error, unless no guest was found to plan for.</summary>
        protected override void ProcessRecord()
        {
            if (!FindUser()) return;
            var answer = InvokePlan();
            var plan = Plan.From(answer);
            if (plan == null || plan.Guest == null) WriteFailure(answer, UserId);
            else WriteObject(plan);
        }
    }
}
