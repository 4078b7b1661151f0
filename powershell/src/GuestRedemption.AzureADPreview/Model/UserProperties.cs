using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>
    /// All properties of a user. Sources: Microsoft's page on property differences between Azure AD Graph and Microsoft
    /// Graph for the names, its pages on the user resource and on advanced queries for what can be written and filtered.
    /// What is in neither list of filters is filtered through the search index, which knows more.
    /// </summary>
    internal static class UserProperties
    {
        internal static readonly IReadOnlyList<UserProperty> All = new[]
        {
            Time("DeletionTimestamp", "deletedDateTime").Filterable(),
            Text("ObjectId", "id").Filterable(),
            Other("ObjectType"),
            Flag("AccountEnabled", "accountEnabled").Writable().Filterable(),
            Text("AgeGroup", "ageGroup").Writable().Filterable(),
            new UserProperty("AssignedLicenses", "assignedLicenses", ValueKind.Items, PlanMapping.Licenses).Filterable(Guid("skuId")),
            new UserProperty("AssignedPlans", "assignedPlans", ValueKind.Items, PlanMapping.Assigned)
                .FilterableByIndex(Text("capabilityStatus"), Text("service"), Guid("servicePlanId")),
            Text("City", "city").Writable().Filterable(),
            Text("CompanyName", "companyName").Writable().FilterableByIndex(),
            Text("ConsentProvidedForMinor", "consentProvidedForMinor").Writable().Filterable(),
            Text("Country", "country").Writable().Filterable(),
            Text("CreationType", "creationType").Filterable(),
            Text("Department", "department").Writable().Filterable(),
            Flag("DirSyncEnabled", "onPremisesSyncEnabled").Filterable(),
            Text("DisplayName", "displayName").Writable().Filterable(),
            Text("FacsimileTelephoneNumber", "faxNumber").Writable().FilterableByIndex(),
            Text("GivenName", "givenName").Writable().Filterable(),
            Other("IsCompromised"),
            Text("ImmutableId", "onPremisesImmutableId").Writable().Filterable(),
            Text("JobTitle", "jobTitle").Writable().Filterable(),
            Time("LastDirSyncTime", "onPremisesLastSyncDateTime").Filterable(),
            Text("LegalAgeGroupClassification", "legalAgeGroupClassification"),
            Text("Mail", "mail").Filterable(),
            Text("MailNickName", "mailNickname").Writable().Filterable(),
            Text("Mobile", "mobilePhone").Writable().FilterableByIndex(),
            Text("OnPremisesSecurityIdentifier", "onPremisesSecurityIdentifier").FilterableByIndex(),
            new UserProperty("OtherMails", "otherMails", ValueKind.Texts).Writable().Filterable(),
            Text("PasswordPolicies", "passwordPolicies").Writable().FilterableByIndex(),
            new UserProperty("PasswordProfile", "passwordProfile", ValueKind.Other, ReadPasswordProfile).Writable(),
            Text("PhysicalDeliveryOfficeName", "officeLocation").Writable().FilterableByIndex(),
            Text("PostalCode", "postalCode").Writable().FilterableByIndex(),
            Text("PreferredLanguage", "preferredLanguage").Writable().FilterableByIndex(),
            new UserProperty("ProvisionedPlans", "provisionedPlans", ValueKind.Items, PlanMapping.Provisioned)
                .FilterableByIndex(Text("provisioningStatus"), Text("service")),
            new UserProperty("ProvisioningErrors", "onPremisesProvisioningErrors", ValueKind.Items, ReadErrors),
            new UserProperty("ProxyAddresses", "proxyAddresses", ValueKind.Texts).Filterable(),
            Time("RefreshTokensValidFromDateTime", "signInSessionsValidFromDateTime").FilterableByIndex(),
            Flag("ShowInAddressList", "showInAddressList").Writable().FilterableByIndex(),
            new UserProperty("SignInNames", "identities", ValueKind.Items, ReadSignInNames)
                .Filterable(Text("value", "issuerAssignedId").WithIssuer()),
            new UserProperty("SipProxyAddress", "imAddresses", ValueKind.FirstText).Filterable(),
            Text("State", "state").Writable().Filterable(),
            Text("StreetAddress", "streetAddress").Writable().FilterableByIndex(),
            Text("Surname", "surname").Writable().Filterable(),
            new UserProperty("TelephoneNumber", "businessPhones", ValueKind.FirstText).Writable().Filterable(),
            Text("UsageLocation", "usageLocation").Writable().Filterable(),
            Text("UserPrincipalName", "userPrincipalName").Writable().Filterable(),
            Text("UserState", "externalUserState").Filterable(),
            // a time in Graph, but the old module gave its text
            new UserProperty("UserStateChangedOn", "externalUserStateChangeDateTime", ValueKind.Time, (graph, key) => graph.Text(key)).Filterable(),
            Text("UserType", "userType").Writable().Filterable(),
            Time("createdDateTime", "createdDateTime").FilterableByIndex(),
            Text("employeeId", "employeeId").Writable().Filterable(),
            Text("onPremisesDistinguishedName", "onPremisesDistinguishedName"),
        };

        /// <summary>The Graph properties that are read.</summary>
        internal static readonly string[] Selected = All.Where(property => property.GraphName != null).Select(property => property.GraphName).ToArray();

        /// <summary>The property of this old name, or of Graph's, in any case; null if there is none.</summary>
        internal static UserProperty Find(string name)
        {
            // the title of old filters
            if (string.Equals(name, "Title", System.StringComparison.OrdinalIgnoreCase)) name = "JobTitle";
            return All.FirstOrDefault(property => property.IsNamed(name)) ?? DirectoryExtension(name);
        }

        /// <summary>What an application has added to users is called alike in both services.</summary>
        private static UserProperty DirectoryExtension(string name)
        {
            return Regex.IsMatch(name, "^extension_[0-9a-fA-F]{32}_[A-Za-z0-9_]+$") ? Text(name).Writable().Filterable() : null;
        }

        private static UserProperty Text(string name, string graphName = null)
        {
            return new UserProperty(name, graphName ?? name, ValueKind.Text);
        }

        private static UserProperty Guid(string name)
        {
            return new UserProperty(name, name, ValueKind.Guid).Filterable();
        }

        private static UserProperty Flag(string name, string graphName)
        {
            return new UserProperty(name, graphName, ValueKind.Flag);
        }

        private static UserProperty Time(string name, string graphName)
        {
            return new UserProperty(name, graphName, ValueKind.Time);
        }

        private static UserProperty Other(string name)
        {
            return new UserProperty(name, null, ValueKind.Other);
        }

        private static object ReadPasswordProfile(IDictionary<string, object> graph, string key)
        {
            var profile = graph.Object(key);
            if (profile == null) return null;
            return new PasswordProfile
            {
                EnforceChangePasswordPolicy = profile.Flag("forceChangePasswordNextSignInWithMfa"),
                ForceChangePasswordNextLogin = profile.Flag("forceChangePasswordNextSignIn"),
            };
        }

        private static object ReadErrors(IDictionary<string, object> graph, string key)
        {
            return graph.Objects(key, error =>
            {
                var copy = new PSObject();
                foreach (var member in error) copy.Properties.Add(new PSNoteProperty(member.Key, member.Value));
                return copy;
            }).ToList();
        }

        /// <summary>The old module listed names of local accounts only; a guest has none.</summary>
        private static object ReadSignInNames(IDictionary<string, object> graph, string key)
        {
            var names = graph.Objects(key, identity => new SignInName { Type = identity.Text("signInType"), Value = identity.Text("issuerAssignedId") });
            return names.Where(name => name.Type == "userName" || name.Type == "emailAddress").ToList();
        }
    }
}
