using System;
using System.Collections.Generic;
using System.Management.Automation;
using GuestRedemption;
using GuestRedemption.AzureADPreview;
using GuestRedemption.PowerShell;
using Messages = GuestRedemption.AzureADPreview.Messages;

namespace Microsoft.Open.Azure.AD.CommonLibrary
{
    /// <summary>The clouds of the old module.</summary>
    public enum EnvironmentName
    {
        AzureCloud,
        AzureChinaCloud,
        AzureUSGovernment,
        AzureGermanyCloud,
    }

    /// <summary>How much went into the old module's log file.</summary>
    public enum LogLevel
    {
        Info,
        Error,
        Warning,
        None,
    }

    /// <summary>Signs in with a token, a certificate, what the environment holds, or a browser.</summary>
    [Cmdlet(VerbsCommunications.Connect, "AzureAD", DefaultParameterSetName = UserCredential, SupportsShouldProcess = true)]
    [OutputType(typeof(PSAzureContext))]
    public sealed class ConnectAzureAD : AzureADCmdlet
    {
        private const string UserCredential = "UserCredential";
        private const string ServicePrincipalCertificate = "ServicePrincipalCertificate";
        private const string AccessToken = "AccessToken";

        [Parameter]
        public EnvironmentName AzureEnvironmentName { get; set; }

        [Parameter(ParameterSetName = UserCredential)]
        [Parameter(ParameterSetName = AccessToken)]
        [Parameter(ParameterSetName = ServicePrincipalCertificate, Mandatory = true)]
        [Alias("Domain", "TenantDomain")]
        public string TenantId { get; set; }

        [Parameter(ParameterSetName = UserCredential)]
        public PSCredential Credential { get; set; }

        [Parameter(ParameterSetName = ServicePrincipalCertificate, Mandatory = true)]
        public string CertificateThumbprint { get; set; }

        [Parameter(ParameterSetName = ServicePrincipalCertificate, Mandatory = true)]
        public string ApplicationId { get; set; }

        /// <summary>A string or a SecureString.</summary>
        [Parameter(ParameterSetName = AccessToken, Mandatory = true)]
        [ValidateSecret]
        public object AadAccessToken { get; set; }

        /// <summary>A string or a SecureString.</summary>
        [Parameter(ParameterSetName = AccessToken)]
        [ValidateSecret]
        public object MsAccessToken { get; set; }

        /// <summary>The account that a browser suggests. A token tells by itself who signs in.</summary>
        [Parameter(ParameterSetName = UserCredential)]
        [Parameter(ParameterSetName = AccessToken, Mandatory = true)]
        public string AccountId { get; set; }

        [Parameter]
        public LogLevel LogLevel { get; set; }

        [Parameter]
        public string LogFilePath { get; set; }

        protected override void ProcessRecord()
        {
            RefuseWhatDoesNotWork();
            if (LogFilePath != null) WriteWarning(Messages.Text("connect.noLog"));
            if (!ShouldProcess(TenantId ?? AzureEnvironmentName.ToString(), "Connect-AzureAD")) return;
            try
            {
                var session = Connect(SignIn);
                RefuseOtherTenant(session);
                WriteObject(new PSAzureContext(session, Domains()));
            }
            catch (GuestRedemptionException e)
            {
                var hint = e.Status == "NOT_SIGNED_IN" ? Messages.Text("connect.whatWorks") : LibraryText.Hint(e);
                EndSignIn(LibraryText.Error(e, hint), hint);
            }
            catch (SignInException e)
            {
                EndSignIn(LibraryText.Sentences(e.Message, e.Hint), e.Hint);
            }
        }

        private void RefuseWhatDoesNotWork()
        {
            if (Credential != null)
            {
                var whatWorks = Messages.Text("connect.whatWorks");
                EndSignIn(Messages.Text("connect.noPassword") + " " + whatWorks, whatWorks);
            }
            if (AzureEnvironmentName == EnvironmentName.AzureGermanyCloud) EndSignIn(Messages.Text("connect.noGermany"), null);
        }

        private SignIn SignIn()
        {
            var signIn = new SignIn { Cloud = Cloud(), Environment = EnvironmentWithTenant() };
            if (ParameterSetName == ServicePrincipalCertificate) StoreCertificate.Use(signIn, CertificateThumbprint, TenantId, ApplicationId);
            // AadAccessToken was for the retired Azure AD Graph; scripts that pass one token only now put Graph's there.
            else if (ParameterSetName == AccessToken) signIn.Auth = Grant.Of("access_token", "access_token", Secret.Plain(MsAccessToken ?? AadAccessToken), "tenant_id", TenantId);
            else signIn.Auth = Grant.OfEnvironmentOrBrowser(TenantId, AccountId, Host);
            return signIn;
        }

        private string Cloud()
        {
            switch (AzureEnvironmentName)
            {
                case EnvironmentName.AzureChinaCloud: return "china";
                case EnvironmentName.AzureUSGovernment: return "us_gov";
                default: return null;
            }
        }

        /// <summary>-TenantId goes before AZURE_TENANT_ID. Null: the process's environment as it is.</summary>
        private Dictionary<string, object> EnvironmentWithTenant()
        {
            if (ParameterSetName != UserCredential || TenantId == null) return null;
            var environment = EnvironmentVariables.Read();
            environment["AZURE_TENANT_ID"] = TenantId;
            return environment;
        }

        /// <summary>A token in the environment may be another tenant's than the script names.</summary>
        private void RefuseOtherTenant(ConnectionContext session)
        {
            if (!Guid.TryParse(TenantId, out var wanted)) return;
            if (!Guid.TryParse(session.TenantId, out var actual) || actual == wanted) return;
            Connection.Disconnect();
            EndSignIn(Messages.Text("connect.otherTenant", actual, wanted), null);
        }

        private void EndSignIn(string message, string recommendedAction)
        {
            End(new AadAuthenticationFailedException(message), "Connect-AzureAD", ErrorCategory.AuthenticationError, recommendedAction);
        }
    }
}
