using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>Signs in. Secrets are of the type object because each may be a string or a SecureString.</summary>
    [Cmdlet(VerbsCommunications.Connect, "GuestRedemption", DefaultParameterSetName = FromEnvironment)]
    [OutputType(typeof(ConnectionContext))]
    public sealed class ConnectGuestRedemptionCommand : RedemptionCmdlet
    {
        // One parameter set for each way to sign in.
        private const string FromEnvironment = "Environment";
        private const string WithBrowser = "Browser";
        private const string WithDeviceCode = "DeviceCode";
        private const string WithSecret = "ClientSecret";
        private const string WithCertificate = "Certificate";
        private const string WithThumbprint = "CertificateThumbprint";
        private const string AsIdentity = "Identity";
        private const string WithTokenFile = "FederatedTokenFile";
        private const string InGitHub = "GitHubActions";
        private const string FromAzureCli = "AzureCli";
        private const string FromMgGraph = "MgGraphSession";
        private const string FromAz = "AzSession";
        private const string WithToken = "AccessToken";
        private const string WithRefreshToken = "RefreshToken";
        private const string FromAnywhere = "Default";
        private const string ToSandbox = "Sandbox";

        private const string CustomHosts = "Custom";

        [Parameter(Mandatory = true, ParameterSetName = WithBrowser)]
        public SwitchParameter Browser { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = WithDeviceCode)]
        public SwitchParameter UseDeviceCode { get; set; }

        [Parameter(ParameterSetName = WithSecret, Mandatory = true)]
        [ValidateSecret]
        public object ClientSecret { get; set; }

        [Parameter(ParameterSetName = WithCertificate, Mandatory = true)]
        [ValidateNotNullOrEmpty]
        public string CertificatePath { get; set; }

        [Parameter(ParameterSetName = WithCertificate)]
        [ValidateSecret]
        public object CertificatePassword { get; set; }

        [Parameter(ParameterSetName = WithThumbprint, Mandatory = true)]
        [ValidateNotNullOrEmpty]
        public string CertificateThumbprint { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = AsIdentity)]
        public SwitchParameter Identity { get; set; }

        [Parameter(ParameterSetName = WithTokenFile, Mandatory = true)]
        [ValidateNotNullOrEmpty]
        public string FederatedTokenFile { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = InGitHub)]
        public SwitchParameter GitHubActions { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = FromAzureCli)]
        public SwitchParameter UseAzureCli { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = FromMgGraph)]
        public SwitchParameter UseMgGraphSession { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = FromAz)]
        public SwitchParameter UseAzSession { get; set; }

        [Parameter(ParameterSetName = WithToken, Mandatory = true)]
        [ValidateSecret]
        public object AccessToken { get; set; }

        [Parameter(ParameterSetName = WithRefreshToken, Mandatory = true)]
        [ValidateSecret]
        public object RefreshToken { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = FromAnywhere)]
        public SwitchParameter Default { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = ToSandbox)]
        public SwitchParameter Sandbox { get; set; }

        [Parameter(ParameterSetName = WithSecret, Mandatory = true)]
        [Parameter(ParameterSetName = WithCertificate, Mandatory = true)]
        [Parameter(ParameterSetName = WithThumbprint, Mandatory = true)]
        [Parameter(ParameterSetName = WithTokenFile, Mandatory = true)]
        [Parameter(ParameterSetName = InGitHub, Mandatory = true)]
        [Parameter(ParameterSetName = WithRefreshToken, Mandatory = true)]
        [Parameter(ParameterSetName = FromEnvironment)]
        [Parameter(ParameterSetName = WithBrowser)]
        [Parameter(ParameterSetName = WithDeviceCode)]
        [Parameter(ParameterSetName = FromAzureCli)]
        [Parameter(ParameterSetName = FromAz)]
        [Parameter(ParameterSetName = WithToken)]
        [ValidateNotNullOrEmpty]
        public string TenantId { get; set; }

        [Parameter(ParameterSetName = WithSecret, Mandatory = true)]
        [Parameter(ParameterSetName = WithCertificate, Mandatory = true)]
        [Parameter(ParameterSetName = WithThumbprint, Mandatory = true)]
        [Parameter(ParameterSetName = WithTokenFile, Mandatory = true)]
        [Parameter(ParameterSetName = InGitHub, Mandatory = true)]
        [Parameter(ParameterSetName = WithBrowser)]
        [Parameter(ParameterSetName = WithDeviceCode)]
        [Parameter(ParameterSetName = WithRefreshToken)]
        [Parameter(ParameterSetName = AsIdentity)]
        [ValidateNotNullOrEmpty]
        public string ClientId { get; set; }

        [Parameter(ParameterSetName = WithBrowser)]
        [Alias("AccountId")]
        [ValidateNotNullOrEmpty]
        public string LoginHint { get; set; }

        [Parameter(ParameterSetName = AsIdentity)]
        [ValidateNotNullOrEmpty]
        public string ObjectId { get; set; }

        [Parameter(ParameterSetName = AsIdentity)]
        [ValidateNotNullOrEmpty]
        public string ResourceId { get; set; }

        [Parameter]
        [ValidateSet("Global", "USGov", "USGovDoD", "China", CustomHosts)]
        public string Environment { get; set; }

        [Parameter]
        [ValidateNotNullOrEmpty]
        public string GraphUrl { get; set; }

        [Parameter]
        [ValidateNotNullOrEmpty]
        public string LoginUrl { get; set; }

        [Parameter]
        [ValidateSecret]
        public object Proxy { get; set; }

        [Parameter]
        [ValidateNotNullOrEmpty]
        public string CaFile { get; set; }

        protected override void ProcessRecord()
        {
            CheckHosts();
            try
            {
                WriteObject(Connect(() => Sandbox ? SignInToSandbox() : SignIn()));
            }
            catch (GuestRedemptionException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, null, CommandName));
            }
            catch (SignInException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, CommandName));
            }
        }

        private bool IsCustom
        {
            get { return string.Equals(Environment, CustomHosts, StringComparison.OrdinalIgnoreCase); }
        }

        /// <summary>Hosts of one's own are asked for by name, and both together. The sandbox has its own.</summary>
        private void CheckHosts()
        {
            if (Sandbox && (Environment ?? Proxy ?? CaFile) != null) Refuse("ConflictingOptions", Messages.Text("connect.sandboxAlone"));
            if (IsCustom && (GraphUrl == null || LoginUrl == null)) Refuse("MissingOption", Messages.Text("connect.customNeedsHosts"));
            if (!IsCustom && (GraphUrl != null || LoginUrl != null)) Refuse("ConflictingOptions", Messages.Text("connect.hostsNeedCustom"));
        }

        private void Refuse(string id, string message)
        {
            ThrowTerminatingError(ErrorRecords.Refusal(id, message, null, CommandName));
        }

        private SignIn SignIn()
        {
            var signIn = new SignIn { Cloud = Cloud(), Environment = Variables(), Proxy = Secret.Plain(Proxy), CaFile = FullPath(CaFile) };
            if (ParameterSetName == WithThumbprint) StoreCertificate.Use(signIn, CertificateThumbprint, TenantId, ClientId);
            else signIn.Auth = Auth(signIn);
            return signIn;
        }

        private Dictionary<string, object> Auth(SignIn signIn)
        {
            switch (ParameterSetName)
            {
                case WithBrowser: return Grant.Of("browser", "tenant_id", TenantId, "client_id", ClientId, "login_hint", LoginHint);
                case WithDeviceCode: return Grant.Of("device_code", "tenant_id", TenantId, "client_id", ClientId);
                case WithSecret: return Grant.Of("client_secret", "tenant_id", TenantId, "client_id", ClientId, "client_secret", Secret.Plain(ClientSecret));
                case WithCertificate:
                    return Grant.Of(
                        "certificate", "tenant_id", TenantId, "client_id", ClientId,
                        "certificate_path", FullPath(CertificatePath), "certificate_password", Secret.Plain(CertificatePassword));
                case AsIdentity: return Grant.Of("managed_identity", "client_id", ClientId, "object_id", ObjectId, "resource_id", ResourceId);
                case WithTokenFile: return Grant.Of("federated_token", "tenant_id", TenantId, "client_id", ClientId, "token_file", FullPath(FederatedTokenFile));
                case InGitHub: return Grant.Of("github_actions", "tenant_id", TenantId, "client_id", ClientId);
                case FromAzureCli: return Grant.Of("azure_cli", "tenant_id", TenantId);
                case FromMgGraph: return Grant.Of("access_token", "access_token", OtherModules.MgToken(this));
                case FromAz: return Grant.Of("access_token", "access_token", OtherModules.AzToken(this, Connection.Hosts(signIn).Text("graph_url"), TenantId));
                case WithToken: return Grant.Of("access_token", "access_token", Secret.Plain(AccessToken), "tenant_id", TenantId);
                case WithRefreshToken: return Grant.Of("refresh_token", "tenant_id", TenantId, "client_id", ClientId, "refresh_token", Secret.Plain(RefreshToken));
                case FromAnywhere: return Grant.Of("default");
                default: return Grant.OfEnvironmentOrBrowser(TenantId, null, Host);
            }
        }

        private string Cloud()
        {
            // a value of a list may be typed in either case
            var cloud = Environment == null || IsCustom ? null : Environment.ToLowerInvariant();
            switch (cloud)
            {
                case "usgov": return "us_gov";
                case "usgovdod": return "us_gov_dod";
                default: return cloud;
            }
        }

        /// <summary>Null: the process's as they are.</summary>
        private Dictionary<string, object> Variables()
        {
            var ownTenant = ParameterSetName == FromEnvironment && TenantId != null;
            if (!ownTenant && !IsCustom) return null;
            var variables = EnvironmentVariables.Read();
            if (ownTenant) variables["AZURE_TENANT_ID"] = TenantId;
            if (IsCustom)
            {
                variables["GUEST_REDEMPTION_GRAPH_URL"] = GraphUrl;
                variables["GUEST_REDEMPTION_LOGIN_URL"] = LoginUrl;
            }
            return variables;
        }

        /// <summary>PowerShell's location is not the process's folder.</summary>
        private string FullPath(string path)
        {
            return path == null || Path.IsPathRooted(path) ? path : GetUnresolvedProviderPathFromPSPath(path);
        }

        private SignIn SignInToSandbox()
        {
            var sandbox = StartSandbox();
            return new SignIn { Auth = sandbox.Auth, Environment = sandbox.Environment, Sandbox = sandbox };
        }

        private SandboxProcess StartSandbox()
        {
            try
            {
                return SandboxProcess.Start();
            }
            catch (FileNotFoundException e)
            {
                ThrowTerminatingError(ErrorRecords.Named(new ErrorRecord(e, "SandboxNotFound", ErrorCategory.ObjectNotFound, null), CommandName));
                throw;
            }
            catch (InvalidOperationException e)
            {
                ThrowTerminatingError(ErrorRecords.Named(new ErrorRecord(e, "SandboxNotStarted", ErrorCategory.ResourceUnavailable, null), CommandName));
                throw;
            }
        }
    }

    [Cmdlet(VerbsCommunications.Disconnect, "GuestRedemption")]
    public sealed class DisconnectGuestRedemptionCommand : RedemptionCmdlet
    {
        protected override void ProcessRecord()
        {
            Connection.Disconnect();
        }
    }

    [Cmdlet(VerbsCommon.Get, "GuestRedemptionContext")]
    [OutputType(typeof(ConnectionContext))]
    public sealed class GetGuestRedemptionContextCommand : RedemptionCmdlet
    {
        protected override void ProcessRecord()
        {
            var context = Guard(cancel => Connection.Refresh());
            if (context == null) WriteVerbose(Messages.Text("connect.none"));
            else WriteObject(context);
        }
    }
}
