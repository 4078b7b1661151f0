using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption
{
    /// <summary>An address whose holder may open the account after a reset, and why.</summary>
    public sealed class Opener
    {
        internal Opener(IDictionary<string, object> json)
        {
            Email = json.Text("address");
            Why = json.Texts("why").Select(Words).ToArray();
        }

        /// <summary>Not "Address", which arrays have a method of, so that PowerShell would find that on a list of these.</summary>
        public string Email { get; private set; }

        /// <summary>
        /// NewMail, NewOtherMail: written there by the reset. Mail, OtherMails: there, and stays. OldMailKept: moved
        /// from mail to otherMails. ProxyAddresses: there, and Graph cannot remove it. Invitation: only invited.
        /// </summary>
        public IList<string> Why { get; private set; }

        public override string ToString()
        {
            return Email + " (" + string.Join(", ", Why) + ")";
        }

        /// <summary>new_mail as NewMail.</summary>
        private static string Words(string name)
        {
            return string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
        }
    }
}
