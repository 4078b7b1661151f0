using System;
using System.Collections.Generic;

namespace GuestRedemption.PowerShell
{
    /// <summary>Passes on in the order of their numbers what comes in another; numbers begin with 0 and have no gaps.</summary>
    internal sealed class InOrder<T>
    {
        private readonly Dictionary<ulong, T> early = new Dictionary<ulong, T>();
        private readonly Action<T> pass;
        private ulong next;

        internal InOrder(Action<T> pass)
        {
            this.pass = pass;
        }

        /// <summary>How many wait for an earlier one.</summary>
        internal int Waiting
        {
            get { return early.Count; }
        }

        internal void Add(ulong number, T item)
        {
            early.Add(number, item);
            while (early.TryGetValue(next, out item))
            {
                early.Remove(next++);
                pass(item);
            }
        }
    }
}
