using System;
using System.Collections.Generic;
using System.Management.Automation;
using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A user with the property names and the order of the old module.</summary>
    public class User
    {
        /// <summary>What has no property of its own, such as createdDateTime.</summary>
        public Dictionary<string, string> ExtensionProperty { get; set; }
        public DateTime? DeletionTimestamp { get; set; }
        public string ObjectId { get; set; }
        public string ObjectType { get; set; }
        public bool? AccountEnabled { get; set; }
        public string AgeGroup { get; set; }
        public List<AssignedLicense> AssignedLicenses { get; set; }
        public List<AssignedPlan> AssignedPlans { get; set; }
        public string City { get; set; }
        public string CompanyName { get; set; }
        public string ConsentProvidedForMinor { get; set; }
        public string Country { get; set; }
        public string CreationType { get; set; }
        public string Department { get; set; }
        public bool? DirSyncEnabled { get; set; }
        public string DisplayName { get; set; }
        public string FacsimileTelephoneNumber { get; set; }
        public string GivenName { get; set; }
        /// <summary>Always empty: today's service has no such property.</summary>
        public bool? IsCompromised { get; set; }
        public string ImmutableId { get; set; }
        public string JobTitle { get; set; }
        public DateTime? LastDirSyncTime { get; set; }
        public string LegalAgeGroupClassification { get; set; }
        public string Mail { get; set; }
        public string MailNickName { get; set; }
        public string Mobile { get; set; }
        public string OnPremisesSecurityIdentifier { get; set; }
        public List<string> OtherMails { get; set; }
        public string PasswordPolicies { get; set; }
        public PasswordProfile PasswordProfile { get; set; }
        public string PhysicalDeliveryOfficeName { get; set; }
        public string PostalCode { get; set; }
        public string PreferredLanguage { get; set; }
        public List<ProvisionedPlan> ProvisionedPlans { get; set; }
        public List<PSObject> ProvisioningErrors { get; set; }
        public List<string> ProxyAddresses { get; set; }
        public DateTime? RefreshTokensValidFromDateTime { get; set; }
        public bool? ShowInAddressList { get; set; }
        /// <summary>Names for signing in to a local account; a guest has none.</summary>
        public List<SignInName> SignInNames { get; set; }
        public string SipProxyAddress { get; set; }
        public string State { get; set; }
        public string StreetAddress { get; set; }
        public string Surname { get; set; }
        public string TelephoneNumber { get; set; }
        public string UsageLocation { get; set; }
        public string UserPrincipalName { get; set; }
        public string UserState { get; set; }
        public string UserStateChangedOn { get; set; }
        public string UserType { get; set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return PrintedForm.Of(this);
        }
    }
}
