namespace GuestRedemption.AzureADPreview
{
    /// <summary>A filter in the words of Microsoft Graph.</summary>
    public sealed class GraphFilter
    {
        internal GraphFilter(string text, bool isAdvanced)
        {
            Text = text;
            IsAdvanced = isAdvanced;
        }

        /// <summary>The filter.</summary>
        public string Text { get; }

        /// <summary>Whether only the service's search index can answer it, which lags behind the directory a little.</summary>
        public bool IsAdvanced { get; }
    }
}
