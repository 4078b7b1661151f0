using GuestRedemption.AzureADPreview;

namespace Microsoft.Open.AzureAD.Model
{
    /// <summary>A password, and what becomes of it at the next sign-in.</summary>
    public class PasswordProfile
    {
        /// <summary>A profile without a password yet.</summary>
        public PasswordProfile()
        {
        }

        /// <summary>The profile with this password.</summary>
        public PasswordProfile(string password)
        {
            Password = password;
        }

        /// <summary>Whether it must be changed at the next sign-in, with multifactor authentication first.</summary>
        public bool? EnforceChangePasswordPolicy { get; set; }

        /// <summary>Whether it must be changed at the next sign-in.</summary>
        public bool? ForceChangePasswordNextLogin { get; set; }

        /// <summary>The password; the service never tells it.</summary>
        public string Password { get; set; }

        /// <summary>As the old module printed it, but for the password.</summary>
        public override string ToString()
        {
            var hidden = (PasswordProfile)MemberwiseClone();
            if (Password != null) hidden.Password = "***";
            return PrintedForm.Of(hidden);
        }
    }
}
