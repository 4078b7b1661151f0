using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Other commands that answer to the names of ours: the real module's, or aliases of Entra PowerShell.</summary>
    public static class Neighbours
    {
        private const string OurModule = "GuestRedemption.AzureADPreview";

        private static readonly string[] Names = typeof(Neighbours).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetCustomAttributes(typeof(CmdletAttribute), false).Cast<CmdletAttribute>())
            .Select(cmdlet => cmdlet.VerbName + "-" + cmdlet.NounName).OrderBy(name => name).ToArray();

        /// <summary>At import and at the first use: what is loaded later takes the names over, so that ours are not called.</summary>
        private const int Looks = 2;

        private static int looked;
        private static volatile bool told;

        /// <summary>What to tell the user about them, once for each process; null otherwise, and where there are none.</summary>
        public static string Describe(CommandInvocationIntrinsics commands)
        {
            if (told || Interlocked.Increment(ref looked) > Looks) return null;
            var others = Names.SelectMany(name => Others(commands, name)).ToList();
            if (others.Count == 0) return null;
            told = true;
            return Messages.Text(
                "neighbours.others", Joined(others.Select(other => other.Name), ", "), Joined(others.Select(SourceOf), ", "),
                OurModule + "\\" + others[0].Name, Joined(others.Select(Removal), "; "));
        }

        private static string Joined(IEnumerable<string> texts, string separator)
        {
            return string.Join(separator, texts.Distinct());
        }

        private static IEnumerable<CommandInfo> Others(CommandInvocationIntrinsics commands, string name)
        {
            const CommandTypes types = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Cmdlet;
            return commands.GetCommands(name, types, false).Where(command => !IsOurs(command));
        }

        private static bool IsOurs(CommandInfo command)
        {
            return command is CmdletInfo cmdlet && cmdlet.ImplementingType.Assembly == typeof(Neighbours).Assembly;
        }

        private static string SourceOf(CommandInfo command)
        {
            if (command is AliasInfo alias)
            {
                var ofEntra = alias.Definition.IndexOf("-Entra", StringComparison.OrdinalIgnoreCase) > 0;
                return ofEntra ? Messages.Text("neighbours.entraAliases") : Messages.Text("neighbours.aliases");
            }
            return string.IsNullOrEmpty(command.ModuleName) ? Messages.Text("neighbours.function") : Messages.Text("neighbours.module", command.ModuleName);
        }

        private static string Removal(CommandInfo command)
        {
            if (command is AliasInfo) return "Remove-Item Alias:" + command.Name;
            return string.IsNullOrEmpty(command.ModuleName) ? "Remove-Item Function:" + command.Name : "Remove-Module " + command.ModuleName;
        }
    }
}
