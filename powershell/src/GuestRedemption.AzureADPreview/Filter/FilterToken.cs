namespace GuestRedemption.AzureADPreview
{
    internal enum FilterTokenKind
    {
        /// <summary>A name, an operator, true, false or null.</summary>
        Word,

        /// <summary>A literal in quotes, perhaps with a type before it, such as datetime'2020-01-01'.</summary>
        Quoted,

        /// <summary>A literal without quotes: a number, a time, an id.</summary>
        Bare,

        /// <summary>A bracket, comma or colon.</summary>
        Sign,

        End,
    }

    /// <summary>One word of a filter.</summary>
    internal sealed class FilterToken
    {
        internal FilterToken(FilterTokenKind kind, string text, int position, string type = "")
        {
            Kind = kind;
            Text = text;
            Position = position;
            Type = type;
        }

        internal FilterTokenKind Kind { get; }

        /// <summary>As written; of a literal in quotes, what it means.</summary>
        internal string Text { get; }

        /// <summary>Of its first character, counted from 1.</summary>
        internal int Position { get; }

        /// <summary>What stands before the quotes, in lower case.</summary>
        internal string Type { get; }
    }
}
