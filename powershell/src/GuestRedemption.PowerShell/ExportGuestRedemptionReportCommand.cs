using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsData.Export, "GuestRedemptionReport", SupportsShouldProcess = true)]
    public sealed class ExportGuestRedemptionReportCommand : RedemptionCmdlet
    {
        private readonly List<GuestStatus> guests = new List<GuestStatus>();
        private string file;

        /// <summary>Its ending, .html or .csv, says what is written.</summary>
        [Parameter(Mandatory = true, Position = 0)]
        [ValidateNotNullOrEmpty]
        public string Path { get; set; }

        [Parameter(Mandatory = true, ValueFromPipeline = true)]
        public GuestStatus[] InputObject { get; set; }

        /// <summary>Replaces a file of this name.</summary>
        [Parameter]
        public SwitchParameter Force { get; set; }

        private bool IsCsv
        {
            get { return Ends(".csv"); }
        }

        /// <summary>What would be in vain is refused before anything is asked or read.</summary>
        protected override void BeginProcessing()
        {
            file = GetUnresolvedProviderPathFromPSPath(Path);
            if (!IsCsv && !Ends(".html") && !Ends(".htm")) Refuse("UnknownFormat", Messages.Text("report.unknownFormat", file));
            if (File.Exists(file) && !Force) Refuse("FileExists", Messages.Text("plan.fileExists", file));
        }

        protected override void ProcessRecord()
        {
            guests.AddRange(InputObject);
        }

        protected override void EndProcessing()
        {
            if (!ShouldProcess(file)) return;
            try
            {
                using (var report = new NewFile(file, true))
                {
                    if (IsCsv) ReportCsv.Write(report.Text, guests);
                    else new ReportHtml(report.Text).Write(guests, Account(Connection.Current));
                    report.Finish(Force);
                }
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
            {
                ThrowTerminatingError(ErrorRecords.Named(new ErrorRecord(e, "ReportNotWritten", ErrorCategory.WriteError, file), CommandName));
            }
        }

        /// <summary>An application goes by its id where its token holds no name.</summary>
        private static string Account(ConnectionContext connection)
        {
            return connection == null ? null : connection.Account ?? connection.ClientId;
        }

        private bool Ends(string ending)
        {
            return file.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
        }

        private void Refuse(string id, string message)
        {
            ThrowTerminatingError(ErrorRecords.Refusal(id, message, file, CommandName));
        }
    }
}
