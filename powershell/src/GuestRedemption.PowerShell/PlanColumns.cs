using System;
using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>The rows of a plan as a table: the same members, in columns that people read and edit.</summary>
    internal static class PlanColumns
    {
        internal static readonly string[] Names =
        {
            "UserId", "UserPrincipalName", "DisplayName", "NewEmail", "Go", "Reasons", "Warnings", "Mail", "OtherMails", "State", "StateChanged",
            "TenantId", "Cloud", "Options",
        };

        private const string Between = ";";

        /// <summary>In the order of <see cref="Names"/>.</summary>
        internal static string[] Cells(PlanRow row)
        {
            return new[]
            {
                row.UserId, row.UserPrincipalName, row.DisplayName, row.NewEmail, row.Go ? "true" : "false", Joined(row.Reasons), Joined(row.Warnings),
                row.Expected.Text("mail"), Joined(((IEnumerable<string>)row.Expected["other_mails"])), row.Expected.Text("external_user_state"),
                row.Expected.Text("external_user_state_change_date_time"), row.TenantId, row.Cloud, Json.Write(row.Options),
            };
        }

        /// <summary>The cells of one row, by column, as a line of JSON would have it. What is missing stays so.</summary>
        /// <exception cref="FormatException">The options are not JSON.</exception>
        internal static Dictionary<string, object> ToJson(IDictionary<string, string> cells)
        {
            bool go;
            var canRead = bool.TryParse(cells["Go"], out go);
            return new Dictionary<string, object>
            {
                { "schema", 1L }, { "tenant_id", Text(cells, "TenantId") }, { "cloud", Text(cells, "Cloud") }, { "user_id", Text(cells, "UserId") },
                { "user_principal_name", Text(cells, "UserPrincipalName") }, { "display_name", Text(cells, "DisplayName") },
                { "new_email", Text(cells, "NewEmail") }, { "go", canRead ? go : (object)null }, { "reasons", List(cells, "Reasons") },
                { "warnings", List(cells, "Warnings") }, { "expected", Expected(cells) }, { "options", Json.Parse(Text(cells, "Options") ?? "{}") },
            };
        }

        private static Dictionary<string, object> Expected(IDictionary<string, string> cells)
        {
            return new Dictionary<string, object>
            {
                { "mail", Text(cells, "Mail") }, { "other_mails", List(cells, "OtherMails") }, { "external_user_state", Text(cells, "State") },
                { "external_user_state_change_date_time", Text(cells, "StateChanged") },
            };
        }

        private static string Text(IDictionary<string, string> cells, string column)
        {
            var text = cells[column].Trim();
            return text.Length == 0 ? null : text;
        }

        private static List<object> List(IDictionary<string, string> cells, string column)
        {
            return cells[column].Split(Between[0]).Select(one => one.Trim()).Where(one => one.Length > 0).ToList<object>();
        }

        private static string Joined(IEnumerable<string> texts)
        {
            return string.Join(Between, texts);
        }
    }
}
