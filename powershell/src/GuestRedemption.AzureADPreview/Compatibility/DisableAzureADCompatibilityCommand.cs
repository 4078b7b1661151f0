using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Removes what Enable-AzureADCompatibility wrote, and nothing else.</summary>
    [Cmdlet(VerbsLifecycle.Disable, "AzureADCompatibility", SupportsShouldProcess = true)]
    [OutputType(typeof(AzureADStandIn))]
    public sealed class DisableAzureADCompatibilityCommand : PSCmdlet
    {
        [Parameter(Position = 0)]
        [ValidateSet("AzureADPreview", "AzureAD")]
        public string[] Name { get; set; } = { "AzureADPreview", "AzureAD" };

        /// <summary>The folder of modules to look in; without it, all of PSModulePath.</summary>
        [Parameter]
        [ValidateNotNullOrEmpty]
        public string ModulePath { get; set; }

        protected override void ProcessRecord()
        {
            var folders = ModulePath == null ? ModuleFolders.All : new[] { ModuleFolders.Normal(SessionState.Path.GetUnresolvedProviderPathFromPSPath(ModulePath)) };
            foreach (var standIn in Name.Select(StandIn.Find).Distinct())
            {
                var written = folders.SelectMany(folder => ModuleFolders.ModuleFiles(folder, standIn.Name)).Where(standIn.Wrote).ToList();
                if (written.Count == 0) WriteVerbose(Messages.Text("disable.none", standIn.Name));
                foreach (var manifest in written) Remove(standIn, manifest);
            }
        }

        private void Remove(StandIn standIn, string manifest)
        {
            if (!ShouldProcess(manifest, Messages.Text("disable.remove", standIn.Name, standIn.Version))) return;
            try
            {
                File.Delete(manifest);
                RemoveEmpty(Path.GetDirectoryName(manifest), standIn.Name);
                WriteObject(new AzureADStandIn(standIn, AzureADStandInState.Removed, manifest, null));
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
            {
                WriteError(GuestRedemption.PowerShell.ErrorRecords.Named(new ErrorRecord(e, "StandInNotRemoved", ErrorCategory.WriteError, manifest), MyInvocation.MyCommand.Name));
            }
        }

        /// <summary>The folders of the version and of the module, while there is nothing else in them.</summary>
        private static void RemoveEmpty(string folder, string name)
        {
            var isLast = string.Equals(Path.GetFileName(folder), name, StringComparison.OrdinalIgnoreCase);
            if (Directory.EnumerateFileSystemEntries(folder).Any()) return;
            Directory.Delete(folder);
            if (!isLast) RemoveEmpty(Path.GetDirectoryName(folder), name);
        }
    }
}
