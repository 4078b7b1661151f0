using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// A batch from the one thread of a pipeline: hands guests in, and passes each result on as soon as it is there.
    /// </summary>
    internal sealed class BatchRun : IDisposable
    {
        /// <summary>How long it waits before something else may be done on the thread.</summary>
        private const int BeatMilliseconds = 250;

        /// <summary>Longer than an invitation on its way may go on after a cancellation.</summary>
        private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

        private readonly ResetBatch batch;
        private readonly Action<ulong, string, CallResult> take;
        private readonly Action beat;
        private readonly Dictionary<ulong, string> underWay = new Dictionary<ulong, string>();

        /// <summary><paramref name="take"/> gets each result with tag and name of its guest, <paramref name="beat"/> is called often.</summary>
        internal BatchRun(ResetBatch batch, Action<ulong, string, CallResult> take, Action beat)
        {
            this.batch = batch;
            this.take = take;
            this.beat = beat;
        }

        /// <summary>No result is to come any more.</summary>
        internal bool IsOver { get; private set; }

        /// <summary>Waits for room, and passes results on meanwhile. False when the batch takes no more: cancelled, or failed.</summary>
        internal bool Add(ulong tag, string userId, string email, IDictionary<string, object> options)
        {
            BatchAdded added;
            while ((added = batch.TryAdd(tag, userId, email, options, 0)) == BatchAdded.Full) Take(BeatMilliseconds);
            if (added == BatchAdded.Closed) return false;
            underWay.Add(tag, userId);
            while (Take(0)) { }
            return true;
        }

        /// <summary>Passes on what is left.</summary>
        /// <exception cref="GuestRedemptionException">The batch itself has failed.</exception>
        internal void Finish()
        {
            batch.Finish();
            TakeUntil(() => IsOver);
        }

        /// <summary>Passes results on until there are enough; more have to be on their way.</summary>
        internal void TakeUntil(Func<bool> isEnough)
        {
            while (!isEnough()) Take(BeatMilliseconds);
        }

        /// <summary>From any thread.</summary>
        internal void Cancel()
        {
            batch.Cancel();
        }

        /// <summary>One that is not over is cancelled and has ended before this returns, unless that takes too long.</summary>
        public void Dispose()
        {
            if (!IsOver) batch.Cancel();
            var waited = Stopwatch.StartNew();
            while (!IsOver && waited.Elapsed < LongestEnd) Drop();
            batch.Dispose();
            IsOver = true;
        }

        private bool Take(int milliseconds)
        {
            beat();
            ulong tag;
            CallResult result;
            if (Next(milliseconds, out tag, out result) != BatchTaken.Result) return false;
            var userId = underWay[tag];
            underWay.Remove(tag);
            take(tag, userId, result);
            return true;
        }

        private void Drop()
        {
            try
            {
                ulong tag;
                CallResult result;
                Next(BeatMilliseconds, out tag, out result);
            }
            catch (GuestRedemptionException)
            {
                // whoever ends it early has a reason already
            }
        }

        private BatchTaken Next(int milliseconds, out ulong tag, out CallResult result)
        {
            try
            {
                var taken = batch.TryTake(milliseconds, out tag, out result);
                IsOver = taken == BatchTaken.Over;
                return taken;
            }
            catch (GuestRedemptionException)
            {
                IsOver = true;
                throw;
            }
        }
    }
}
