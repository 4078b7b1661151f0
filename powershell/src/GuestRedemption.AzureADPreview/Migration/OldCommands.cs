using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A command of the old modules and what has taken its place.</summary>
    internal sealed class OldCommand
    {
        private readonly IDictionary<string, object> entry;

        internal OldCommand(string name, IDictionary<string, object> entry)
        {
            Name = name;
            this.entry = entry;
        }

        internal string Name { get; }

        internal string Module => entry.Text("module");

        /// <summary>For a call with these parameters: a cmdlet of GuestRedemption, of Microsoft Graph PowerShell, of Microsoft Entra PowerShell. Null: none.</summary>
        internal string Replacement(ICollection<string> parameters)
        {
            var onlyWith = entry.Text("onlyWith");
            var own = onlyWith == null || parameters.Contains(onlyWith, StringComparer.OrdinalIgnoreCase) ? entry.Text("guestRedemption") : null;
            var graph = string.Join(", ", entry.List("graph"));
            var all = new[] { own, graph, entry.Text("entra") }.Where(one => !string.IsNullOrEmpty(one)).ToList();
            return all.Count == 0 ? null : string.Join(" or ", all);
        }
    }

    /// <summary>
    /// Every command of AzureAD, AzureADPreview and MSOnline by name. A list, and not a pattern such as *-AzureAD*:
    /// other modules have such names too.
    /// </summary>
    internal static class OldCommands
    {
        private static readonly Lazy<Dictionary<string, OldCommand>> All = new Lazy<Dictionary<string, OldCommand>>(Read);

        internal static OldCommand Find(string name)
        {
            return All.Value.TryGetValue(name, out var command) ? command : null;
        }

        private static Dictionary<string, OldCommand> Read()
        {
            var entries = (IDictionary<string, object>)Json.Parse(File.ReadAllText(Path.Combine(OwnModule.Folder, "OldCommands.json")));
            return entries.ToDictionary(
                entry => entry.Key, entry => new OldCommand(entry.Key, (IDictionary<string, object>)entry.Value), StringComparer.OrdinalIgnoreCase);
        }
    }
}
