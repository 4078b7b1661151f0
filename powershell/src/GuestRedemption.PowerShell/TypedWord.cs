using System.Linq;
using System.Management.Automation.Language;

namespace GuestRedemption.PowerShell
{
    /// <summary>A word on the command line, to and from what it means.</summary>
    internal static class TypedWord
    {
        private const string Quotes = "'\"";

        // none of these means anything inside a word, though some do at its beginning
        private const string Plain = "._-+#@";

        /// <summary>What was typed, perhaps without its closing quote.</summary>
        internal static string Text(string word)
        {
            if (string.IsNullOrEmpty(word) || Quotes.IndexOf(word[0]) < 0) return word ?? "";
            var quote = word[0].ToString();
            var inside = word.Substring(1);
            if (inside.EndsWith(quote)) inside = inside.Substring(0, inside.Length - 1);
            // PowerShell 7 has undone doubled quotes already
            return inside.Replace(quote + quote, quote);
        }

        /// <summary>The text as it has to be typed.</summary>
        internal static string Quoted(string text)
        {
            var isPlain = char.IsLetterOrDigit(text[0]) && text.All(c => char.IsLetterOrDigit(c) || Plain.IndexOf(c) >= 0);
            return isPlain ? text : "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
        }
    }
}
