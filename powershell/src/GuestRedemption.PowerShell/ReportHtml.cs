using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// A report as one HTML file that needs no other and runs nothing. Every text goes through one method that encodes
    /// it: names and addresses are what guests and journals say.
    /// </summary>
    internal sealed class ReportHtml
    {
        private const string Style =
            ":root{color-scheme:light dark;--line:#8886;--redeemed:#2e9e5b;--pending:#d9a21b;--half:#e06c1f;--failed:#c8372d;--unknown:#8a5cc9;--none:#888}" +
            "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem}" +
            "h1{margin:0}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}" +
            "table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid var(--line)}" +
            "td{unicode-bidi:isolate;overflow-wrap:anywhere}td.n{text-align:end;white-space:nowrap}td.t{white-space:nowrap}th{font-weight:600}" +
            ".wide{overflow-x:auto;font-size:.87em}.bar{display:flex;height:1.1rem;border-radius:.3rem;overflow:hidden;margin:1rem 0}" +
            ".counts{width:auto}.key{display:inline-block;width:.8em;height:.8em;border-radius:.2em;margin-inline-end:.5em}" +
            ".Redeemed{background:var(--redeemed)}.Pending{background:var(--pending)}.AddressChangedNotReset{background:var(--half)}" +
            ".NotReset{background:var(--failed)}.Unknown{background:var(--unknown)}.Deleted,.NotLookedAt{background:var(--none)}.NotLookedAt{opacity:.5}" +
            "@media print{body{margin:0;max-width:none;font-size:10pt}.bar,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}" +
            "thead{display:table-header-group}tr{break-inside:avoid}.wide{overflow:visible}}";

        private static readonly string[] States =
        {
            GuestStatus.Redeemed, GuestStatus.Pending, GuestStatus.AddressChangedNotReset, GuestStatus.NotReset,
            GuestStatus.Unknown, GuestStatus.Deleted, GuestStatus.NotLookedAt,
        };

        private readonly TextWriter writer;

        internal ReportHtml(TextWriter writer)
        {
            this.writer = writer;
        }

        internal void Write(IList<GuestStatus> guests, string account)
        {
            var title = Messages.Text("report.title");
            Raw("<!DOCTYPE html>\n<html lang=\"");
            Text(Messages.Text("report.language"));
            Raw("\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
            Raw("<meta name=\"viewport\" content=\"width=device-width\"><title>");
            Text(title);
            Raw("</title><style>" + Style + "</style></head>\n<body>");
            Element("h1", title);
            Element("p", Messages.Text("report.made", Time(DateTime.UtcNow), account ?? AskedBy(guests), Client.Version));
            Element("p", Messages.Text("report.times"));
            foreach (var tenant in guests.GroupBy(guest => guest.TenantId, StringComparer.OrdinalIgnoreCase)) Tenant(tenant.Key, tenant.ToList());
            Raw("</body></html>\n");
        }

        private void Tenant(string id, List<GuestStatus> guests)
        {
            Element("h2", Messages.Text("report.tenant", id));
            var looked = guests.FirstOrDefault(guest => guest.LookedAt != null);
            Element("p", looked == null ? Messages.Text("report.notLookedAt") : Messages.Text("report.lookedAt", Time(looked.LookedAt), looked.LookedAtBy ?? Messages.Text("report.nobody")));
            Counts(guests);
            Element("h3", Messages.Text("report.pending"));
            Table(guests.Where(guest => guest.State == GuestStatus.Pending).OrderByDescending(guest => guest.PendingFor), PendingColumns());
            Element("h3", Messages.Text("report.failures"));
            Table(guests.Where(IsFailure), FailureColumns());
            Element("h3", Messages.Text("report.all"));
            Table(guests, AllColumns());
            Element("h3", Messages.Text("report.journals"));
            Table(guests.SelectMany(guest => guest.Journals).Distinct(), JournalColumns());
        }

        private void Counts(List<GuestStatus> guests)
        {
            var counts = States.Select(state => new KeyValuePair<string, int>(state, guests.Count(guest => guest.State == state))).Where(count => count.Value > 0).ToList();
            // the table below says the same
            Raw("<div class=\"bar\" aria-hidden=\"true\">");
            foreach (var count in counts) Raw("<span class=\"" + count.Key + "\" style=\"flex:" + count.Value.ToString(CultureInfo.InvariantCulture) + "\"></span>");
            Raw("</div><table class=\"counts\">");
            foreach (var count in counts)
            {
                Raw("<tr><td><span class=\"key " + count.Key + "\"></span>");
                Text(StateName(count.Key));
                Raw("</td>");
                Cell("n", Number(count.Value));
                Cell("n", ((double)count.Value / guests.Count).ToString("P1", CultureInfo.CurrentCulture));
                Raw("</tr>");
            }
            Raw("<tr><th>");
            Text(Messages.Text("report.guests"));
            Raw("</th>");
            Cell("n", Number(guests.Count));
            Raw("<td></td></tr></table>\n");
        }

        private void Table<T>(IEnumerable<T> rows, params Column<T>[] columns)
        {
            var isEmpty = true;
            foreach (var row in rows)
            {
                if (isEmpty) Head(columns);
                isEmpty = false;
                Raw("<tr>");
                foreach (var column in columns) Cell(column.Class, column.Value(row));
                Raw("</tr>\n");
            }
            if (isEmpty) Element("p", Messages.Text("report.none"));
            else Raw("</tbody></table></div>\n");
        }

        private void Head<T>(Column<T>[] columns)
        {
            Raw("<div class=\"wide\"><table><thead><tr>");
            foreach (var column in columns) Element("th", column.Name);
            Raw("</tr></thead><tbody>\n");
        }

        private static Column<GuestStatus>[] PendingColumns()
        {
            return new[]
            {
                Guest(), Address(), Since(), Of(Messages.Text("report.pendingDays"), Days, "n"), LastMail(),
                Of(Messages.Text("report.reminders"), guest => Number(guest.Reminders), "n"),
            };
        }

        private static Column<GuestStatus>[] FailureColumns()
        {
            return new[] { Guest(), Address(), State(), Outcome(), Of(Messages.Text("report.code"), Code), RequestIds() };
        }

        private static Column<GuestStatus>[] AllColumns()
        {
            return new[]
            {
                Guest(), Of(Messages.Text("report.userId"), guest => guest.UserId), Address(), Of(Messages.Text("report.oldAddress"), guest => guest.OldEmail),
                State(), Since(), Outcome(), Of(Messages.Text("report.code"), guest => guest.Status), Of(Messages.Text("report.begun"), guest => Time(guest.Begun), "t"),
                Of(Messages.Text("report.ended"), guest => Time(guest.Ended), "t"), LastMail(), RequestIds(),
            };
        }

        private static Column<Journal>[] JournalColumns()
        {
            return new[]
            {
                new Column<Journal>(Messages.Text("report.journal"), journal => journal.Path),
                new Column<Journal>(Messages.Text("report.journalId"), journal => journal.Id),
                new Column<Journal>(Messages.Text("report.begun"), journal => Time(journal.Begun), "t"),
                new Column<Journal>(Messages.Text("report.madeWith"), journal => journal.Library),
                new Column<Journal>(Messages.Text("report.lines"), journal => journal.Lines.ToString("N0", CultureInfo.CurrentCulture), "n"),
                new Column<Journal>(Messages.Text("report.end"), JournalEnd),
            };
        }

        private static Column<GuestStatus> Guest()
        {
            return Of(Messages.Text("report.guest"), guest => guest.DisplayName ?? guest.UserPrincipalName ?? guest.GivenAs ?? guest.UserId);
        }

        private static Column<GuestStatus> Address()
        {
            return Of(Messages.Text("report.address"), guest => guest.Email);
        }

        private static Column<GuestStatus> State()
        {
            return Of(Messages.Text("report.state"), guest => StateName(guest.State));
        }

        private static Column<GuestStatus> Since()
        {
            return Of(Messages.Text("report.since"), guest => Time(guest.Since), "t");
        }

        private static Column<GuestStatus> Outcome()
        {
            return Of(Messages.Text("report.outcome"), guest => guest.Outcome);
        }

        private static Column<GuestStatus> LastMail()
        {
            return Of(Messages.Text("report.lastMail"), guest => Time(guest.LastMail), "t");
        }

        private static Column<GuestStatus> RequestIds()
        {
            return Of(Messages.Text("report.requestIds"), guest => string.Join(", ", guest.RequestIds));
        }

        private static bool IsFailure(GuestStatus guest)
        {
            if (guest.State == GuestStatus.NotLookedAt) return guest.Outcome != "done" && guest.Outcome != "accepted_unverified";
            return guest.State == GuestStatus.NotReset || guest.State == GuestStatus.AddressChangedNotReset || guest.State == GuestStatus.Unknown;
        }

        private static string Days(GuestStatus guest)
        {
            return guest.PendingFor == null ? null : guest.PendingFor.Value.TotalDays.ToString("N1", CultureInfo.CurrentCulture);
        }

        private static string Code(GuestStatus guest)
        {
            var sentence = guest.Status == null ? null : Messages.Find("status." + guest.Status);
            return sentence == null ? guest.Status : guest.Status + ": " + sentence;
        }

        private static string JournalEnd(Journal journal)
        {
            if (journal.TornLine != null) return Messages.Text("report.torn", journal.TornLine, journal.TornBytes);
            return journal.IsClosed ? Messages.Text("report.closed") : Messages.Text("report.notClosed");
        }

        private static string StateName(string state)
        {
            switch (state)
            {
                case GuestStatus.Redeemed: return Messages.Text("report.redeemed");
                case GuestStatus.Pending: return Messages.Text("report.isPending");
                case GuestStatus.AddressChangedNotReset: return Messages.Text("report.half");
                case GuestStatus.NotReset: return Messages.Text("report.notReset");
                case GuestStatus.Deleted: return Messages.Text("report.deleted");
                case GuestStatus.NotLookedAt: return Messages.Text("report.notLooked");
                default: return Messages.Text("report.unknown");
            }
        }

        private static string AskedBy(IEnumerable<GuestStatus> guests)
        {
            return guests.Select(guest => guest.LookedAtBy).FirstOrDefault(one => one != null) ?? Messages.Text("report.nobody");
        }

        private static string Number(int number)
        {
            return number.ToString("N0", CultureInfo.CurrentCulture);
        }

        private static string Time(DateTime? time)
        {
            return time == null ? null : time.Value.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        }

        private static Column<GuestStatus> Of(string name, Func<GuestStatus, string> value, string kind = null)
        {
            return new Column<GuestStatus>(name, value, kind);
        }

        private void Cell(string kind, string text)
        {
            Raw(kind == null ? "<td>" : "<td class=\"" + kind + "\">");
            Text(text);
            Raw("</td>");
        }

        private void Element(string name, string text)
        {
            Raw("<" + name + ">");
            Text(text);
            Raw("</" + name + ">\n");
        }

        private void Text(string text)
        {
            WebUtility.HtmlEncode(text, writer);
        }

        private void Raw(string html)
        {
            writer.Write(html);
        }

        private sealed class Column<T>
        {
            internal readonly string Name;
            internal readonly Func<T, string> Value;
            internal readonly string Class;

            internal Column(string name, Func<T, string> value, string kind = null)
            {
                Name = name;
                Value = value;
                Class = kind;
            }
        }
    }
}
