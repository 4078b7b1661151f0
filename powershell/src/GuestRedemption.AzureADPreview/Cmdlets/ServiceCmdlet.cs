using System;
using System.Collections.Generic;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A cmdlet that calls the service.</summary>
    public abstract class ServiceCmdlet : AzureADCmdlet
    {
        /// <summary>What the old module called this call in errors.</summary>
        private protected virtual string Executing => GetType().Name;

        /// <summary>The result of an operation in the session.</summary>
        private protected IDictionary<string, object> Call(IDictionary<string, object> request)
        {
            RequireSession();
            var result = Invoke(request);
            if (!result.IsOk) End(ToException(new OldErrorText(result)), result.Error.Text("hint"));
            return result.Result;
        }

        /// <summary>The exception type of the cmdlet's family.</summary>
        private protected abstract Exception ToException(OldErrorText error);
    }
}
