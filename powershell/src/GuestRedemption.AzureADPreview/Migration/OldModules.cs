using System;
using System.Linq;
using System.Management.Automation;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>The old modules by name.</summary>
    internal static class OldModules
    {
        private static readonly string[] Names = { "AzureADPreview", "AzureAD", "AzureAD.Standard.Preview", "MSOnline" };

        internal static bool IsOld(string name)
        {
            return Names.Contains(name, StringComparer.OrdinalIgnoreCase);
        }

        /// <summary>The old module that a name, a pattern such as AzureAD* or a path to its files stands for; null for others.</summary>
        internal static string Of(string written)
        {
            var last = written.Substring(written.LastIndexOfAny(new[] { '/', '\\' }) + 1);
            foreach (var ending in new[] { ".psd1", ".psm1" })
            {
                if (last.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) last = last.Substring(0, last.Length - ending.Length);
            }
            var isAbout = last.StartsWith("AzureAD", StringComparison.OrdinalIgnoreCase) || last.StartsWith("MSOnline", StringComparison.OrdinalIgnoreCase);
            if (!isAbout) return null;
            var pattern = new WildcardPattern(last, WildcardOptions.IgnoreCase);
            return Names.FirstOrDefault(pattern.IsMatch);
        }

        /// <summary>A name of the module itself works once a module of that name is there.</summary>
        internal static void NeedStandIn(AzureADScriptUsage usage, string module)
        {
            var standIn = StandIn.Find(module);
            var reason = standIn == null
                ? Messages.Text("scan.noStandIn", module)
                : Messages.Text("scan.needsStandIn", standIn.Name);
            if (standIn == null) usage.Status = AzureADUsageStatus.Missing;
            usage.NeededModule = standIn?.Name;
            usage.Reason = usage.Reason == null ? reason : usage.Reason + " " + reason;
        }
    }
}
