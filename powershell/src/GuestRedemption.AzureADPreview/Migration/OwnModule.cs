using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>This module: where it lies, and which cmdlets and types it has at this moment.</summary>
    internal sealed class OwnModule
    {
        private readonly IDictionary<string, CmdletInfo> cmdlets;

        internal OwnModule(PSModuleInfo module)
        {
            cmdlets = module.ExportedCmdlets;
        }

        internal const string Name = "GuestRedemption.AzureADPreview";

        /// <summary>The assembly lies in bin under it.</summary>
        internal static string Folder => Path.GetDirectoryName(Path.GetDirectoryName(typeof(OwnModule).Assembly.Location));

        internal static string Manifest => Path.Combine(Folder, Name + ".psd1");

        /// <summary>The cmdlets that have an old name.</summary>
        internal IEnumerable<string> OldNames => cmdlets.Keys.Where(name => OldCommands.Find(name) != null).OrderBy(name => name, StringComparer.OrdinalIgnoreCase);

        internal CmdletInfo Find(string name)
        {
            return cmdlets.TryGetValue(name, out var cmdlet) ? cmdlet : null;
        }

        internal static bool HasType(string fullName)
        {
            return typeof(OwnModule).Assembly.GetType(fullName, false, true) != null;
        }

        internal static bool HasNamespace(string name)
        {
            return typeof(OwnModule).Assembly.GetExportedTypes().Any(type => string.Equals(type.Namespace, name, StringComparison.OrdinalIgnoreCase));
        }
    }
}
