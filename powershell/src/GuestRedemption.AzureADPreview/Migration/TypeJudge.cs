using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Types of the old modules that a script names.</summary>
    internal static class TypeJudge
    {
        private static readonly Regex OldType = new Regex(@"\bMicrosoft\.(Open|Online\.Administration)(\.\w+)+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        /// <summary>A type in brackets, also inside a generic one.</summary>
        internal static IEnumerable<AzureADScriptUsage> InBrackets(ITypeName name)
        {
            return In(name.FullName);
        }

        /// <summary>The argument of New-Object.</summary>
        internal static IEnumerable<AzureADScriptUsage> Made(CommandAst call)
        {
            var isNewObject = string.Equals(call.GetCommandName(), "New-Object", System.StringComparison.OrdinalIgnoreCase);
            var type = isNewObject ? new Arguments(call, name => false).Of("TypeName", 0) : null;
            return In(Arguments.Constant(type) ?? "");
        }

        /// <summary>What follows may name types without their namespace, and those are not looked for.</summary>
        internal static IEnumerable<AzureADScriptUsage> InNamespace(string name)
        {
            if (!OldType.IsMatch(name)) return Enumerable.Empty<AzureADScriptUsage>();
            var has = OwnModule.HasNamespace(name);
            return new[]
            {
                new AzureADScriptUsage
                {
                    Kind = AzureADUsageKind.Type, Command = "using namespace " + name, Module = Module(name),
                    Status = has ? AzureADUsageStatus.Partly : AzureADUsageStatus.Missing,
                    Reason = has ? Messages.Text("scan.unseenTypes") : Messages.Text("scan.noNamespace", OwnModule.Name, name),
                },
            };
        }

        private static IEnumerable<AzureADScriptUsage> In(string text)
        {
            return OldType.Matches(text).Cast<Match>().Select(match => Judge(match.Value));
        }

        private static AzureADScriptUsage Judge(string name)
        {
            var usage = new AzureADScriptUsage { Kind = AzureADUsageKind.Type, Command = "[" + name + "]", Module = Module(name) };
            if (OwnModule.HasType(name)) return usage;
            usage.Status = AzureADUsageStatus.Missing;
            usage.Reason = Messages.Text("scan.noType", OwnModule.Name, name);
            return usage;
        }

        private static string Module(string type)
        {
            return type.StartsWith("Microsoft.Open", System.StringComparison.OrdinalIgnoreCase) ? "AzureAD" : "MSOnline";
        }
    }
}
