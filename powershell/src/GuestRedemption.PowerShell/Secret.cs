using System;
using System.Management.Automation;
using System.Net;
using System.Security;

namespace GuestRedemption.PowerShell
{
    /// <summary>Secrets come as a string or as a SecureString.</summary>
    public static class Secret
    {
        /// <summary>The secret itself; null for null.</summary>
        public static string Plain(object secret)
        {
            var wrapped = secret as PSObject;
            var value = wrapped == null ? secret : wrapped.BaseObject;
            var secure = value as SecureString;
            return secure == null ? value as string : new NetworkCredential("", secure).Password;
        }
    }

    /// <summary>Refuses all else, which would otherwise be sent as the name of its type.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public sealed class ValidateSecretAttribute : ValidateArgumentsAttribute
    {
        protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
        {
            if (string.IsNullOrEmpty(Secret.Plain(arguments))) throw new ValidationMetadataException(Messages.Text("secret.expected"));
        }
    }
}
