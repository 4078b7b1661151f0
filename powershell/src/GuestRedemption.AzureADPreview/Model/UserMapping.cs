using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Microsoft Graph's user as the old module's user.</summary>
    internal static class UserMapping
    {
        /// <summary>The Graph properties that are read.</summary>
        internal static readonly string[] Selected =
        {
            "id", "accountEnabled", "ageGroup", "assignedLicenses", "assignedPlans", "businessPhones", "city",
            "companyName", "consentProvidedForMinor", "country", "createdDateTime", "creationType", "deletedDateTime",
            "department", "displayName", "employeeId", "externalUserState", "externalUserStateChangeDateTime", "faxNumber",
            "givenName", "identities", "imAddresses", "jobTitle", "legalAgeGroupClassification", "mail", "mailNickname",
            "mobilePhone", "officeLocation", "onPremisesDistinguishedName", "onPremisesImmutableId",
            "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors", "onPremisesSecurityIdentifier",
            "onPremisesSyncEnabled", "otherMails", "passwordPolicies", "passwordProfile", "postalCode",
            "preferredLanguage", "provisionedPlans", "proxyAddresses", "showInAddressList",
            "signInSessionsValidFromDateTime", "state", "streetAddress", "surname", "usageLocation",
            "userPrincipalName", "userType",
        };

        private static readonly string[] Extensions = { "createdDateTime", "employeeId", "onPremisesDistinguishedName" };

        internal static User FromGraph(IDictionary<string, object> graph)
        {
            return new User
            {
                ExtensionProperty = Extensions.ToDictionary(
                    name => name, name => graph.Text(name), StringComparer.OrdinalIgnoreCase),
                DeletionTimestamp = graph.Time("deletedDateTime"),
                ObjectId = graph.Text("id"),
                ObjectType = "User",
                AccountEnabled = graph.Flag("accountEnabled"),
                AgeGroup = graph.Text("ageGroup"),
                AssignedLicenses = Objects(graph, "assignedLicenses"),
                AssignedPlans = Objects(graph, "assignedPlans"),
                City = graph.Text("city"),
                CompanyName = graph.Text("companyName"),
                ConsentProvidedForMinor = graph.Text("consentProvidedForMinor"),
                Country = graph.Text("country"),
                CreationType = graph.Text("creationType"),
                Department = graph.Text("department"),
                DirSyncEnabled = graph.Flag("onPremisesSyncEnabled"),
                DisplayName = graph.Text("displayName"),
                FacsimileTelephoneNumber = graph.Text("faxNumber"),
                GivenName = graph.Text("givenName"),
                ImmutableId = graph.Text("onPremisesImmutableId"),
                JobTitle = graph.Text("jobTitle"),
                LastDirSyncTime = graph.Time("onPremisesLastSyncDateTime"),
                LegalAgeGroupClassification = graph.Text("legalAgeGroupClassification"),
                Mail = graph.Text("mail"),
                MailNickName = graph.Text("mailNickname"),
                Mobile = graph.Text("mobilePhone"),
                OnPremisesSecurityIdentifier = graph.Text("onPremisesSecurityIdentifier"),
                OtherMails = graph.Texts("otherMails").ToList(),
                PasswordPolicies = graph.Text("passwordPolicies"),
                PasswordProfile = Object(graph.Object("passwordProfile")),
                PhysicalDeliveryOfficeName = graph.Text("officeLocation"),
                PostalCode = graph.Text("postalCode"),
                PreferredLanguage = graph.Text("preferredLanguage"),
                ProvisionedPlans = Objects(graph, "provisionedPlans"),
                ProvisioningErrors = Objects(graph, "onPremisesProvisioningErrors"),
                ProxyAddresses = graph.Texts("proxyAddresses").ToList(),
                RefreshTokensValidFromDateTime = graph.Time("signInSessionsValidFromDateTime"),
                ShowInAddressList = graph.Flag("showInAddressList"),
                SignInNames = graph.Objects("identities", SignInName).Where(name => name != null).ToList(),
                SipProxyAddress = graph.Texts("imAddresses").FirstOrDefault(),
                State = graph.Text("state"),
                StreetAddress = graph.Text("streetAddress"),
                Surname = graph.Text("surname"),
                TelephoneNumber = graph.Texts("businessPhones").FirstOrDefault(),
                UsageLocation = graph.Text("usageLocation"),
                UserPrincipalName = graph.Text("userPrincipalName"),
                UserState = graph.Text("externalUserState"),
                UserStateChangedOn = graph.Text("externalUserStateChangeDateTime"),
                UserType = graph.Text("userType"),
            };
        }

        private static List<PSObject> Objects(IDictionary<string, object> graph, string key)
        {
            return graph.Objects(key, Object).ToList();
        }

        /// <summary>Members found whatever their case: Graph writes skuId, old scripts SkuId.</summary>
        private static PSObject Object(IDictionary<string, object> json)
        {
            if (json == null) return null;
            var copy = new PSObject();
            foreach (var member in json) copy.Properties.Add(new PSNoteProperty(member.Key, member.Value));
            return copy;
        }

        /// <summary>The old module listed names of local accounts only; a guest has none.</summary>
        private static PSObject SignInName(IDictionary<string, object> identity)
        {
            var type = identity.Text("signInType");
            if (type != "userName" && type != "emailAddress") return null;
            return Object(new Dictionary<string, object> { ["Type"] = type, ["Value"] = identity.Text("issuerAssignedId") });
        }
    }
}
