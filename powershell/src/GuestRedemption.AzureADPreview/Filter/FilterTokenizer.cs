using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Cuts a filter into its words.</summary>
    internal static class FilterTokenizer
    {
        private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace;

        private static readonly Regex Word = new Regex(
            @"\G \s* (
                (?<type> [A-Za-z]* ) ' (?<quoted> ( [^'] | '' )* ) '
              | (?<bare> [0-9A-Fa-f]{8} ( - [0-9A-Fa-f]{4} ){3} - [0-9A-Fa-f]{12} | [+-]? [0-9] [0-9A-Za-z:.+-]* )
              | (?<word> [A-Za-z_] [A-Za-z0-9_]* ( / [A-Za-z_$] [A-Za-z0-9_]* )* )
              | (?<sign> [(),:] )
              | (?<end> \z )
            )",
            Options);

        /// <summary>The words, and an end behind them.</summary>
        /// <exception cref="FilterException">Something is no word.</exception>
        internal static List<FilterToken> Split(string filter)
        {
            var tokens = new List<FilterToken>();
            var position = 0;
            do
            {
                var match = Word.Match(filter, position);
                if (!match.Success) throw NoWord(filter, position);
                tokens.Add(ToToken(match));
                position += match.Length;
            }
            while (tokens[tokens.Count - 1].Kind != FilterTokenKind.End);
            return tokens;
        }

        private static FilterToken ToToken(Match match)
        {
            var groups = match.Groups;
            if (groups["quoted"].Success)
            {
                var type = groups["type"];
                return new FilterToken(FilterTokenKind.Quoted, groups["quoted"].Value.Replace("''", "'"), type.Index + 1, type.Value.ToLowerInvariant());
            }
            if (groups["bare"].Success) return Plain(FilterTokenKind.Bare, groups["bare"]);
            if (groups["word"].Success) return Plain(FilterTokenKind.Word, groups["word"]);
            return groups["sign"].Success ? Plain(FilterTokenKind.Sign, groups["sign"]) : Plain(FilterTokenKind.End, groups["end"]);
        }

        private static FilterToken Plain(FilterTokenKind kind, Group group)
        {
            return new FilterToken(kind, group.Value, group.Index + 1);
        }

        private static FilterException NoWord(string filter, int position)
        {
            while (char.IsWhiteSpace(filter[position])) position++;
            var why = filter[position] == '\''
                ? "The text that begins here has no closing quote"
                : $"'{filter[position]}' has no meaning in a filter";
            return new FilterException(why, position + 1);
        }
    }
}
