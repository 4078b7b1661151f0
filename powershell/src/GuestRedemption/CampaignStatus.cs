using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>The guests of one or several runs, from their journals and from the tenant.</summary>
    public sealed class CampaignStatus
    {
        /// <summary>So many guests are asked for one by one; more are looked up in the list of all guests.</summary>
        private const int Few = 50;
        private const int PageSize = 999;
        private const int RecordsAtOnce = 5000;

        private static readonly string[] Properties =
        {
            "id", "displayName", "userPrincipalName", "mail", "otherMails", "externalUserState", "externalUserStateChangeDateTime",
        };

        private readonly Func<IDictionary<string, object>, CallResult> call;
        private readonly Action<CallResult, object> fail;
        private readonly List<GuestStatus> guests = new List<GuestStatus>();
        private readonly Dictionary<string, int> places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

        /// <summary><paramref name="call"/> runs an operation; <paramref name="fail"/> gets what failed, and what it was about.</summary>
        public CampaignStatus(Func<IDictionary<string, object>, CallResult> call, Action<CallResult, object> fail)
        {
            this.call = call;
            this.fail = fail;
        }

        /// <summary>In the order in which the journals name them first.</summary>
        public IList<GuestStatus> Guests
        {
            get { return guests; }
        }

        /// <summary>Takes in a journal; null if it could not be read to its end.</summary>
        public Journal Read(string path)
        {
            var fold = new JournalFold();
            object after = null;
            do
            {
                var answer = call(new Dictionary<string, object> { { "op", "journal.read" }, { "path", path }, { "after", after }, { "max", RecordsAtOnce } });
                if (!answer.IsOk)
                {
                    fail(answer, path);
                    return null;
                }
                fold.Take(path, answer.Result);
                after = answer.Result.Text("next");
            }
            while (after != null);
            foreach (var guest in fold.End()) Add(guest);
            return fold.Journal;
        }

        /// <summary>Asks the tenant that is signed in to about its guests. Tells of which other tenants there are guests.</summary>
        public ICollection<string> Look(string tenantId)
        {
            var wanted = new Dictionary<string, List<GuestStatus>>(StringComparer.OrdinalIgnoreCase);
            var others = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var guest in guests)
            {
                if (!string.Equals(guest.TenantId, tenantId, StringComparison.OrdinalIgnoreCase)) others.Add(guest.TenantId);
                if (guest.UserId == null || others.Contains(guest.TenantId)) continue;
                List<GuestStatus> same;
                if (!wanted.TryGetValue(guest.UserId, out same)) wanted[guest.UserId] = same = new List<GuestStatus>(1);
                same.Add(guest);
            }
            var isListed = wanted.Count <= Few || LookThroughList(wanted);
            if (isListed)
            {
                foreach (var one in wanted) LookAt(one.Key, one.Value);
            }
            return others;
        }

        private void Add(GuestStatus guest)
        {
            var key = guest.TenantId + "\n" + (guest.UserId ?? "\n" + guest.GivenAs) + "\n" + guest.Email;
            int place;
            if (!places.TryGetValue(key, out place))
            {
                places[key] = guests.Count;
                guests.Add(guest);
                return;
            }
            var other = guests[place];
            var isLater = !(guest.Latest < other.Latest);
            var later = isLater ? guest : other;
            later.Follow(isLater ? other : guest);
            guests[place] = later;
        }

        /// <summary>Takes the guests out that the list shows. False if it could not be read.</summary>
        private bool LookThroughList(Dictionary<string, List<GuestStatus>> wanted)
        {
            var request = new Dictionary<string, object>
            {
                { "op", "user.list" }, { "filter", Guest.GraphFilter }, { "select", Properties }, { "top", PageSize },
            };
            while (request != null && wanted.Count > 0)
            {
                var answer = call(request);
                if (!answer.IsOk)
                {
                    fail(answer, null);
                    return false;
                }
                foreach (IDictionary<string, object> user in answer.Result.List("users"))
                {
                    List<GuestStatus> found;
                    var id = user.Text("id");
                    if (!wanted.TryGetValue(id, out found)) continue;
                    Look(found, Guest.FromGraph(user), answer);
                    wanted.Remove(id);
                }
                var next = answer.Result.Text("next");
                request = next == null ? null : new Dictionary<string, object> { { "op", "user.list" }, { "next", next } };
            }
            return true;
        }

        private void LookAt(string id, List<GuestStatus> same)
        {
            var answer = call(new Dictionary<string, object> { { "op", "user.get" }, { "user_id", id }, { "select", Properties } });
            if (answer.IsOk) Look(same, Guest.FromGraph(answer.Result.Object("user")), answer);
            else if (answer.Status == "GUEST_NOT_FOUND" || answer.Status == "GUEST_DELETED") Look(same, null, answer);
            else fail(answer, id);
        }

        private static void Look(List<GuestStatus> same, Guest guest, CallResult answer)
        {
            foreach (var one in same) one.Look(guest, DateTime.UtcNow, answer.Context.Text("account"));
        }
    }
}
