using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Net;
using System.Security;

namespace GuestRedemption.PowerShell
{
    [Cmdlet(VerbsCommunications.Connect, "GuestRedemption", DefaultParameterSetName = FromEnvironment)]
    [OutputType(typeof(ConnectionContext))]
    public sealed class ConnectGuestRedemptionCommand : RedemptionCmdlet
    {
        private const string FromEnvironment = "Environment";
        private const string FromToken = "AccessToken";
        private const string FromSecret = "ClientSecret";
        private const string ToSandbox = "Sandbox";

        /// <summary>A string or a SecureString.</summary>
        [Parameter(Mandatory = true, ParameterSetName = FromToken)]
        [ValidateNotNullOrEmpty]
        public object AccessToken { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = FromSecret)]
        [Parameter(ParameterSetName = FromToken)]
        [ValidateNotNullOrEmpty]
        public string TenantId { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = FromSecret)]
        [ValidateNotNullOrEmpty]
        public string ClientId { get; set; }

        /// <summary>A string or a SecureString.</summary>
        [Parameter(Mandatory = true, ParameterSetName = FromSecret)]
        [ValidateNotNullOrEmpty]
        public object ClientSecret { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = ToSandbox)]
        public SwitchParameter Sandbox { get; set; }

        [Parameter(ParameterSetName = FromEnvironment)]
        [Parameter(ParameterSetName = FromToken)]
        [Parameter(ParameterSetName = FromSecret)]
        [ValidateSet("Global", "USGov", "USGovDoD", "China")]
        public string Environment { get; set; }

        protected override void ProcessRecord()
        {
            try
            {
                WriteObject(Guard(cancel => Sandbox ? ConnectSandbox(cancel) : Connection.Connect(Auth(), Cloud(), null, cancel)));
            }
            catch (GuestRedemptionException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, null, CommandName));
            }
        }

        private ConnectionContext ConnectSandbox(Cancellation cancel)
        {
            var sandbox = StartSandbox();
            try
            {
                return Connection.Connect(sandbox.Auth, null, sandbox.Environment, cancel, sandbox);
            }
            catch (GuestRedemptionException)
            {
                sandbox.Stop();
                throw;
            }
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

        private Dictionary<string, object> Auth()
        {
            switch (ParameterSetName)
            {
                case FromToken:
                    var token = new Dictionary<string, object> { { "grant", "access_token" }, { "access_token", Plain(AccessToken) } };
                    if (TenantId != null) token["tenant_id"] = TenantId;
                    return token;
                case FromSecret:
                    return new Dictionary<string, object>
                    {
                        { "grant", "client_secret" }, { "tenant_id", TenantId }, { "client_id", ClientId }, { "client_secret", Plain(ClientSecret) },
                    };
                default:
                    return new Dictionary<string, object> { { "grant", "environment" } };
            }
        }

        private string Cloud()
        {
            switch (Environment)
            {
                case null: return null;
                case "USGov": return "us_gov";
                case "USGovDoD": return "us_gov_dod";
                default: return Environment.ToLowerInvariant();
            }
        }

        private static string Plain(object secret)
        {
            var wrapped = secret as PSObject;
            var value = wrapped == null ? secret : wrapped.BaseObject;
            var secure = value as SecureString;
            return secure == null ? value.ToString() : new NetworkCredential("", secure).Password;
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
            if (context == null) WriteVerbose("Not connected. Run Connect-GuestRedemption.");
            else WriteObject(context);
        }
    }
}
