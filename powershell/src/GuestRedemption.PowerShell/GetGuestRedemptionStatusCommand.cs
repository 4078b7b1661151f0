using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsCommon.Get, "GuestRedemptionStatus")]
    [OutputType(typeof(GuestStatus))]
    public sealed class GetGuestRedemptionStatusCommand : CampaignCmdlet
    {
        private readonly List<string> paths = new List<string>();

        [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Alias("FullName")]
        [ValidateNotNullOrEmpty]
        [SupportsWildcards]
        public string[] Journal { get; set; }

        [Parameter]
        [ValidateSet(GuestStatus.Redeemed, GuestStatus.Pending, GuestStatus.NotReset, GuestStatus.AddressChangedNotReset, GuestStatus.Unknown, GuestStatus.Deleted, GuestStatus.NotLookedAt)]
        public string[] State { get; set; }

        protected override void ProcessRecord()
        {
            foreach (var journal in Journal)
            {
                foreach (var path in Resolve(journal))
                {
                    if (!paths.Contains(path)) paths.Add(path);
                }
            }
        }

        /// <summary>The same guest may stand in several journals, so nothing is known before all are read.</summary>
        protected override void EndProcessing()
        {
            foreach (var path in paths) Read(path);
            if (Campaign.Guests.Count > 0) Look();
            foreach (var guest in Campaign.Guests)
            {
                if (State == null || Array.Exists(State, one => string.Equals(one, guest.State, StringComparison.OrdinalIgnoreCase))) WriteObject(guest);
            }
        }

        private IEnumerable<string> Resolve(string journal)
        {
            // a name may hold what would be a wildcard elsewhere
            var literal = GetUnresolvedProviderPathFromPSPath(journal);
            if (File.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(journal)) return new[] { literal };
            ProviderInfo provider;
            var found = GetResolvedProviderPathFromPSPath(journal, out provider);
            if (found.Count == 0) WriteError(ErrorRecords.Refusal("JournalNotFound", Messages.Text("follow.noJournal", journal), journal, CommandName));
            return found;
        }
    }
}
