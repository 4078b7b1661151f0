using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A literal of an old filter as Graph writes it, by the kind of what it is compared with.</summary>
    internal static class FilterLiteral
    {
        internal const string Null = "null";

        /// <summary>In quotes; those within are doubled.</summary>
        internal static string Quote(string text)
        {
            return "'" + text.Replace("'", "''") + "'";
        }

        /// <exception cref="FilterException">It is none, or of another kind.</exception>
        internal static string Translate(FilterToken token, UserProperty property)
        {
            if (token.Kind == FilterTokenKind.Word && Is(token, Null)) return Null;
            return Value(token, property.Kind) ?? throw new FilterException($"{property.Name} is compared with {Expected(property.Kind)}", token.Position);
        }

        private static string Value(FilterToken token, ValueKind kind)
        {
            switch (kind)
            {
                case ValueKind.Flag: return Flag(token);
                case ValueKind.Time: return Time(token);
                case ValueKind.Guid: return Guid.TryParse(token.Text, out var id) && IsId(token) ? id.ToString() : null;
                default: return token.Kind == FilterTokenKind.Quoted && (token.Type == "" || IsId(token)) ? Quote(token.Text) : null;
            }
        }

        private static string Flag(FilterToken token)
        {
            if (token.Kind != FilterTokenKind.Word) return null;
            return Is(token, "true") ? "true" : Is(token, "false") ? "false" : null;
        }

        /// <summary>In UTC, as the old service took times without a zone. Graph refuses a date without a time.</summary>
        private static string Time(FilterToken token)
        {
            const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            var isTime = token.Kind == FilterTokenKind.Bare || (token.Kind == FilterTokenKind.Quoted && (token.Type == "" || token.Type.StartsWith("datetime", StringComparison.Ordinal)));
            if (!isTime || !Regex.IsMatch(token.Text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}") || !DateTime.TryParse(token.Text, CultureInfo.InvariantCulture, utc, out var time)) return null;
            return time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z";
        }

        private static bool IsId(FilterToken token)
        {
            return token.Kind == FilterTokenKind.Bare || (token.Kind == FilterTokenKind.Quoted && (token.Type == "" || token.Type == "guid"));
        }

        private static bool Is(FilterToken token, string word)
        {
            return string.Equals(token.Text, word, StringComparison.OrdinalIgnoreCase);
        }

        private static string Expected(ValueKind kind)
        {
            switch (kind)
            {
                case ValueKind.Flag: return "true, false or null";
                case ValueKind.Time: return "a time, such as datetime'2024-05-31T00:00:00Z'";
                case ValueKind.Guid: return "an id, such as guid'00000000-0000-0000-0000-000000000000'";
                default: return "a text in single quotes, or null";
            }
        }
    }
}
