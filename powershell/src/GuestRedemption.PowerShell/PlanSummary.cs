using System;
using System.Collections.Generic;
using GuestRedemption.PowerShell;

namespace GuestRedemption
{
    /// <summary>What a plan comes to as a whole.</summary>
    public sealed class PlanSummary
    {
        private readonly SortedDictionary<string, long> reasons = new SortedDictionary<string, long>(StringComparer.Ordinal);
        private readonly SortedDictionary<string, long> warnings = new SortedDictionary<string, long>(StringComparer.Ordinal);

        internal PlanSummary(string path)
        {
            Path = path;
        }

        public long Guests { get; private set; }

        /// <summary>Guests that can be reset.</summary>
        public long Go { get; private set; }

        public long NoGo
        {
            get { return Guests - Go; }
        }

        /// <summary>How many guests each code stands in the way of; a guest may have several.</summary>
        public IDictionary<string, long> Reasons
        {
            get { return reasons; }
        }

        /// <summary>How many guests each code only warns of.</summary>
        public IDictionary<string, long> Warnings
        {
            get { return warnings; }
        }

        /// <summary>Guests that get another address before they are invited.</summary>
        public long AddressChanges { get; private set; }

        /// <summary>How long it takes at least.</summary>
        public TimeSpan ExpectedTime
        {
            get { return Pace.Time(Go, AddressChanges); }
        }

        /// <summary>The file, or the folder with a file for each tenant.</summary>
        public string Path { get; private set; }

        internal void Add(PlanRow row)
        {
            Guests++;
            if (row.Go) Go++;
            if (row.Go && row.ChangesAddress) AddressChanges++;
            foreach (var code in row.Reasons) Count(reasons, code);
            foreach (var code in row.Warnings) Count(warnings, code);
        }

        private static void Count(IDictionary<string, long> counts, string code)
        {
            long count;
            counts.TryGetValue(code, out count);
            counts[code] = count + 1;
        }
    }
}
