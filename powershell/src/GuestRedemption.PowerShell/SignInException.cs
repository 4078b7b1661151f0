using System;

namespace GuestRedemption.PowerShell
{
    /// <summary>A sign-in that failed before the library was asked, with the status that it would have given.</summary>
    public sealed class SignInException : Exception
    {
        internal SignInException(string status, string message, string hint, Exception inner = null) : base(message, inner)
        {
            Status = status;
            Hint = hint;
        }

        /// <summary>Stable name, such as "GRANT_UNAVAILABLE".</summary>
        public string Status { get; private set; }

        /// <summary>What to do next.</summary>
        public string Hint { get; private set; }
    }
}
