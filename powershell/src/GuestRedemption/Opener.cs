using System;
using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption
{
    /// <summary>An address whose holder may open the account after a reset, and why.</summary>
    public sealed class Opener
    {
        private Opener(string email, IList<string> why)
        {
            Email = email;
            Why = why;
        }

        /// <summary>Not "Address", which arrays have a method of, so that PowerShell would find that on a list of these.</summary>
        public string Email { get; private set; }

        /// <summary>
        /// NewMail, NewOtherMail: written there by the reset. Mail, OtherMails: there, and stays. OldMailKept: moved
        /// from mail to otherMails. ProxyAddresses: there, and Graph cannot remove it. Invited: only invited.
        /// </summary>
        public IList<string> Why { get; private set; }

        public override string ToString()
        {
            return Email + " (" + string.Join(", ", Why) + ")";
        }

        /// <summary>
        /// The library tells which addresses, and where the guest holds each before; what was asked for tells the rest.
        /// </summary>
        internal static Opener[] Read(Plan plan, string to, string old)
        {
            return plan.Opens.Select(email => new Opener(email, Reasons(plan, email, to ?? "mail", old))).ToArray();
        }

        private static List<string> Reasons(Plan plan, string email, string to, string old)
        {
            var guest = plan.Guest;
            var isNew = Same(email, plan.NewEmail);
            var wasMail = Same(email, guest.Mail);
            var wasOther = Holds(guest.OtherMails, email);
            var writes = plan.Steps.Any(step => step.Step == "address");
            // a change that may write mail always puts the new address there
            var replaces = writes && to == "mail";

            var why = new List<string>();
            if (replaces && isNew) why.Add("NewMail");
            if (wasMail && !replaces) why.Add("Mail");
            if (writes && !replaces && isNew && !wasMail && !wasOther) why.Add("NewOtherMail");
            if (replaces && wasMail && !isNew && !wasOther && old == "keep") why.Add("OldMailKept");
            if (wasOther && !(writes && wasMail && !isNew && old == "remove")) why.Add("OtherMails");
            if (Holds(guest.ProxyAddresses.Select(WithoutPrefix), email)) why.Add("ProxyAddresses");
            if (why.Count == 0) why.Add("Invited");
            return why;
        }

        private static string WithoutPrefix(string proxy)
        {
            return proxy.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase) ? proxy.Substring(5) : proxy;
        }

        private static bool Holds(IEnumerable<string> list, string address)
        {
            return list.Contains(address, StringComparer.OrdinalIgnoreCase);
        }

        private static bool Same(string a, string b)
        {
            return string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
        }
    }
}
