using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsCommon.Get, "GuestRedemption", DefaultParameterSetName = Many)]
    [OutputType(typeof(Guest))]
    public sealed class GetGuestRedemptionCommand : GuestCmdlet
    {
        private const string Many = "List";
        private const string One = "User";
        private const int PageSize = 999;

        [Parameter(Mandatory = true, Position = 0, ParameterSetName = One, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Alias("Id", "ObjectId", "UserPrincipalName")]
        [ValidateNotNull]
        [ArgumentCompleter(typeof(GuestCompleter))]
        public override string UserId { get; set; }

        [Parameter(ParameterSetName = One, ValueFromPipeline = true, DontShow = true)]
        public override PSObject InputObject { get; set; }

        [Parameter(ParameterSetName = Many)]
        [ValidateSet("PendingAcceptance", "Accepted")]
        public string State { get; set; }

        /// <summary>Domain of any of the guest's addresses.</summary>
        [Parameter(ParameterSetName = Many)]
        [ValidateNotNullOrEmpty]
        [ArgumentCompleter(typeof(DomainCompleter))]
        public string Domain { get; set; }

        /// <summary>Pending for longer than this; a number means days.</summary>
        [Parameter(ParameterSetName = Many)]
        [Days]
        public TimeSpan Stale { get; set; }

        /// <summary>Set with -Stale, which is about pending guests only.</summary>
        private bool OnlyStale
        {
            get { return MyInvocation.BoundParameters.ContainsKey("Stale"); }
        }

        protected override void BeginProcessing()
        {
            base.BeginProcessing();
            if (OnlyStale && string.Equals(State, "Accepted", StringComparison.OrdinalIgnoreCase))
                ThrowTerminatingError(ErrorRecords.Refusal("ConflictingOptions", Messages.Text("get.staleIsPending"), null, CommandName));
        }

        protected override void ProcessRecord()
        {
            if (ParameterSetName == Many) WriteMany();
            else if (FindUser()) WriteOne();
        }

        private void WriteOne()
        {
            var request = new Dictionary<string, object> { { "op", "user.get" }, { "user_id", UserId }, { "select", Guest.GraphProperties } };
            var answer = Invoke(request);
            if (answer.IsOk) WriteObject(Guest.FromGraph(answer.Result.Object("user")));
            else WriteFailure(answer, UserId);
        }

        private void WriteMany()
        {
            var request = new Dictionary<string, object>
            {
                { "op", "user.list" }, { "filter", Filter() }, { "select", Guest.GraphProperties }, { "top", PageSize },
            };
            while (request != null)
            {
                var answer = Invoke(request);
                if (!answer.IsOk)
                {
                    WriteFailure(answer, null);
                    return;
                }
                WritePage(answer.Result.List("users"));
                var next = answer.Result.Text("next");
                request = next == null ? null : new Dictionary<string, object> { { "op", "user.list" }, { "next", next } };
            }
        }

        private void WritePage(IEnumerable<object> users)
        {
            foreach (IDictionary<string, object> user in users)
            {
                var guest = Guest.FromGraph(user, Domain == null ? null : Domain.TrimStart('@'));
                if (IsOfDomain(guest) && IsStale(guest)) WriteObject(guest);
            }
        }

        /// <summary>What Graph can filter without its eventually consistent index; the rest is filtered here.</summary>
        private string Filter()
        {
            var state = OnlyStale ? "PendingAcceptance" : State;
            return state == null ? Guest.GraphFilter : "externalUserState eq '" + state + "'";
        }

        private bool IsOfDomain(Guest guest)
        {
            if (Domain == null) return true;
            var ending = "@" + Domain.TrimStart('@');
            if (Ends(guest.Mail, ending)) return true;
            foreach (var address in guest.OtherMails)
            {
                if (Ends(address, ending)) return true;
            }
            return false;
        }

        private bool IsStale(Guest guest)
        {
            return !OnlyStale || (guest.StateChanged != null && DateTime.UtcNow - guest.StateChanged > Stale);
        }

        private static bool Ends(string text, string ending)
        {
            return text != null && text.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>30 means thirty days; PowerShell itself would take it for 30 ticks.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class DaysAttribute : ArgumentTransformationAttribute
    {
        public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
        {
            var wrapped = inputData as PSObject;
            var value = wrapped == null ? inputData : wrapped.BaseObject;
            return value is int || value is long || value is double ? TimeSpan.FromDays(Convert.ToDouble(value)) : value;
        }
    }
}
