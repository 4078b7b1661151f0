using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Whether a call of an old cmdlet runs with ours.</summary>
    internal sealed class CallJudge
    {
        private readonly OwnModule own;

        internal CallJudge(OwnModule own)
        {
            this.own = own;
        }

        /// <summary>Null for a call of something else.</summary>
        internal AzureADScriptUsage Judge(CommandAst call, ScriptNames names)
        {
            var aliased = names.AliasedBy(call);
            if (aliased != null) return Judge(aliased, null);
            var written = call.GetCommandName();
            return string.IsNullOrEmpty(written) ? null : Judge(names.Resolve(written), call);
        }

        private AzureADScriptUsage Judge(string name, CommandAst call)
        {
            if (name == null) return null;
            var at = name.LastIndexOf('\\');
            var qualifier = at < 0 ? null : name.Substring(0, at);
            var old = OldCommands.Find(name.Substring(at + 1));
            if (qualifier == null ? old == null : !OldModules.IsOld(qualifier)) return null;

            var usage = new AzureADScriptUsage { Kind = AzureADUsageKind.Command, Command = old?.Name ?? name.Substring(at + 1), Module = qualifier ?? old.Module };
            var cmdlet = own.Find(usage.Command);
            if (cmdlet == null) IsMissing(usage, call);
            else IsThere(usage, cmdlet, call);
            if (qualifier != null && usage.Status != AzureADUsageStatus.Missing) OldModules.NeedStandIn(usage, qualifier);
            usage.Replacement = old?.Replacement(usage.Parameters);
            return usage;
        }

        private static void IsMissing(AzureADScriptUsage usage, CommandAst call)
        {
            usage.Status = AzureADUsageStatus.Missing;
            usage.Reason = Messages.Text("scan.noCommand", OwnModule.Name, usage.Command);
            if (call != null) usage.Parameters = new Arguments(call, name => false).Names.ToArray();
        }

        private static void IsThere(AzureADScriptUsage usage, CmdletInfo cmdlet, CommandAst call)
        {
            if (call == null) return;
            var arguments = new Arguments(call, name => Resolve(cmdlet, name)?.SwitchParameter == true);
            var reasons = new List<string>();
            var parameters = new List<string>();
            foreach (var name in arguments.Names.Concat(Splatted(arguments, reasons)))
            {
                var parameter = Resolve(cmdlet, name);
                if (parameter == null) reasons.Add(Messages.Text("scan.noParameter", name, usage.Command));
                parameters.Add(parameter?.Name ?? name);
            }
            reasons.AddRange(Limits.Of(usage.Command, parameters, name => arguments.Of(written => Resolve(cmdlet, written)?.Name == name)));
            usage.Parameters = parameters.ToArray();
            if (reasons.Count == 0) return;
            usage.Status = AzureADUsageStatus.Partly;
            usage.Reason = string.Join(" ", reasons);
        }

        private static IEnumerable<string> Splatted(Arguments arguments, List<string> reasons)
        {
            var names = new List<string>();
            foreach (var splatted in arguments.Splatted)
            {
                var keys = Splat.Keys(splatted);
                if (keys != null) names.AddRange(keys);
                else reasons.Add(Messages.Text("scan.splatUnknown", splatted.VariablePath.UserPath));
            }
            return names;
        }

        /// <summary>By PowerShell's own rules for names cut short and aliases; null where it would end with an error.</summary>
        private static ParameterMetadata Resolve(CmdletInfo cmdlet, string name)
        {
            try
            {
                return cmdlet.ResolveParameter(name);
            }
            catch (ParameterBindingException)
            {
                return null;
            }
        }
    }
}
