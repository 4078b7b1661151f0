using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>What came of handing a guest in.</summary>
    public enum BatchAdded
    {
        Taken,

        /// <summary>There was no room in time; results have to be taken first.</summary>
        Full,

        /// <summary>The batch takes no more guests: it was finished or cancelled, or it has failed.</summary>
        Closed,
    }

    /// <summary>What came of asking for a result.</summary>
    public enum BatchTaken
    {
        Result,

        /// <summary>None was there in time.</summary>
        Pending,

        /// <summary>All results have been taken.</summary>
        Over,
    }

    /// <summary>
    /// Many resets at once, in bounded memory. One thread can hand guests in and take results; others may as well.
    /// Every guest that was taken gets one result, in the order in which they are done.
    /// </summary>
    public sealed class ResetBatch : IDisposable
    {
        private const int Ok = 0;
        private const int Closed = 20;
        private const int Full = 500;
        private const int Pending = 501;
        private const int Done = 502;

        private readonly Native.BatchHandle handle;

        private ResetBatch(Native.BatchHandle handle)
        {
            this.handle = handle;
        }

        /// <summary><paramref name="options"/>: those of every reset and call, and of the batch itself.</summary>
        /// <exception cref="GuestRedemptionException">It was not started.</exception>
        public static ResetBatch Start(IDictionary<string, object> options)
        {
            var text = Json.Write(Client.WithContext(options ?? new Dictionary<string, object>(), null));
            return new ResetBatch(Native.Instance.StartBatch(text));
        }

        /// <summary>
        /// Hands a guest in, with options that stand over those of the batch. What is wrong with the guest is told by its
        /// result, which comes back with <paramref name="tag"/>.
        /// </summary>
        public BatchAdded TryAdd(ulong tag, string userId, string email, IDictionary<string, object> options, int timeoutMilliseconds)
        {
            var text = options == null ? null : Json.Write(options);
            var code = Native.Instance.AddToBatch(handle, tag, userId, email, text, checked((uint)timeoutMilliseconds));
            switch (code)
            {
                case Ok: return BatchAdded.Taken;
                case Full: return BatchAdded.Full;
                case Closed: return BatchAdded.Closed;
                default: throw Native.Instance.Failure(code);
            }
        }

        /// <summary>Says that no more guests come.</summary>
        public void Finish()
        {
            Native.Instance.FinishBatch(handle);
        }

        /// <summary>Takes the next result, waiting for it as long as this.</summary>
        /// <exception cref="GuestRedemptionException">The batch itself has failed.</exception>
        public BatchTaken TryTake(int timeoutMilliseconds, out ulong tag, out CallResult result)
        {
            var code = Native.Instance.TakeFromBatch(handle, checked((uint)timeoutMilliseconds), out tag, out result);
            switch (code)
            {
                case Ok: return BatchTaken.Result;
                case Pending: return BatchTaken.Pending;
                case Done: return BatchTaken.Over;
                default: throw result == null ? Native.Instance.Failure(code) : new GuestRedemptionException(result);
            }
        }

        /// <summary>Ends what is under way; all results are still there to be taken. From any thread, also once disposed.</summary>
        public void Cancel()
        {
            try
            {
                Native.Instance.CancelBatch(handle);
            }
            catch (ObjectDisposedException)
            {
                // nothing is left to be cancelled
            }
        }

        /// <summary>Cancels a batch that is not over, without waiting for its results.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }
}
