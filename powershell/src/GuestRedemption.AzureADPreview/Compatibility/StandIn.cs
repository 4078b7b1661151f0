using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation.Language;
using System.Text;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A manifest under the name of a retired module that loads this one.</summary>
    internal sealed class StandIn
    {
        /// <summary>
        /// Each with the last version that was published: what the retired module satisfied, it satisfies, and it
        /// promises no more. The GUIDs are ours, and tell a stand-in from the retired module.
        /// </summary>
        internal static readonly IReadOnlyList<StandIn> All = new[]
        {
            new StandIn("AzureADPreview", "2.0.2.183", "a2d79516-9413-4e19-ac7d-e1f320ab4890"),
            new StandIn("AzureAD", "2.0.2.182", "69933a7f-2cb8-4329-b54e-3eec910cb154"),
        };

        private StandIn(string name, string version, string guid)
        {
            Name = name;
            Version = version;
            Guid = guid;
        }

        internal string Name { get; }

        internal string Version { get; }

        internal string Guid { get; }

        internal static StandIn Find(string name)
        {
            return All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        /// <summary>Where it lies in a folder of modules.</summary>
        internal string ManifestIn(string modulePath)
        {
            return Path.Combine(modulePath, Name, Version, Name + ".psd1");
        }

        /// <summary>Whether this manifest is one of ours.</summary>
        internal bool Wrote(string manifest)
        {
            if (!manifest.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase)) return false;
            var table = Parser.ParseFile(manifest, out _, out _).Find(ast => ast is HashtableAst, false) as HashtableAst;
            var guid = table?.KeyValuePairs.FirstOrDefault(pair => string.Equals(Arguments.Constant(pair.Item1), "GUID", StringComparison.OrdinalIgnoreCase));
            return guid?.Item2.Find(ast => ast is StringConstantExpressionAst constant && constant.Value == Guid, false) != null;
        }

        /// <summary>
        /// The manifest that loads a module by name or path and shows these cmdlets, so that they load it by themselves.
        /// The same in every language: one that differs is written again.
        /// </summary>
        internal string Manifest(string loads, IEnumerable<string> cmdlets)
        {
            var text = new StringBuilder();
            text.AppendLine("# Written by Enable-AzureADCompatibility. Disable-AzureADCompatibility removes it.");
            text.AppendLine("@{");
            Add(text, "ModuleVersion", Quoted(Version));
            Add(text, "GUID", Quoted(Guid));
            Add(text, "Author", Quoted("The guest-redemption authors"));
            Add(text, "Description", Quoted("Stands in for the retired module " + Name + ": loads " + OwnModule.Name + " under its name."));
            Add(text, "PowerShellVersion", Quoted("5.1"));
            Add(text, "CompatiblePSEditions", "@('Desktop', 'Core')");
            Add(text, "NestedModules", "@(" + Quoted(loads) + ")");
            Add(text, "CmdletsToExport", "@(" + string.Join(", ", cmdlets.Select(Quoted)) + ")");
            foreach (var nothing in new[] { "FunctionsToExport", "VariablesToExport", "AliasesToExport" }) Add(text, nothing, "@()");
            text.AppendLine("}");
            return text.ToString();
        }

        private static void Add(StringBuilder text, string key, string value)
        {
            text.Append("    ").Append(key.PadRight(20)).Append(" = ").AppendLine(value);
        }

        private static string Quoted(string text)
        {
            return "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
        }
    }
}
