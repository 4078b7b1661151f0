using System;
using System.Management.Automation;
using GuestRedemption.PowerShell;
using Microsoft.Open.Azure.AD.CommonLibrary;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>
    /// What all cmdlets share. Failures end the pipeline whatever -ErrorAction says, as in the old module. Namespaces
    /// and class names of the cmdlets are the old ones, because they are part of FullyQualifiedErrorId.
    /// </summary>
    public abstract class AzureADCmdlet : RedemptionCmdlet
    {
        protected override void BeginProcessing()
        {
            base.BeginProcessing();
            var neighbours = Neighbours.Describe(InvokeCommand);
            if (neighbours != null) WriteWarning(neighbours);
        }

        /// <summary>The session; without one, the error that old scripts catch to sign in.</summary>
        private protected ConnectionContext RequireSession()
        {
            if (Connection.Current == null) End(new AadNeedAuthenticationException());
            return Connection.Current;
        }

        /// <summary>The domains of the session's tenant, as far as the caller may know them.</summary>
        private protected TenantDomains Domains()
        {
            var session = RequireSession().SessionId;
            return TenantDomains.Of(session) ?? TenantDomains.Keep(session, Invoke(TenantDomains.Request));
        }

        private protected void End(Exception exception, string recommendedAction = null)
        {
            End(exception, exception.GetType().FullName, ErrorCategory.NotSpecified, recommendedAction);
        }

        private protected void End(Exception exception, string id, ErrorCategory category, string recommendedAction)
        {
            var record = new ErrorRecord(exception, id, category, null);
            if (recommendedAction != null)
            {
                record.ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = recommendedAction };
            }
            ThrowTerminatingError(record);
        }
    }
}
