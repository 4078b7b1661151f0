using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Lets scripts find this module under the name of the retired one, after a look at what they call.</summary>
    [Cmdlet(VerbsLifecycle.Enable, "AzureADCompatibility", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    [OutputType(typeof(AzureADStandIn))]
    public sealed class EnableAzureADCompatibilityCommand : ScriptPathCmdlet
    {
        private const int Shown = 5;

        private readonly List<string> scripts = new List<string>();
        private readonly List<AzureADScriptUsage> usages = new List<AzureADScriptUsage>();
        private ScriptScanner scanner;

        [Parameter]
        [ValidateSet("AzureADPreview", "AzureAD")]
        public string[] Name { get; set; } = { "AzureADPreview" };

        /// <summary>The folder of modules to write to.</summary>
        [Parameter]
        [ValidateNotNullOrEmpty]
        public string ModulePath { get; set; }

        /// <summary>Also where it cannot be told whether the scripts run; never where they call what is missing.</summary>
        [Parameter]
        public SwitchParameter Force { get; set; }

        protected override void BeginProcessing()
        {
            scanner = new ScriptScanner(Own());
        }

        protected override void ProcessRecord()
        {
            foreach (var path in NewScripts())
            {
                scripts.Add(path);
                usages.AddRange(scanner.Scan(Read(path)));
            }
        }

        protected override void EndProcessing()
        {
            var standIns = Name.Select(StandIn.Find).Distinct().ToList();
            RefuseScripts();
            var folder = Folder();
            RefuseRealModules(standIns, folder);
            TellOtherNames();
            foreach (var standIn in standIns) Write(standIn, standIn.ManifestIn(folder));
        }

        /// <summary>A script that cannot be read is one that cannot be vouched for.</summary>
        private protected override void Tell(string id, ErrorCategory category, Exception exception, object target)
        {
            End(id, category, exception, target);
        }

        private void RefuseScripts()
        {
            if (scripts.Count == 0) Refuse("ScriptNotFound", Messages.Text("enable.noScript"), null);
            var missing = usages.Where(usage => usage.Status == AzureADUsageStatus.Missing).ToList();
            if (missing.Count > 0) Refuse("CommandsMissing", Messages.Text("enable.missing", missing.Count, List(missing)), missing);
            var partly = usages.Where(usage => usage.Status == AzureADUsageStatus.Partly).ToList();
            if (partly.Count > 0 && !Force) Refuse("CommandsUncertain", Messages.Text("enable.uncertain", partly.Count, List(partly)), partly);
        }

        private static string List(ICollection<AzureADScriptUsage> some)
        {
            var first = some.Take(Shown).Select(usage => string.Format("{0} ({1}:{2})", usage.Command, usage.Path, usage.Line));
            return string.Join(", ", first) + (some.Count > Shown ? ", ..." : "");
        }

        private string Folder()
        {
            if (ModulePath != null) return ModuleFolders.Normal(SessionState.Path.GetUnresolvedProviderPathFromPSPath(ModulePath));
            var folder = ModuleFolders.OfUser(SessionState.PSVariable.GetValue("PSHOME").ToString());
            if (folder == null) Refuse("NoModulePath", Messages.Text("enable.noFolder"), null);
            return folder;
        }

        /// <summary>Neither is to hide the other; which one the scripts get is for the administrator to say.</summary>
        private void RefuseRealModules(IEnumerable<StandIn> standIns, string folder)
        {
            foreach (var standIn in standIns)
            {
                var real = ModuleFolders.All.Concat(new[] { folder }).SelectMany(one => ModuleFolders.ModuleFiles(one, standIn.Name)).FirstOrDefault(file => !standIn.Wrote(file));
                if (real != null) Refuse("RealModuleFound", Messages.Text("enable.realModule", standIn.Name, real), real);
            }
        }

        private void TellOtherNames()
        {
            var others = usages.Select(usage => usage.NeededModule).Where(name => name != null && !Name.Contains(name, StringComparer.OrdinalIgnoreCase));
            foreach (var other in others.Distinct()) WriteWarning(Messages.Text("enable.otherName", other));
        }

        private void Write(StandIn standIn, string manifest)
        {
            // by name an update is found, and a moved folder; a checkout has its path alone
            var loads = ModuleFolders.Find(OwnModule.Name, File.ReadAllText(OwnModule.Manifest)) ? OwnModule.Name : OwnModule.Manifest;
            var text = standIn.Manifest(loads, Own().OldNames);
            var state = AzureADStandInState.Unchanged;
            if (!File.Exists(manifest) || File.ReadAllText(manifest) != text)
            {
                if (!ShouldProcess(manifest, Messages.Text("enable.write", standIn.Name, standIn.Version))) return;
                WriteFile(manifest, text);
                state = AzureADStandInState.Written;
            }
            WriteObject(new AzureADStandIn(standIn, state, manifest, loads));
            if (!ModuleFolders.Find(standIn.Name, text)) WriteWarning(Messages.Text("enable.notOnPath", manifest));
        }

        private void WriteFile(string manifest, string text)
        {
            try
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(manifest));
                // with a mark, since Windows PowerShell takes a file without one for ANSI
                File.WriteAllText(manifest, text, new UTF8Encoding(true));
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
            {
                End("StandInNotWritten", ErrorCategory.WriteError, e, manifest);
            }
        }

        private void Refuse(string id, string message, object target)
        {
            End(id, ErrorCategory.InvalidOperation, new InvalidOperationException(message), target);
        }
    }
}
