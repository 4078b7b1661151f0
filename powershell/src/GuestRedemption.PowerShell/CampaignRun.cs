using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>Many guests with one journal: hands them in, counts what becomes of them, and tells how it went.</summary>
    internal sealed class CampaignRun
    {
        private readonly ResetGuestRedemptionCommand cmdlet;
        private readonly CampaignSummary summary;
        private readonly CampaignProgress progress;
        private BatchRun batch;
        private CallResult journalFailure;
        private GuestRedemptionException failure;

        /// <summary>The total is null when nobody knows how many guests will come.</summary>
        internal CampaignRun(ResetGuestRedemptionCommand cmdlet, string journal, long? total, long leftOut)
        {
            this.cmdlet = cmdlet;
            summary = new CampaignSummary(journal) { LeftOut = leftOut };
            progress = new CampaignProgress(summary, total);
        }

        /// <summary>Whether there is something that would be lost if the pipeline ended now.</summary>
        internal bool IsUnderWay
        {
            get { return batch != null; }
        }

        internal void Start(Func<Action<ulong, string, CallResult>, Action, BatchRun> start)
        {
            batch = start(Take, Beat);
        }

        /// <summary>False when no more guests are taken; <see cref="Finish"/> then tells why.</summary>
        internal bool Add(ulong number, string userId, string email, IDictionary<string, object> options)
        {
            return Try(() => batch.Add(number, userId, email, options));
        }

        /// <summary>Passes on what is left, and tells how it went.</summary>
        internal void Finish()
        {
            Try(() =>
            {
                batch.Finish();
                return true;
            });
            if (cmdlet.Stopping) throw new PipelineStoppedException();
            cmdlet.WriteProgress(progress.End());
            Tell();
            if (failure != null) cmdlet.End(failure);
            batch = null;
        }

        /// <summary>The pipeline ends before its time: what is under way ends in order, so that the journal is whole.</summary>
        internal void EndEarly()
        {
            batch.Dispose();
            batch = null;
        }

        /// <summary>False when the batch itself, which is to say its journal, has failed.</summary>
        private bool Try(Func<bool> use)
        {
            try
            {
                return use();
            }
            catch (GuestRedemptionException e)
            {
                // a guest's own failure tells more
                failure = journalFailure == null ? e : new GuestRedemptionException(journalFailure);
                return false;
            }
        }

        private void Take(ulong number, string userId, CallResult answer)
        {
            summary.Add(answer);
            if (answer.Status == "JOURNAL_FAILED") journalFailure = journalFailure ?? answer;
            else cmdlet.Show(answer, userId, number);
        }

        private void Beat()
        {
            var record = progress.Next();
            if (record != null) cmdlet.WriteProgress(record);
        }

        private void Tell()
        {
            summary.Close(progress.Elapsed);
            cmdlet.WriteToHost(summary);
            if (summary.Pending > 0) cmdlet.WriteWarning(Messages.Text("campaign.pending", summary.Pending));
        }
    }
}
