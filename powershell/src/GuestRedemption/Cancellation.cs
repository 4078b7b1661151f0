using System;
using System.Threading;

namespace GuestRedemption
{
    /// <summary>Ends calls from another thread. Once cancelled it stays so, also for calls that start later.</summary>
    public sealed class Cancellation : IDisposable
    {
        private int freed;

        public Cancellation()
        {
            Id = Native.Instance.NewCancel();
        }

        ~Cancellation()
        {
            Free();
        }

        public ulong Id { get; private set; }

        /// <summary>May be called any number of times; has no effect once disposed.</summary>
        public void Cancel()
        {
            if (Volatile.Read(ref freed) == 0) Native.Instance.Cancel(Id);
        }

        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        private void Free()
        {
            if (Id != 0 && Interlocked.Exchange(ref freed, 1) == 0) Native.Instance.FreeCancel(Id);
        }
    }
}
