using GuestRedemption.PowerShell;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>What is ours to say, in the language of the session. The old module's error texts stay English: scripts compare them.</summary>
    internal static class Messages
    {
        private static readonly MessageTable Table = new MessageTable(typeof(Messages).Assembly);

        internal static string Text(string key, params object[] values)
        {
            return Table.Text(key, values);
        }
    }
}
