using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;
using Microsoft.PowerShell.Commands;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Which version of a module a script asks for.</summary>
    internal sealed class Wanted
    {
        private readonly Dictionary<string, string> values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        internal string[] Parameters { get; private set; } = new string[0];

        internal bool InWindowsPowerShell { get; private set; }

        internal static Wanted By(ModuleSpecification module)
        {
            var wanted = new Wanted();
            wanted.Set("ModuleVersion", module.Version?.ToString());
            wanted.Set("MaximumVersion", module.MaximumVersion);
            wanted.Set("RequiredVersion", module.RequiredVersion?.ToString());
            wanted.Set("GUID", module.Guid?.ToString());
            return wanted;
        }

        /// <summary>A table with ModuleName and ModuleVersion, or anything else, which asks for no version.</summary>
        internal static Wanted By(Ast module)
        {
            var wanted = new Wanted();
            foreach (HashtableAst table in module.FindAll(ast => ast is HashtableAst, false)) wanted.SetAll(table);
            return wanted;
        }

        internal static Wanted By(CommandAst call)
        {
            var wanted = By((Ast)call);
            var arguments = new Arguments(call, IsUseWindowsPowerShell);
            wanted.Parameters = arguments.Names.ToArray();
            wanted.InWindowsPowerShell = wanted.Parameters.Any(IsUseWindowsPowerShell);
            wanted.Set("ModuleVersion", Arguments.Constant(arguments.Of(name => IsCutShort(name, "MinimumVersion", 2) || IsCutShort(name, "Version", 4))));
            wanted.Set("MaximumVersion", Arguments.Constant(arguments.Of(name => IsCutShort(name, "MaximumVersion", 2))));
            wanted.Set("RequiredVersion", Arguments.Constant(arguments.Of(name => IsCutShort(name, "RequiredVersion", 3))));
            return wanted;
        }

        /// <summary>Null: this stand-in will do.</summary>
        internal string WhyNot(StandIn standIn)
        {
            if (values.TryGetValue("GUID", out var guid) && !string.Equals(guid, standIn.Guid, StringComparison.OrdinalIgnoreCase))
                return Messages.Text("scan.otherGuid", guid);
            var fits = Fits("ModuleVersion", order => order <= 0, standIn.Version) && Fits("MaximumVersion", order => order >= 0, standIn.Version)
                && Fits("RequiredVersion", order => order == 0, standIn.Version);
            return fits ? null : Messages.Text("scan.otherVersion", standIn.Name, standIn.Version);
        }

        /// <summary>A version that is not written as numbers, such as 2.*, is no obstacle that could be told.</summary>
        private bool Fits(string key, Predicate<int> order, string version)
        {
            return !values.TryGetValue(key, out var text) || !Version.TryParse(text, out var asked) || order(asked.CompareTo(new Version(version)));
        }

        private void SetAll(HashtableAst table)
        {
            foreach (var pair in table.KeyValuePairs)
            {
                var value = (pair.Item2 as PipelineAst)?.GetPureExpression() ?? (pair.Item2 as CommandExpressionAst)?.Expression;
                var key = Arguments.Constant(pair.Item1);
                if (key != null) Set(key, Arguments.Constant(value));
            }
        }

        private void Set(string key, string value)
        {
            if (value != null) values[key] = value;
        }

        /// <summary>In full, cut short, or its alias UseWinPS.</summary>
        private static bool IsUseWindowsPowerShell(string name)
        {
            return name.StartsWith("UseWin", StringComparison.OrdinalIgnoreCase);
        }

        private static bool IsCutShort(string written, string name, int least)
        {
            return written.Length >= least && name.StartsWith(written, StringComparison.OrdinalIgnoreCase);
        }
    }
}
