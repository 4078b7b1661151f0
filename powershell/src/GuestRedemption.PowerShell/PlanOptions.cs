using System;
using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>The options of a reset as a plan keeps them.</summary>
    internal static class PlanOptions
    {
        /// <summary>Whoever writes plans says what is done to guests, and never where to or as whom requests are sent.</summary>
        private static readonly string[] Names =
        {
            "invite_redirect_url", "send_invitation_message", "customized_message_body", "message_language", "cc_recipient",
            "invited_user_display_name", "address", "old_address", "undo_on_failure", "verify", "verify_timeout_ms",
        };

        private static readonly Dictionary<string, object> Defaults = new Dictionary<string, object>
        {
            { "send_invitation_message", false }, { "undo_on_failure", false }, { "address", "mail" }, { "old_address", "leave" }, { "verify", "state" },
        };

        /// <summary>Those of a reset that are not defaults.</summary>
        internal static Dictionary<string, object> Of(IDictionary<string, object> options)
        {
            return options.Where(option => Names.Contains(option.Key) && !Equals(option.Value, Defaults.Member(option.Key)))
                .ToDictionary(option => option.Key, option => option.Value);
        }

        /// <exception cref="FormatException">One is no option of a reset.</exception>
        internal static IDictionary<string, object> Read(IDictionary<string, object> options)
        {
            var other = options.Keys.FirstOrDefault(name => !Names.Contains(name));
            if (other != null) throw new FormatException(Messages.Text("plan.optionUnknown", other));
            return options;
        }

        /// <summary>The same text for the same options.</summary>
        internal static string Text(IDictionary<string, object> options)
        {
            return Json.Write(new SortedDictionary<string, object>(options, StringComparer.Ordinal));
        }
    }
}
