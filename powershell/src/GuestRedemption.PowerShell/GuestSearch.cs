using System;
using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// Looks guests up for somebody who is typing: quickly or not at all, and without a word. It uses the connection
    /// or the environment's credential, as every call does, and so never asks anybody to sign in.
    /// </summary>
    internal static class GuestSearch
    {
        private const int Milliseconds = 2000;

        internal static IEnumerable<Guest> Find(string filter, int most, params string[] properties)
        {
            try
            {
                var request = new Dictionary<string, object>
                {
                    { "op", "user.list" }, { "filter", filter }, { "select", properties }, { "top", most }, { "timeout_ms", Milliseconds },
                };
                var users = Client.Call(Connection.Apply(request)).Result.List("users");
                return users.Cast<IDictionary<string, object>>().Select(Guest.FromGraph).ToList();
            }
            catch (Exception)
            {
                // whoever types sees no error, and what is wrong is told when the command runs
                return Enumerable.Empty<Guest>();
            }
        }
    }
}
