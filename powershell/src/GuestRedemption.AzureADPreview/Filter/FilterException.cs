using System;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A filter that cannot be translated, and why.</summary>
    public sealed class FilterException : Exception
    {
        internal FilterException(string why, int position)
            : base($"{why} (character {position} of -Filter).")
        {
            Position = position;
        }

        /// <summary>Of the character where the trouble begins, counted from 1.</summary>
        public int Position { get; }
    }
}
