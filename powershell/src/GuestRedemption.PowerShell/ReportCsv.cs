using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>The guests of a report as CSV, the same in every language.</summary>
    internal static class ReportCsv
    {
        private static readonly KeyValuePair<string, Func<GuestStatus, string>>[] Columns =
        {
            Column("TenantId", guest => guest.TenantId),
            Column("UserId", guest => guest.UserId),
            Column("UserPrincipalName", guest => guest.UserPrincipalName),
            Column("DisplayName", guest => guest.DisplayName),
            Column("GivenAs", guest => guest.GivenAs),
            Column("Email", guest => guest.Email),
            Column("OldEmail", guest => guest.OldEmail),
            Column("AddressChanged", guest => guest.AddressChanged.ToString()),
            Column("State", guest => guest.State),
            Column("Outcome", guest => guest.Outcome),
            Column("Status", guest => guest.Status),
            Column("Begun", guest => Time(guest.Begun)),
            Column("Ended", guest => Time(guest.Ended)),
            Column("Since", guest => Time(guest.Since)),
            Column("PendingDays", guest => guest.PendingFor == null ? null : guest.PendingFor.Value.TotalDays.ToString("0.0", CultureInfo.InvariantCulture)),
            Column("RedeemedAt", guest => Time(guest.RedeemedAt)),
            Column("LastMail", guest => Time(guest.LastMail)),
            Column("Reminders", guest => guest.Reminders.ToString(CultureInfo.InvariantCulture)),
            Column("RequestIds", guest => string.Join(";", guest.RequestIds)),
            Column("LookedAt", guest => Time(guest.LookedAt)),
            Column("LookedAtBy", guest => guest.LookedAtBy),
            Column("Row", guest => guest.Row.ToString(CultureInfo.InvariantCulture)),
            Column("Journal", guest => guest.Journal.Path),
            Column("JournalId", guest => guest.Journal.Id),
        };

        internal static void Write(TextWriter writer, IEnumerable<GuestStatus> guests)
        {
            CsvText.Write(writer, Columns.Select(column => column.Key));
            foreach (var guest in guests) CsvText.Write(writer, Columns.Select(column => column.Value(guest)));
        }

        private static string Time(DateTime? time)
        {
            return time == null ? null : time.Value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        private static KeyValuePair<string, Func<GuestStatus, string>> Column(string name, Func<GuestStatus, string> value)
        {
            return new KeyValuePair<string, Func<GuestStatus, string>>(name, value);
        }
    }
}
