using System;
using Microsoft.Open.AzureAD16.Client;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A cmdlet named AzureAD, which called Azure AD Graph.</summary>
    public abstract class AzureAD16Cmdlet : ServiceCmdlet
    {
        private protected override Exception ToException(OldErrorText error)
        {
            return new ApiException(error.Describe(Executing, inInnerError: false), error.HttpStatus, new ErrorContent(error.Code, error.Message));
        }

        /// <summary>Ends with the old error of a request that the service would refuse, but sends none.</summary>
        private protected void Refuse(string code, string why)
        {
            End(ToException(new OldErrorText(code, why + " Nothing was sent.")));
        }
    }
}
