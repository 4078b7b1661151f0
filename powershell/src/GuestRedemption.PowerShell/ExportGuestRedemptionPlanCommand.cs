using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsData.Export, "GuestRedemptionPlan", SupportsShouldProcess = true)]
    [OutputType(typeof(PlanSummary))]
    public sealed class ExportGuestRedemptionPlanCommand : PSCmdlet, IDisposable
    {
        private readonly Dictionary<string, PlanWriter> files = new Dictionary<string, PlanWriter>(StringComparer.OrdinalIgnoreCase);
        private readonly GivenAddresses addresses = new GivenAddresses();
        private PlanSummary summary;

        [Parameter(Mandatory = true, ValueFromPipeline = true)]
        public Plan InputObject { get; set; }

        /// <summary>A file of lines of JSON or, with the ending .csv, a table; with -SplitByTenant a folder.</summary>
        [Parameter(Mandatory = true, Position = 0)]
        [ValidateNotNullOrEmpty]
        public string Path { get; set; }

        /// <summary>One file for each tenant, named by it.</summary>
        [Parameter]
        public SwitchParameter SplitByTenant { get; set; }

        /// <summary>Replaces files that are there.</summary>
        [Parameter]
        public SwitchParameter Force { get; set; }

        protected override void BeginProcessing()
        {
            var path = GetUnresolvedProviderPathFromPSPath(Path);
            if (!SplitByTenant && !HasKnownEnding(path)) Refuse("UnknownFormat", Messages.Text("plan.unknownFormat", path));
            if (!SplitByTenant && !Force && File.Exists(path)) RefuseExisting(path);
            if (!ShouldProcess(path)) return;
            summary = new PlanSummary(path);
            Guard(() =>
            {
                if (SplitByTenant) Directory.CreateDirectory(path);
                else files.Add(path, new PlanWriter(path));
            });
        }

        protected override void ProcessRecord()
        {
            if (summary == null) return;
            if (InputObject.Guest == null)
            {
                WriteError(ErrorRecords.Refusal("NoPlan", Messages.Text("plan.noGuest"), InputObject, MyInvocation.MyCommand.Name));
                return;
            }
            var row = PlanRow.Of(InputObject);
            Guard(() => Writer(row.TenantId).Write(row));
            summary.Add(row);
            var sameAddress = addresses.Add(row, InputObject.Guest.ToString());
            if (sameAddress != null) WriteWarning(Messages.Text("plan.givenTwice", sameAddress, InputObject.Guest, row.NewEmail));
        }

        protected override void EndProcessing()
        {
            if (summary == null) return;
            foreach (var file in files)
            {
                // somebody else may have made one meanwhile
                if (!Force && File.Exists(file.Key)) RefuseExisting(file.Key);
                Guard(() => file.Value.Finish(Force));
            }
            WriteObject(summary);
        }

        /// <summary>What is not finished is taken away.</summary>
        public void Dispose()
        {
            foreach (var file in files.Values) file.Dispose();
        }

        private PlanWriter Writer(string tenantId)
        {
            var path = SplitByTenant ? System.IO.Path.Combine(summary.Path, (tenantId ?? "unknown") + ".jsonl") : summary.Path;
            PlanWriter writer;
            if (files.TryGetValue(path, out writer)) return writer;
            if (!Force && File.Exists(path)) RefuseExisting(path);
            files.Add(path, writer = new PlanWriter(path));
            return writer;
        }

        private void Guard(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
            {
                var error = new ErrorRecord(e, "PlanNotWritten", ErrorCategory.WriteError, Path);
                ThrowTerminatingError(ErrorRecords.Named(error, MyInvocation.MyCommand.Name));
            }
        }

        private void RefuseExisting(string path)
        {
            Refuse("FileExists", Messages.Text("plan.fileExists", path));
        }

        private void Refuse(string id, string message)
        {
            ThrowTerminatingError(ErrorRecords.Refusal(id, message, Path, MyInvocation.MyCommand.Name));
        }

        private static bool HasKnownEnding(string path)
        {
            return PlanFile.IsTable(path) || path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
        }
    }
}
