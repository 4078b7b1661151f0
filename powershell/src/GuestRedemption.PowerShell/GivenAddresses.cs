using System;
using System.Collections.Generic;

namespace GuestRedemption.PowerShell
{
    /// <summary>Which guest of a plan gets which new address: of two that get one, the second would get in as the first.</summary>
    internal sealed class GivenAddresses
    {
        private readonly Dictionary<string, KeyValuePair<string, string>> guests = new Dictionary<string, KeyValuePair<string, string>>(StringComparer.OrdinalIgnoreCase);

        /// <summary>Notes whom a row's new address goes to. Whoever else gets it already, by the name given then; else null.</summary>
        internal string Add(PlanRow row, string name)
        {
            if (!row.Go || !row.ChangesAddress) return null;
            KeyValuePair<string, string> other;
            var key = row.TenantId + "\n" + row.NewEmail;
            if (!guests.TryGetValue(key, out other)) guests.Add(key, other = new KeyValuePair<string, string>(row.UserId, name));
            return string.Equals(other.Key, row.UserId, StringComparison.OrdinalIgnoreCase) ? null : other.Value;
        }
    }
}
