using System;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsDiagnostic.Test, "GuestRedemption", DefaultParameterSetName = Guests)]
    [OutputType(typeof(Plan))]
    public sealed class TestGuestRedemptionCommand : ResetParametersCmdlet
    {
        /// <summary>So many plans may wait for an earlier one that takes long.</summary>
        private const int MostWaiting = 1000;

        private BatchRun plans;
        private InOrder<Action> inOrder;
        private ulong taken;

        /// <summary>How many guests of the pipeline are planned at the same time.</summary>
        [Parameter(ParameterSetName = Guests)]
        [ValidateRange(1, MostAtOnce)]
        public int ThrottleLimit { get; set; } = UsuallyAtOnce;

        protected override void ProcessRecord()
        {
            if (!FindGuest()) return;
            if (MyInvocation.ExpectingInput) PlanOneOfMany();
            else Write(InvokePlan(), UserId);
        }

        protected override void EndProcessing()
        {
            if (plans != null) plans.Finish();
        }

        /// <summary>Plans come in the order of the guests, as they do one by one.</summary>
        private void PlanOneOfMany()
        {
            if (plans == null)
            {
                var options = Options();
                options["dry_run"] = true;
                options["max_in_flight"] = ThrottleLimit;
                inOrder = new InOrder<Action>(write => write());
                plans = StartBatch(options, (tag, userId, answer) => inOrder.Add(tag, () => Write(answer, userId)), () => { });
            }
            plans.Add(taken++, UserId, Email, null);
            plans.TakeUntil(() => inOrder.Waiting < MostWaiting);
        }

        /// <summary>Obstacles are what was asked for and make no error; a plan that could not be made does.</summary>
        private void Write(CallResult answer, string userId)
        {
            var plan = Plan.From(answer, Options());
            if (answer.IsOk || (plan != null && plan.Outcome == "refused")) WriteObject(plan);
            else WriteFailure(answer, userId);
        }
    }
}
