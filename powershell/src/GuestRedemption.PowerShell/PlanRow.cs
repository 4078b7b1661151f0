using System;
using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>What a plan's file says of one guest. Each row stands on its own.</summary>
    internal sealed class PlanRow
    {
        private const long Schema = 1;

        private PlanRow()
        {
        }

        /// <summary>Where it begins in its file; 0 when it comes from none.</summary>
        internal int Line { get; private set; }

        internal string TenantId { get; private set; }

        internal string Cloud { get; private set; }

        internal string UserId { get; private set; }

        internal string UserPrincipalName { get; private set; }

        internal string DisplayName { get; private set; }

        /// <summary>Null for the guest's own address.</summary>
        internal string NewEmail { get; private set; }

        internal bool Go { get; private set; }

        /// <summary>Codes of what refuses.</summary>
        internal string[] Reasons { get; private set; }

        internal string[] Warnings { get; private set; }

        /// <summary>The guest as the plan saw it, in the library's words.</summary>
        internal IDictionary<string, object> Expected { get; private set; }

        internal IDictionary<string, object> Options { get; private set; }

        /// <summary>Whether something is written to the guest before it is invited.</summary>
        internal bool ChangesAddress
        {
            get
            {
                var mail = Expected.Text("mail");
                if (NewEmail == null || Options.Text("address") == "none" || Same(mail)) return false;
                return Options.Text("old_address") == "remove" || !Expected.Texts("other_mails").Any(Same);
            }
        }

        internal static PlanRow Of(Plan plan)
        {
            var guest = plan.Guest;
            return new PlanRow
            {
                TenantId = plan.TenantId,
                Cloud = plan.Cloud,
                UserId = plan.UserId,
                UserPrincipalName = guest.UserPrincipalName,
                DisplayName = plan.DisplayName,
                NewEmail = plan.NewEmail,
                Go = plan.CanReset,
                Reasons = Codes(plan, true),
                Warnings = Codes(plan, false),
                Expected = new Dictionary<string, object>
                {
                    { "mail", guest.Mail }, { "other_mails", guest.OtherMails }, { "external_user_state", guest.State },
                    { "external_user_state_change_date_time", guest.StateChangedAsWritten() },
                },
                Options = PlanOptions.Of(plan.Options),
            };
        }

        /// <exception cref="FormatException">It is no row of a plan; the message tells what is wrong.</exception>
        internal static PlanRow Read(IDictionary<string, object> json, int line)
        {
            if (!Equals(json.Member("schema"), Schema)) throw Unreadable("schema");
            Guid id;
            if (!Guid.TryParse(json.Text("user_id"), out id)) throw Unreadable("user_id");
            return new PlanRow
            {
                Line = line,
                TenantId = json.Text("tenant_id") ?? throw Unreadable("tenant_id"),
                Cloud = json.Text("cloud") ?? throw Unreadable("cloud"),
                UserId = json.Text("user_id"),
                UserPrincipalName = json.Text("user_principal_name"),
                DisplayName = json.Text("display_name"),
                NewEmail = json.Member("new_email") == null ? null : json.Text("new_email") ?? throw Unreadable("new_email"),
                Go = json.Flag("go") ?? throw Unreadable("go"),
                Reasons = json.Texts("reasons"),
                Warnings = json.Texts("warnings"),
                Expected = json.Object("expected") ?? throw Unreadable("expected"),
                Options = PlanOptions.Read(json.Object("options") ?? throw Unreadable("options")),
            };
        }

        internal Dictionary<string, object> ToJson()
        {
            return new Dictionary<string, object>
            {
                { "schema", Schema }, { "tenant_id", TenantId }, { "cloud", Cloud }, { "user_id", UserId }, { "user_principal_name", UserPrincipalName },
                { "display_name", DisplayName }, { "new_email", NewEmail }, { "go", Go }, { "reasons", Reasons }, { "warnings", Warnings },
                { "expected", Expected }, { "options", Options },
            };
        }

        private static string[] Codes(Plan plan, bool refusing)
        {
            return plan.Obstacles.Where(obstacle => obstacle.Refuses == refusing).Select(obstacle => obstacle.Code).ToArray();
        }

        private static FormatException Unreadable(string member)
        {
            return new FormatException(Messages.Text("plan.unreadable", member));
        }

        private bool Same(string address)
        {
            return string.Equals(address, NewEmail, StringComparison.OrdinalIgnoreCase);
        }
    }
}
