using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using GuestRedemption.PowerShell;

namespace GuestRedemption
{
    /// <summary>How a campaign went. A host shows it as text, since that is what it is told last.</summary>
    public sealed class CampaignSummary : HostInformationMessage
    {
        private readonly SortedDictionary<string, long> outcomes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        private readonly SortedDictionary<string, long> byStatus = new SortedDictionary<string, long>(StringComparer.Ordinal);

        internal CampaignSummary(string journal)
        {
            Journal = journal;
        }

        /// <summary>Guests that have come out of it in any way.</summary>
        public long Guests { get; private set; }

        public long Done
        {
            get { return Count("done"); }
        }

        /// <summary>Done by an earlier run of the journal.</summary>
        public long DoneBefore
        {
            get { return Count("done_before"); }
        }

        /// <summary>The same guest and wish came earlier in this run.</summary>
        public long Repeated
        {
            get { return Count("repeated"); }
        }

        public long AcceptedUnverified
        {
            get { return Count("accepted_unverified"); }
        }

        public long Unknown
        {
            get { return Count("unknown"); }
        }

        public long Refused
        {
            get { return Count("refused"); }
        }

        /// <summary>Not reset for any other reason; the address is as it was.</summary>
        public long Failed
        {
            get { return Count("failed") + Count("undone"); }
        }

        public long AddressChangedNotReset
        {
            get { return Count("address_changed_not_reset"); }
        }

        /// <summary>How often each status has kept a guest from being reset, or from being known to be.</summary>
        public IDictionary<string, long> ByStatus
        {
            get { return byStatus; }
        }

        /// <summary>Rows of the plan that were no-go.</summary>
        public long LeftOut { get; internal set; }

        public TimeSpan Duration { get; private set; }

        /// <summary>Guests of this run in a second.</summary>
        public double Rate { get; private set; }

        public string Journal { get; private set; }

        /// <summary>Guests that this run has left waiting for their redemption.</summary>
        internal long Pending
        {
            get { return Done + AcceptedUnverified; }
        }

        /// <summary>What has not come to a good end.</summary>
        internal long Troubled
        {
            get { return byStatus.Values.Sum(); }
        }

        internal void Add(CallResult answer)
        {
            Guests++;
            Add(outcomes, answer.Result.Text("outcome") ?? "failed");
            if (!answer.IsOk) Add(byStatus, answer.Status);
        }

        internal void Close(TimeSpan duration)
        {
            Duration = duration;
            var seconds = duration.TotalSeconds;
            Rate = seconds > 0 ? Math.Round((Guests - DoneBefore) / seconds, 1) : 0;
            var follow = Messages.Text("campaign.follow", "Get-GuestRedemptionStatus -Journal " + TypedWord.Quoted(Journal));
            Message = Messages.Text("campaign.summary", Guests, Pace.Text(Duration), Rate, Listed(outcomes)) + Troubles() + "\n" + follow;
        }

        private string Troubles()
        {
            return byStatus.Count == 0 ? "" : "\n" + Messages.Text("campaign.byStatus", Listed(byStatus));
        }

        private long Count(string outcome)
        {
            long count;
            outcomes.TryGetValue(outcome, out count);
            return count;
        }

        /// <summary>Words of the library, the same in every language, as scripts find them in results.</summary>
        private static string Listed(IDictionary<string, long> counts)
        {
            return string.Join(", ", counts.Select(one => one.Key + " " + one.Value));
        }

        private static void Add(IDictionary<string, long> counts, string key)
        {
            long count;
            counts.TryGetValue(key, out count);
            counts[key] = count + 1;
        }
    }
}
