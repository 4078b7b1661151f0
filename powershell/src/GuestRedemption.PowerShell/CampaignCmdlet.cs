using System.Collections.Generic;

namespace GuestRedemption.PowerShell
{
    /// <summary>A cmdlet that goes by journals of runs, and by what the tenant shows of their guests.</summary>
    public abstract class CampaignCmdlet : RedemptionCmdlet
    {
        private CampaignStatus campaign;

        protected CampaignStatus Campaign
        {
            get { return campaign ?? (campaign = new CampaignStatus(Invoke, WriteFailure)); }
        }

        /// <summary>Takes in a journal, and tells how it ends where that is not in order. False if it cannot be read.</summary>
        protected bool Read(string path)
        {
            var journal = Campaign.Read(path);
            if (journal == null) return false;
            if (journal.TornLine != null) WriteWarning(Messages.Text("follow.torn", path, journal.TornLine, journal.TornBytes));
            else if (!journal.IsClosed) WriteWarning(Messages.Text("follow.notClosed", path));
            return true;
        }

        /// <summary>Asks the tenant of the connection about its guests.</summary>
        protected void Look()
        {
            var tenant = Connection.Current == null ? TenantOfEnvironment() : Connection.Current.TenantId;
            if (tenant == null) return;
            var others = Campaign.Look(tenant);
            if (others.Count > 0) WriteWarning(Messages.Text("follow.otherTenants", string.Join(", ", others), tenant));
        }

        /// <summary>Where the environment says how to sign in, only a call tells the tenant.</summary>
        private string TenantOfEnvironment()
        {
            var answer = Invoke(new Dictionary<string, object> { { "op", "user.list" }, { "select", new[] { "id" } }, { "top", 1 } });
            if (!answer.IsOk) WriteFailure(answer, null);
            return answer.Context.Text("tenant_id");
        }
    }
}
