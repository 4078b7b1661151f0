using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Open.AzureAD.Model;

namespace GuestRedemption.AzureADPreview
{
    /// <summary>Microsoft Graph's user as the old module's user.</summary>
    internal static class UserMapping
    {
        private static readonly UserProperty[] Own = UserProperties.All.Where(property => !property.IsExtension && property.GraphName != null).ToArray();
        private static readonly UserProperty[] Extensions = UserProperties.All.Where(property => property.IsExtension).ToArray();

        internal static User FromGraph(IDictionary<string, object> graph)
        {
            var user = new User
            {
                ExtensionProperty = Extensions.ToDictionary(
                    property => property.Name, property => ToText(property.Read(graph)), StringComparer.OrdinalIgnoreCase),
                ObjectType = "User",
            };
            foreach (var property in Own) property.Copy(graph, user);
            return user;
        }

        /// <summary>The old module wrote times among the extensions in the form of the current culture, and in UTC.</summary>
        private static string ToText(object value)
        {
            return value == null ? null : value.ToString();
        }
    }
}
