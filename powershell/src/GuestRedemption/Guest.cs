using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>A user as far as redemption is concerned.</summary>
    public sealed class Guest
    {
        /// <summary>Names of the properties to ask Graph for.</summary>
        public static readonly string[] GraphProperties =
        {
            "id", "displayName", "userPrincipalName", "mail", "otherMails", "proxyAddresses", "userType", "creationType",
            "externalUserState", "externalUserStateChangeDateTime", "accountEnabled", "onPremisesSyncEnabled", "identities",
        };

        /// <summary>Graph's filter for guests of both states, which its ordinary index can answer.</summary>
        public const string GraphFilter = "externalUserState in ('PendingAcceptance', 'Accepted')";

        private Guest()
        {
        }

        public string Id { get; private set; }

        public string DisplayName { get; private set; }

        public string UserPrincipalName { get; private set; }

        public string Mail { get; private set; }

        public IList<string> OtherMails { get; private set; }

        public IList<string> ProxyAddresses { get; private set; }

        /// <summary>"Guest" or "Member"; alone it does not tell whether the user is external.</summary>
        public string UserType { get; private set; }

        public string CreationType { get; private set; }

        /// <summary>"PendingAcceptance", "Accepted", or null for a user that was never invited.</summary>
        public string State { get; private set; }

        /// <summary>UTC.</summary>
        public DateTime? StateChanged { get; private set; }

        /// <summary>The same as the directory writes it, to be compared with what it says later.</summary>
        public string StateChangedAsWritten()
        {
            return WrittenTime;
        }

        public bool? AccountEnabled { get; private set; }

        public bool? OnPremisesSyncEnabled { get; private set; }

        public IList<GuestIdentity> Identities { get; private set; }

        /// <summary>The domain that was asked for when this guest was found; null when none was.</summary>
        public string FoundByDomain { get; private set; }

        /// <summary>
        /// What the guest signs in with, in the directory's words: ExternalAzureAD, MicrosoftAccount, google.com,
        /// mail (one-time passcode), a SAML issuer. Null while pending: the directory then shows the inviting tenant.
        /// </summary>
        public string SignsInWith { get; private set; }

        private string WrittenTime { get; set; }

        /// <summary>From a user as Graph sends it, and the domain that was asked for, if one was.</summary>
        public static Guest FromGraph(IDictionary<string, object> user, string foundByDomain)
        {
            var guest = FromGraph(user);
            guest.FoundByDomain = foundByDomain;
            return guest;
        }

        /// <summary>From a user as Graph sends it.</summary>
        public static Guest FromGraph(IDictionary<string, object> user)
        {
            return Read(user, key => key);
        }

        /// <summary>From a report of the library, whose keys are in snake case.</summary>
        internal static Guest FromReport(IDictionary<string, object> guest)
        {
            return guest == null ? null : Read(guest, SnakeCase);
        }

        public override string ToString()
        {
            return DisplayName + " <" + (Mail ?? UserPrincipalName) + ">";
        }

        private static Guest Read(IDictionary<string, object> json, Func<string, string> key)
        {
            var guest = new Guest
            {
                Id = json.Text(key("id")),
                DisplayName = json.Text(key("displayName")),
                UserPrincipalName = json.Text(key("userPrincipalName")),
                Mail = json.Text(key("mail")),
                OtherMails = json.Texts(key("otherMails")),
                ProxyAddresses = json.Texts(key("proxyAddresses")),
                UserType = json.Text(key("userType")),
                CreationType = json.Text(key("creationType")),
                State = json.Text(key("externalUserState")),
                StateChanged = json.Time(key("externalUserStateChangeDateTime")),
                WrittenTime = json.Text(key("externalUserStateChangeDateTime")),
                AccountEnabled = json.Flag(key("accountEnabled")),
                OnPremisesSyncEnabled = json.Flag(key("onPremisesSyncEnabled")),
                Identities = json.Objects(key("identities"), identity => new GuestIdentity(
                    identity.Text(key("signInType")), identity.Text(key("issuer")), identity.Text(key("issuerAssignedId")))),
            };
            guest.SignsInWith = guest.FindProvider();
            return guest;
        }

        private string FindProvider()
        {
            if (State == "PendingAcceptance") return null;
            foreach (var identity in Identities)
            {
                if (identity.SignInType != "userPrincipalName") return identity.Issuer;
            }
            return null;
        }

        private static string SnakeCase(string camelCase)
        {
            var snake = new System.Text.StringBuilder();
            foreach (var c in camelCase)
            {
                if (char.IsUpper(c)) snake.Append('_');
                snake.Append(char.ToLowerInvariant(c));
            }
            return snake.ToString();
        }
    }

    /// <summary>One way a user signs in.</summary>
    public sealed class GuestIdentity
    {
        internal GuestIdentity(string signInType, string issuer, string issuerAssignedId)
        {
            SignInType = signInType;
            Issuer = issuer;
            IssuerAssignedId = issuerAssignedId;
        }

        public string SignInType { get; private set; }

        public string Issuer { get; private set; }

        public string IssuerAssignedId { get; private set; }

        public override string ToString()
        {
            return Issuer;
        }
    }
}
