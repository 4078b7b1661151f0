namespace GuestRedemption.PowerShell
{
    /// <summary>What this module says itself, in the language of the session.</summary>
    internal static class Messages
    {
        private static readonly MessageTable Table = new MessageTable(typeof(Messages).Assembly);

        internal static string Text(string key, params object[] values)
        {
            return Table.Text(key, values);
        }

        /// <summary>Null if no language has it, as English lacks what the library says in English.</summary>
        internal static string Find(string key)
        {
            return Table.Find(key);
        }
    }
}
