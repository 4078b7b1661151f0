using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// Offers guests for -UserId whose name, mail or user principal name begins with what was typed. The user
    /// principal name is put in: it leads to one user only, and unlike the object id it can be read.
    /// </summary>
    public sealed class GuestCompleter : IArgumentCompleter
    {
        private const int Most = 20;

        public IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        {
            var guests = GuestSearch.Find(Filter(TypedWord.Text(wordToComplete)), Most, "id", "displayName", "userPrincipalName", "mail", "externalUserState");
            return guests.OrderBy(guest => guest.DisplayName, StringComparer.CurrentCultureIgnoreCase).Select(Offer);
        }

        private static string Filter(string beginning)
        {
            if (beginning.Length == 0) return Guest.GraphFilter;
            var literal = "'" + beginning.Replace("'", "''") + "'";
            var begins = new[] { "displayName", "mail", "userPrincipalName" }.Select(name => "startsWith(" + name + "," + literal + ")");
            return Guest.GraphFilter + " and (" + string.Join(" or ", begins) + ")";
        }

        private static CompletionResult Offer(Guest guest)
        {
            var name = guest.UserPrincipalName ?? guest.Id;
            var tip = (guest.Mail ?? name) + ", " + guest.State;
            var shown = string.IsNullOrEmpty(guest.DisplayName) ? name : guest.DisplayName;
            return new CompletionResult(TypedWord.Quoted(name), shown, CompletionResultType.ParameterValue, tip);
        }
    }
}
