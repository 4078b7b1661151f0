using System;
using System.Collections.Generic;
using System.Management.Automation;
using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A tenant with the property names and the order of the old module.</summary>
    public class TenantDetail
    {
        public DateTime? DeletionTimestamp { get; set; }
        public string ObjectId { get; set; }
        public string ObjectType { get; set; }
        public List<AssignedPlan> AssignedPlans { get; set; }
        public string City { get; set; }
        public DateTime? CompanyLastDirSyncTime { get; set; }
        public string Country { get; set; }
        public string CountryLetterCode { get; set; }
        public bool? DirSyncEnabled { get; set; }
        public string DisplayName { get; set; }
        public List<string> MarketingNotificationEmails { get; set; }
        public string PostalCode { get; set; }
        public string PreferredLanguage { get; set; }
        public List<ProvisionedPlan> ProvisionedPlans { get; set; }
        /// <summary>Always empty: today's service has no such property.</summary>
        public List<PSObject> ProvisioningErrors { get; set; }
        public List<string> SecurityComplianceNotificationMails { get; set; }
        public List<string> SecurityComplianceNotificationPhones { get; set; }
        public string State { get; set; }
        public string Street { get; set; }
        public List<string> TechnicalNotificationMails { get; set; }
        public string TelephoneNumber { get; set; }
        public List<VerifiedDomain> VerifiedDomains { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
