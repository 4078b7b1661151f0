using System.Collections.Generic;
using System.Linq;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Microsoft Graph's licences and plans as the old module's.</summary>
    internal static class PlanMapping
    {
        internal static List<AssignedLicense> Licenses(IDictionary<string, object> graph, string key)
        {
            return graph.Objects(key, license => new AssignedLicense
            {
                DisabledPlans = license.Texts("disabledPlans").ToList(),
                SkuId = license.Text("skuId"),
            }).ToList();
        }

        internal static List<AssignedPlan> Assigned(IDictionary<string, object> graph, string key)
        {
            return graph.Objects(key, plan => new AssignedPlan
            {
                AssignedTimestamp = plan.Time("assignedDateTime"),
                CapabilityStatus = plan.Text("capabilityStatus"),
                Service = plan.Text("service"),
                ServicePlanId = plan.Text("servicePlanId"),
            }).ToList();
        }

        internal static List<ProvisionedPlan> Provisioned(IDictionary<string, object> graph, string key)
        {
            return graph.Objects(key, plan => new ProvisionedPlan
            {
                CapabilityStatus = plan.Text("capabilityStatus"),
                ProvisioningStatus = plan.Text("provisioningStatus"),
                Service = plan.Text("service"),
            }).ToList();
        }
    }
}
