using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using GuestRedemption.AzureADPreview;
using Microsoft.Open.AzureAD.Model;

namespace Microsoft.Open.AzureAD16.PowerShell
{
    /// <summary>Changes what is given of a user, and writes nothing.</summary>
    [Cmdlet(VerbsCommon.Set, "AzureADUser")]
    public sealed class SetUser : AzureAD16Cmdlet
    {
        [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public string ObjectId { get; set; }

        /// <summary>Further texts by their names; null takes one away.</summary>
        [Parameter] public Dictionary<string, string> ExtensionProperty { get; set; }
        [Parameter] public bool? AccountEnabled { get; set; }
        [Parameter] public string AgeGroup { get; set; }
        [Parameter] public string City { get; set; }
        [Parameter] public string CompanyName { get; set; }
        [Parameter] public string ConsentProvidedForMinor { get; set; }
        [Parameter] public string Country { get; set; }
        /// <summary>Refused: today's service sets it itself.</summary>
        [Parameter] public string CreationType { get; set; }
        [Parameter] public string Department { get; set; }
        [Parameter] public string DisplayName { get; set; }
        [Parameter] public string FacsimileTelephoneNumber { get; set; }
        [Parameter] public string GivenName { get; set; }
        /// <summary>Refused: today's service has nothing like it.</summary>
        [Parameter] public bool? IsCompromised { get; set; }
        [Parameter] public string ImmutableId { get; set; }
        [Parameter] public string JobTitle { get; set; }
        [Parameter] public string MailNickName { get; set; }
        [Parameter] public string Mobile { get; set; }
        /// <summary>Replaces all of them.</summary>
        [Parameter] public List<string> OtherMails { get; set; }
        [Parameter] public string PasswordPolicies { get; set; }
        [Parameter, ModelArgument(typeof(PasswordProfile))] public PasswordProfile PasswordProfile { get; set; }
        [Parameter] public string PhysicalDeliveryOfficeName { get; set; }
        [Parameter] public string PostalCode { get; set; }
        [Parameter] public string PreferredLanguage { get; set; }
        [Parameter] public bool? ShowInAddressList { get; set; }
        /// <summary>Refused: names for signing in need another permission and another call.</summary>
        [Parameter] public List<SignInName> SignInNames { get; set; }
        [Parameter] public string State { get; set; }
        [Parameter] public string StreetAddress { get; set; }
        [Parameter] public string Surname { get; set; }
        [Parameter] public string TelephoneNumber { get; set; }
        [Parameter] public string UsageLocation { get; set; }
        [Parameter] public string UserPrincipalName { get; set; }
        /// <summary>Refused: a reset changes it, nobody else can.</summary>
        [Parameter] public string UserState { get; set; }
        /// <summary>The same.</summary>
        [Parameter] public string UserStateChangedOn { get; set; }
        [Parameter] public string UserType { get; set; }

        protected override void ProcessRecord()
        {
            RequireSession();
            var changes = Changes();
            if (changes.Unwritable.Count > 0)
            {
                Refuse("Request_BadRequest", $"Microsoft Graph lets nobody write {string.Join(", ", changes.Unwritable)}.");
            }
            if (changes.ToGraph.Count == 0) Refuse("Request_BadRequest", "No change was given; -ExtensionProperty with [NullString]::Value takes a value away.");
            Call(new Dictionary<string, object> { ["op"] = "user.update", ["user_id"] = ObjectId, ["changes"] = changes.ToGraph });
        }

        private UserChanges Changes()
        {
            var changes = new UserChanges();
            var others = CommonParameters.Concat(OptionalCommonParameters).Concat(new[] { nameof(ObjectId), nameof(ExtensionProperty) });
            foreach (var given in MyInvocation.BoundParameters.Where(given => !others.Contains(given.Key))) changes.AddGiven(given.Key, given.Value);
            if (ExtensionProperty != null) changes.AddExtensions(ExtensionProperty);
            return changes;
        }
    }
}
