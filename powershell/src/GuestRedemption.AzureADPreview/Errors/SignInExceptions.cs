using System;

namespace Microsoft.Open.Azure.AD.CommonLibrary
{
    /// <summary>Nobody is signed in. Old scripts catch it to call Connect-AzureAD.</summary>
    public sealed class AadNeedAuthenticationException : Exception
    {
        /// <summary>With the message that old scripts look for.</summary>
        public AadNeedAuthenticationException()
            : base("You must call the Connect-AzureAD cmdlet before calling any other cmdlets.")
        {
        }
    }

    /// <summary>The sign-in failed.</summary>
    public sealed class AadAuthenticationFailedException : Exception
    {
        /// <summary>For this reason.</summary>
        public AadAuthenticationFailedException(string message)
            : base(message)
        {
        }
    }
}
