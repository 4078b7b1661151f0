using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Microsoft Graph's organization as the old module's tenant.</summary>
    internal static class TenantMapping
    {
        /// <summary>The Graph properties that are read.</summary>
        internal static readonly string[] Selected =
        {
            "id", "assignedPlans", "businessPhones", "city", "country", "countryLetterCode", "deletedDateTime", "displayName",
            "marketingNotificationEmails", "onPremisesLastSyncDateTime", "onPremisesSyncEnabled", "postalCode",
            "preferredLanguage", "provisionedPlans", "securityComplianceNotificationMails",
            "securityComplianceNotificationPhones", "state", "street", "technicalNotificationMails", "verifiedDomains",
        };

        internal static TenantDetail FromGraph(IDictionary<string, object> graph)
        {
            return new TenantDetail
            {
                DeletionTimestamp = graph.Time("deletedDateTime"),
                ObjectId = graph.Text("id"),
                ObjectType = "Company",
                AssignedPlans = PlanMapping.Assigned(graph, "assignedPlans"),
                City = graph.Text("city"),
                CompanyLastDirSyncTime = graph.Time("onPremisesLastSyncDateTime"),
                Country = graph.Text("country"),
                CountryLetterCode = graph.Text("countryLetterCode"),
                DirSyncEnabled = graph.Flag("onPremisesSyncEnabled"),
                DisplayName = graph.Text("displayName"),
                MarketingNotificationEmails = graph.Texts("marketingNotificationEmails").ToList(),
                PostalCode = graph.Text("postalCode"),
                PreferredLanguage = graph.Text("preferredLanguage"),
                ProvisionedPlans = PlanMapping.Provisioned(graph, "provisionedPlans"),
                ProvisioningErrors = new List<PSObject>(),
                SecurityComplianceNotificationMails = graph.Texts("securityComplianceNotificationMails").ToList(),
                SecurityComplianceNotificationPhones = graph.Texts("securityComplianceNotificationPhones").ToList(),
                State = graph.Text("state"),
                Street = graph.Text("street"),
                TechnicalNotificationMails = graph.Texts("technicalNotificationMails").ToList(),
                TelephoneNumber = graph.Texts("businessPhones").FirstOrDefault(),
                VerifiedDomains = Domains(graph),
            };
        }

        internal static List<VerifiedDomain> Domains(IDictionary<string, object> graph)
        {
            return graph.Objects("verifiedDomains", domain => new VerifiedDomain
            {
                Capabilities = domain.Text("capabilities"),
                _Default = domain.Flag("isDefault"),
                Initial = domain.Flag("isInitial"),
                Name = domain.Text("name"),
                Type = domain.Text("type"),
            }).ToList();
        }
    }
}
