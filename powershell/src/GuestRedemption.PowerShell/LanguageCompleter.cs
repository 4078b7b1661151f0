using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GuestRedemption.PowerShell
{
    /// <summary>Offers the languages that .NET knows for -MessageLanguage.</summary>
    public sealed class LanguageCompleter : IArgumentCompleter
    {
        public IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        {
            var word = (wordToComplete ?? "").Trim('\'', '"');
            foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures))
            {
                if (!culture.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
                yield return new CompletionResult(culture.Name, culture.Name, CompletionResultType.ParameterValue, culture.EnglishName);
            }
        }
    }
}
