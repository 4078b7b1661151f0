using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GuestRedemption.PowerShell
{
    /// <summary>Offers the domains of guests' addresses for -Domain.</summary>
    public sealed class DomainCompleter : IArgumentCompleter
    {
        /// <summary>One page: with more guests than that, not all of their domains are offered.</summary>
        private const int Most = 999;

        public IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        {
            var beginning = TypedWord.Text(wordToComplete).TrimStart('@');
            return GuestSearch.Find(Guest.GraphFilter, Most, "mail", "otherMails")
                .SelectMany(guest => guest.OtherMails.Concat(new[] { guest.Mail ?? "" }))
                .Select(address => address.Substring(address.LastIndexOf('@') + 1).ToLowerInvariant())
                .Where(domain => domain.Length > 0 && domain.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                .Distinct()
                .OrderBy(domain => domain, StringComparer.Ordinal)
                .Select(domain => new CompletionResult(TypedWord.Quoted(domain), domain, CompletionResultType.ParameterValue, domain));
        }
    }
}
