using System;
using System.Collections.Generic;
using System.Management.Automation;
using GuestRedemption;
using GuestRedemption.AzureADPreview;
using GuestRedemption.PowerShell;

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

        private const string WhatWorks =
            "What works: Connect-AzureAD without -Credential, in a window where a browser can open; -AadAccessToken or " +
            "-MsAccessToken with an access token for Microsoft Graph; such a token in the environment variable " +
            "GUEST_REDEMPTION_ACCESS_TOKEN; an application in AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; or " +
            "any other way of Connect-GuestRedemption, which signs in for these cmdlets too.";

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
            if (LogFilePath != null) WriteWarning("-LogFilePath: no log file is written.");
            if (!ShouldProcess(TenantId ?? AzureEnvironmentName.ToString(), "Connect-AzureAD")) return;
            try
            {
                var session = Guard(cancel => Connection.Connect(SignIn(), prompt => SignInPrompt.Show(Host, prompt), cancel));
                RefuseOtherTenant(session);
                WriteObject(new PSAzureContext(session, Domains()));
            }
            catch (GuestRedemptionException e)
            {
                if (e.Status == "NOT_SIGNED_IN") Refuse(e.Message.TrimEnd('.') + ".");
                else EndSignIn(e.Message, e.Hint);
            }
            catch (SignInException e)
            {
                EndSignIn(e.Message.TrimEnd('.') + ". " + e.Hint + ".", e.Hint);
            }
        }

        private void RefuseWhatDoesNotWork()
        {
            if (Credential != null)
            {
                Refuse("A password alone no longer signs in: Microsoft asks for multifactor authentication. -Credential cannot work any more.");
            }
            if (AzureEnvironmentName == EnvironmentName.AzureGermanyCloud) EndSignIn("The cloud AzureGermanyCloud was closed in 2021.", null);
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
            EndSignIn($"The sign-in is one of tenant {actual}, not of {wanted}. It was ended again.", null);
        }

        private void Refuse(string why)
        {
            EndSignIn(why + " " + WhatWorks, WhatWorks);
        }

        private void EndSignIn(string message, string recommendedAction)
        {
            End(new AadAuthenticationFailedException(message), "Connect-AzureAD", ErrorCategory.AuthenticationError, recommendedAction);
        }
    }
}
