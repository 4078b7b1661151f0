using System;
using GuestRedemption.AzureADPreview;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>A call that failed, in the words of the old module.</summary>
    public abstract class ServiceException : Exception
    {
        private protected ServiceException(string message, int errorCode, ErrorContent errorContent)
            : base(message)
        {
            ErrorCode = errorCode;
            ErrorContent = errorContent;
        }

        /// <summary>The HTTP status; 0 when no answer came.</summary>
        public int ErrorCode { get; }

        /// <summary>The service's code and message.</summary>
        public ErrorContent ErrorContent { get; }
    }
}

namespace Microsoft.Open.AzureAD16.Client
{
    /// <summary>A failed call of a cmdlet named AzureAD.</summary>
    public sealed class ApiException : ServiceException
    {
        internal ApiException(string message, int errorCode, ErrorContent errorContent)
            : base(message, errorCode, errorContent)
        {
        }
    }
}

namespace Microsoft.Open.MSGraphBeta.Client
{
    /// <summary>A failed call of a cmdlet named AzureADMS.</summary>
    public sealed class ApiException : ServiceException
    {
        internal ApiException(string message, int errorCode, ErrorContent errorContent)
            : base(message, errorCode, errorContent)
        {
        }
    }
}
