using System;

namespace GuestRedemption.PowerShell
{
    /// <summary>How fast the service's limits let a tenant's guests be reset; the library uses 97 % of them.</summary>
    internal static class Pace
    {
        /// <summary>150 invitations in 5 seconds and tenant.</summary>
        private const double Invitations = 29.1;

        /// <summary>3,000 changes of users in 150 seconds, tenant and application.</summary>
        private const double AddressChanges = 19.4;

        /// <summary>Both limits run at the same time, so the tighter one counts.</summary>
        internal static TimeSpan Time(long guests, long addressChanges)
        {
            return TimeSpan.FromSeconds(Math.Ceiling(Math.Round(Math.Max(guests / Invitations, addressChanges / AddressChanges), 3)));
        }

        /// <summary>Hours, minutes and seconds, however many hours there are.</summary>
        internal static string Text(TimeSpan time)
        {
            return string.Format("{0}:{1:00}:{2:00}", (long)time.TotalHours, time.Minutes, time.Seconds);
        }
    }
}
