using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Whether what a script says about an old module holds for the stand-in of Enable-AzureADCompatibility.</summary>
    internal static class ModuleJudge
    {
        /// <summary>Those that look for a module where PowerShell does.</summary>
        private static readonly string[] Loading = { "Import-Module", "ipmo", "Get-Module", "gmo", "Remove-Module", "rmo" };

        /// <summary>Those that go to a gallery.</summary>
        private static readonly string[] Installing =
        {
            "Install-Module", "Uninstall-Module", "Update-Module", "Save-Module",
            "Install-PSResource", "Uninstall-PSResource", "Update-PSResource", "Save-PSResource",
        };

        /// <summary>Those that list what came from a gallery.</summary>
        private static readonly string[] Listing = { "Get-InstalledModule", "Get-InstalledPSResource", "Get-PSResource" };

        /// <summary>A call that loads or installs old modules.</summary>
        internal static IEnumerable<AzureADScriptUsage> Judge(CommandAst call)
        {
            var command = call.GetCommandName();
            if (!new[] { Loading, Installing, Listing }.Any(list => Has(list, command))) yield break;
            var wanted = Wanted.By(call);
            foreach (var name in Constants(call).Where(name => OldModules.Of(name) != null))
            {
                var usage = Usage(command + " " + name, OldModules.Of(name));
                usage.Parameters = wanted.Parameters;
                if (Has(Installing, command)) IsPartly(usage, Messages.Text("scan.installs"));
                else if (Has(Listing, command)) IsPartly(usage, Messages.Text("scan.lists"));
                else if (IsPath(name)) IsMissing(usage, Messages.Text("scan.moduleFile", name));
                else if (wanted.InWindowsPowerShell) IsPartly(usage, Messages.Text("scan.windowsPowerShell"));
                else Loads(usage, wanted);
                yield return usage;
            }
        }

        /// <summary>What #Requires or a manifest says: a name, or a table with a version.</summary>
        internal static AzureADScriptUsage Judge(string how, string name, Wanted wanted)
        {
            var module = OldModules.Of(name);
            if (module == null) return null;
            var usage = Usage(how + " " + name, module);
            Loads(usage, wanted);
            return usage;
        }

        private static AzureADScriptUsage Usage(string command, string module)
        {
            return new AzureADScriptUsage { Kind = AzureADUsageKind.Module, Command = command, Module = module, Replacement = OwnModule.Name };
        }

        private static void Loads(AzureADScriptUsage usage, Wanted wanted)
        {
            var standIn = StandIn.Find(usage.Module);
            var why = standIn == null ? null : wanted.WhyNot(standIn);
            if (why != null) IsMissing(usage, why);
            else OldModules.NeedStandIn(usage, usage.Module);
            if (standIn == null) usage.Replacement = "Microsoft.Graph or Microsoft.Entra";
        }

        private static void IsPartly(AzureADScriptUsage usage, string reason)
        {
            usage.Status = AzureADUsageStatus.Partly;
            usage.Reason = reason;
        }

        private static void IsMissing(AzureADScriptUsage usage, string reason)
        {
            usage.Status = AzureADUsageStatus.Missing;
            usage.Reason = reason;
        }

        private static bool Has(string[] list, string command)
        {
            return list.Contains(command, StringComparer.OrdinalIgnoreCase);
        }

        private static bool IsPath(string name)
        {
            return name.IndexOfAny(new[] { '/', '\\' }) >= 0;
        }

        private static IEnumerable<string> Constants(CommandAst call)
        {
            return call.CommandElements.Skip(1)
                .SelectMany(element => element.FindAll(ast => ast is StringConstantExpressionAst, false))
                .Select(Arguments.Constant)
                .Distinct(StringComparer.OrdinalIgnoreCase);
        }
    }
}
