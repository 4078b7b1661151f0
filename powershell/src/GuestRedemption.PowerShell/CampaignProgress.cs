using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>How far a campaign is, how fast it goes and how long it will take.</summary>
    internal sealed class CampaignProgress
    {
        private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);
        private static readonly TimeSpan LookedAt = TimeSpan.FromMinutes(1);

        private readonly Queue<Moment> latest = new Queue<Moment>();
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private readonly CampaignSummary summary;
        private readonly long? total;
        private TimeSpan shown;

        /// <summary>The total is null when nobody knows how many guests will come.</summary>
        internal CampaignProgress(CampaignSummary summary, long? total)
        {
            this.summary = summary;
            this.total = total;
            latest.Enqueue(new Moment());
        }

        internal TimeSpan Elapsed
        {
            get { return watch.Elapsed; }
        }

        /// <summary>Null when the last one was just now.</summary>
        internal ProgressRecord Next()
        {
            var now = new Moment { Time = watch.Elapsed, Worked = summary.Guests - summary.DoneBefore };
            if (now.Time - shown < Often) return null;
            shown = now.Time;
            latest.Enqueue(now);
            while (now.Time - latest.Peek().Time > LookedAt) latest.Dequeue();
            return Record(Rate(latest.Peek(), now));
        }

        internal ProgressRecord End()
        {
            return new ProgressRecord(0, Messages.Text("reset.progress"), Counts()) { RecordType = ProgressRecordType.Completed };
        }

        private ProgressRecord Record(double rate)
        {
            var status = Messages.Text("campaign.progress", Counts(), Math.Round(rate, 1), summary.Troubled);
            var record = new ProgressRecord(0, Messages.Text("reset.progress"), status);
            if (total > 0) record.PercentComplete = (int)(100 * Math.Min(summary.Guests, total.Value) / total.Value);
            if (total != null && rate > 0) record.SecondsRemaining = (int)Math.Min((total.Value - summary.Guests) / rate, int.MaxValue);
            return record;
        }

        private string Counts()
        {
            return total == null ? summary.Guests.ToString() : Messages.Text("campaign.ofTotal", summary.Guests, total);
        }

        private static double Rate(Moment then, Moment now)
        {
            var seconds = (now.Time - then.Time).TotalSeconds;
            return seconds > 0 ? (now.Worked - then.Worked) / seconds : 0;
        }

        private struct Moment
        {
            internal TimeSpan Time;
            internal long Worked;
        }
    }
}
