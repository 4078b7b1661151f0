using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>Adds the lines of one journal up, guest by guest.</summary>
    internal sealed class JournalFold
    {
        private readonly List<GuestHistory> histories = new List<GuestHistory>();
        private readonly Dictionary<string, GuestHistory> byGuest = new Dictionary<string, GuestHistory>(StringComparer.OrdinalIgnoreCase);

        /// <summary>Rows for which no guest was found, by what they say.</summary>
        private readonly Dictionary<string, GuestHistory> byName = new Dictionary<string, GuestHistory>(StringComparer.OrdinalIgnoreCase);

        internal Journal Journal { get; private set; }

        /// <summary>Takes in the next page.</summary>
        internal void Take(string path, IDictionary<string, object> page)
        {
            if (Journal == null) Journal = new Journal(path, page.Object("header"));
            foreach (IDictionary<string, object> record in page.List("records"))
            {
                Journal.Take(record);
                Take(record);
            }
            Journal.End(page.Object("torn"));
        }

        /// <summary>After the last page: all guests, in the order in which they were named first.</summary>
        internal IEnumerable<GuestStatus> End()
        {
            foreach (var history in histories)
            {
                history.Interrupt();
                if (!history.IsFoundLater) yield return new GuestStatus(history, Journal);
            }
        }

        private void Take(IDictionary<string, object> record)
        {
            switch (record.Text("kind"))
            {
                case "intent":
                    Of(record).Intend(record);
                    break;
                case "not_accepted":
                    Of(record).NotAccepted();
                    break;
                case "outcome":
                    Of(record).End(record);
                    break;
                case "reminder":
                    Of(record).Remind(record);
                    break;
                case "reminded":
                    if (record.Text("user_id") != null) Of(record).EndReminder(record);
                    break;
                case "resumed":
                    foreach (var history in histories) history.Interrupt();
                    break;
            }
        }

        private GuestHistory Of(IDictionary<string, object> record)
        {
            var id = record.Text("user_id");
            var name = Name(record);
            if (id == null) return Find(byName, name ?? "#" + record.Integer("tag"));
            GuestHistory unfound;
            if (name != null && byName.TryGetValue(name, out unfound))
            {
                unfound.IsFoundLater = true;
                byName.Remove(name);
            }
            return Find(byGuest, id + "\n" + record.Text("email"));
        }

        private GuestHistory Find(Dictionary<string, GuestHistory> among, string key)
        {
            GuestHistory history;
            if (!among.TryGetValue(key, out history))
            {
                among[key] = history = new GuestHistory();
                histories.Add(history);
            }
            return history;
        }

        private static string Name(IDictionary<string, object> record)
        {
            var named = record.Object("named");
            return named == null ? null : named.Text("user") + "\n" + named.Text("email");
        }
    }
}
