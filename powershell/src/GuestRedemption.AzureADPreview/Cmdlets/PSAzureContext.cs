using GuestRedemption.AzureADPreview;
using GuestRedemption.PowerShell;

namespace Microsoft.Open.Azure.AD.CommonLibrary
{
    /// <summary>Who is signed in, and where.</summary>
    public sealed class PSAzureContext
    {
        internal PSAzureContext(ConnectionContext session, TenantDomains domains)
        {
            Account = new AzureAccount(session.Account, TypeOf(session.AccountType));
            Environment = new AzureEnvironment(NameOf(session));
            Tenant = new AzureTenant(session.TenantId, domains.Default ?? DomainOf(session.Account));
        }

        public AzureAccount Account { get; }

        public AzureEnvironment Environment { get; }

        public AzureTenant Tenant { get; }

        public string TenantId => Tenant.Id;

        public string TenantDomain => Tenant.Domain;

        public string AccountType => Account.Type;

        private static string TypeOf(string accountType)
        {
            switch (accountType)
            {
                case "user": return "User";
                case "app": return "ServicePrincipal";
                default: return "AccessToken";
            }
        }

        /// <summary>What follows the @ of a user principal name is a domain of its tenant. An application has none.</summary>
        private static string DomainOf(string account)
        {
            var at = account == null ? -1 : account.LastIndexOf('@');
            return at < 0 ? null : account.Substring(at + 1);
        }

        /// <summary>The old name of a cloud. Any other host is named as it is, so that nobody takes it for the real one.</summary>
        private static string NameOf(ConnectionContext session)
        {
            switch (session.Cloud)
            {
                case "global": return "AzureCloud";
                case "us_gov": case "us_gov_dod": return "AzureUSGovernment";
                case "china": return "AzureChinaCloud";
                default: return session.Environment;
            }
        }
    }

    /// <summary>A signed-in user or application.</summary>
    public sealed class AzureAccount
    {
        internal AzureAccount(string id, string type)
        {
            Id = id;
            Type = type;
        }

        public string Id { get; }

        /// <summary>User, ServicePrincipal or AccessToken.</summary>
        public string Type { get; }

        public override string ToString()
        {
            return Id;
        }
    }

    /// <summary>A cloud.</summary>
    public sealed class AzureEnvironment
    {
        internal AzureEnvironment(string name)
        {
            Name = name;
        }

        public string Name { get; }

        public override string ToString()
        {
            return Name;
        }
    }

    /// <summary>A tenant.</summary>
    public sealed class AzureTenant
    {
        internal AzureTenant(string id, string domain)
        {
            Id = id;
            Domain = domain;
        }

        public string Id { get; }

        public string Domain { get; }

        public override string ToString()
        {
            return Id;
        }
    }
}
