using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>What the list views of plans and results show, one line for each item, in the language of the session.</summary>
    public static class ViewText
    {
        public static string Steps(Plan plan)
        {
            return Lines(plan.Steps.Select(LibraryText.Step));
        }

        public static string Steps(ResetResult result)
        {
            return Lines(result.Steps.Select(step => LibraryText.Step(step.Step, step.State, step.ToString())));
        }

        /// <summary>Obstacles that refuse.</summary>
        public static string Obstacles(Plan plan)
        {
            return Lines(plan.Obstacles.Where(obstacle => obstacle.Refuses).Select(obstacle => Line(plan, obstacle)));
        }

        /// <summary>Obstacles that only warn.</summary>
        public static string Warnings(Plan plan)
        {
            return Lines(plan.Obstacles.Where(obstacle => !obstacle.Refuses).Select(obstacle => Line(plan, obstacle)));
        }

        public static string WillOpen(Plan plan)
        {
            return Lines(plan.WillOpen.Select(opener => opener.Email + ": " + string.Join("; ", opener.Why.Select(Reason))));
        }

        public static string DynamicGroups(Plan plan)
        {
            return Lines(plan.DynamicGroups.Select(group => group.DisplayName + " (" + group.Id + ")"));
        }

        public static string Rights(Plan plan)
        {
            return Lines(plan.Rights.Select(LibraryText.Right));
        }

        public static string NotChecked(Plan plan)
        {
            return Lines(plan.NotChecked.Select(LibraryText.NotChecked));
        }

        /// <summary>How often each code occurs.</summary>
        public static string Counts(IDictionary<string, long> counts)
        {
            return Lines(counts.Select(one => one.Key + ": " + one.Value));
        }

        public static string Message(ResetResult result)
        {
            return LibraryText.Status(result.Status, result.Message);
        }

        private static string Line(Plan plan, Obstacle obstacle)
        {
            return obstacle.Code + ": " + LibraryText.Obstacle(plan, obstacle, obstacle.Remedy);
        }

        private static string Reason(string why)
        {
            switch (why)
            {
                case "NewMail": return Messages.Text("opens.newMail");
                case "NewOtherMail": return Messages.Text("opens.newOtherMail");
                case "Mail": return Messages.Text("opens.mail");
                case "OldMailKept": return Messages.Text("opens.oldMailKept");
                case "OtherMails": return Messages.Text("opens.otherMails");
                case "ProxyAddresses": return Messages.Text("opens.proxyAddresses");
                default: return Messages.Text("opens.invited");
            }
        }

        private static string Lines(IEnumerable<string> lines)
        {
            return string.Join("\n", lines);
        }
    }
}
