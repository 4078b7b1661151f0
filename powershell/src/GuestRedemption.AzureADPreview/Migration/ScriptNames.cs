using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Names that a script defines itself: its functions, and aliases it writes out.</summary>
    internal sealed class ScriptNames
    {
        private readonly HashSet<string> functions;
        private readonly Dictionary<string, string> aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        internal ScriptNames(ScriptBlockAst root)
        {
            functions = new HashSet<string>(
                root.FindAll(ast => ast is FunctionDefinitionAst, true).Cast<FunctionDefinitionAst>().Select(function => WithoutScope(function.Name)),
                StringComparer.OrdinalIgnoreCase);
            foreach (CommandAst call in root.FindAll(IsAliasDefinition, true)) AddAlias(call);
        }

        /// <summary>The command that a written name leads to; null when that is the script's own function.</summary>
        internal string Resolve(string written)
        {
            var name = aliases.TryGetValue(written, out var value) ? value : written;
            return functions.Contains(name) ? null : name;
        }

        /// <summary>The command that a call of Set-Alias or New-Alias gives another name.</summary>
        internal string AliasedBy(CommandAst call)
        {
            return IsAliasDefinition(call) ? Arguments.Constant(Of(call).Of("Value", 1)) : null;
        }

        private void AddAlias(CommandAst call)
        {
            var name = Arguments.Constant(Of(call).Of("Name", 0));
            var value = AliasedBy(call);
            if (name != null && value != null) aliases[name] = value;
        }

        private static Arguments Of(CommandAst call)
        {
            return new Arguments(call, name => IsCutShort(name, "Force") || IsCutShort(name, "PassThru"));
        }

        private static bool IsCutShort(string written, string name)
        {
            return name.StartsWith(written, StringComparison.OrdinalIgnoreCase);
        }

        private static bool IsAliasDefinition(Ast ast)
        {
            switch ((ast as CommandAst)?.GetCommandName()?.ToLowerInvariant())
            {
                case "set-alias": case "new-alias": case "sal": case "nal": return true;
                default: return false;
            }
        }

        private static string WithoutScope(string name)
        {
            return name.Substring(name.LastIndexOf(':') + 1);
        }
    }
}
