using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Values by their old names as the changes that Graph takes.</summary>
    internal sealed class UserChanges
    {
        private readonly Dictionary<string, object> changes = new Dictionary<string, object>();
        private readonly List<string> unwritable = new List<string>();

        internal IDictionary<string, object> ToGraph => changes;

        /// <summary>What was given and cannot be written.</summary>
        internal IReadOnlyList<string> Unwritable => unwritable;

        /// <summary>The value of a parameter. The old module left null out, so a script with an empty variable changes nothing.</summary>
        internal void AddGiven(string name, object value)
        {
            // Taking it away ends a synchronisation, and scripts did that with -ImmutableId $null.
            if (name == "ImmutableId" && string.IsNullOrEmpty(value as string)) Add(name, null);
            else if (value != null) Add(name, value is PSObject wrapped ? wrapped.BaseObject : value);
        }

        /// <summary>Members of an -ExtensionProperty: texts only; null takes a value away.</summary>
        internal void AddExtensions(IDictionary<string, string> extensions)
        {
            foreach (var extension in extensions)
            {
                var kind = UserProperties.Find(extension.Key)?.Kind;
                if (kind == ValueKind.Text || kind == ValueKind.FirstText) Add(extension.Key, extension.Value);
                else unwritable.Add(extension.Key);
            }
        }

        private void Add(string name, object value)
        {
            var property = UserProperties.Find(name);
            if (property == null || !property.IsWritable) unwritable.Add(name);
            else changes[property.GraphName] = ToGraphValue(property, value);
        }

        private static object ToGraphValue(UserProperty property, object value)
        {
            if (property.Kind == ValueKind.FirstText) return value == null ? new object[0] : new[] { value };
            return value is PasswordProfile profile ? ToGraphProfile(profile) : value;
        }

        private static Dictionary<string, object> ToGraphProfile(PasswordProfile profile)
        {
            var members = new Dictionary<string, object>
            {
                ["forceChangePasswordNextSignIn"] = profile.ForceChangePasswordNextLogin,
                ["forceChangePasswordNextSignInWithMfa"] = profile.EnforceChangePasswordPolicy,
                ["password"] = profile.Password,
            };
            return members.Where(member => member.Value != null).ToDictionary(member => member.Key, member => member.Value);
        }
    }
}
