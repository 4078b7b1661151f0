using System.Management.Automation;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Lists what scripts use of AzureAD, AzureADPreview and MSOnline, whether it runs, and what to write instead.</summary>
    [Cmdlet(VerbsCommon.Find, "AzureADScriptUsage", DefaultParameterSetName = "Path")]
    [OutputType(typeof(AzureADScriptUsage))]
    public sealed class FindAzureADScriptUsageCommand : ScriptPathCmdlet
    {
        private ScriptScanner scanner;

        protected override void BeginProcessing()
        {
            scanner = new ScriptScanner(Own());
        }

        protected override void ProcessRecord()
        {
            foreach (var path in NewScripts())
            {
                var script = Read(path);
                if (script != null) WriteObject(scanner.Scan(script), true);
            }
        }
    }
}
