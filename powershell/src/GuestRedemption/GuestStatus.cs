using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>What became of one guest of a campaign: what the journals tell, and what its tenant shows.</summary>
    public sealed class GuestStatus
    {
        public const string Redeemed = "Redeemed";
        public const string Pending = "Pending";
        public const string NotReset = "NotReset";
        public const string AddressChangedNotReset = "AddressChangedNotReset";
        public const string Unknown = "Unknown";
        public const string Deleted = "Deleted";
        public const string NotLookedAt = "NotLookedAt";

        private const string PendingAcceptance = "PendingAcceptance";
        private const string Accepted = "Accepted";

        private readonly GuestHistory history;
        private readonly List<Journal> journals;

        internal GuestStatus(GuestHistory history, Journal journal)
        {
            this.history = history;
            journals = new List<Journal> { journal };
            State = IsUntouched ? NotReset : NotLookedAt;
        }

        /// <summary>Redeemed, Pending, NotReset, AddressChangedNotReset, Unknown, Deleted, or NotLookedAt.</summary>
        public string State { get; private set; }

        public string TenantId
        {
            get { return Journal.TenantId; }
        }

        /// <summary>Null where no guest was found.</summary>
        public string UserId
        {
            get { return history.UserId; }
        }

        public string UserPrincipalName { get; private set; }

        public string DisplayName { get; private set; }

        /// <summary>How the row named the guest, where that was not by object id and address.</summary>
        public string GivenAs
        {
            get { return history.GivenAs; }
        }

        /// <summary>The address that the invitation goes to.</summary>
        public string Email
        {
            get { return history.Email; }
        }

        /// <summary>Whether the guest's address was changed; null where that is not known.</summary>
        public bool? AddressChanged
        {
            get
            {
                if (history.Address == null) return false;
                if (history.Outcome == null && !history.Invited) return null;
                return !IsRefusal;
            }
        }

        /// <summary>The guest's mail before it was changed.</summary>
        public string OldEmail
        {
            get { return history.Address.Object("undo").Text("mail"); }
        }

        /// <summary>How the reset ended, as the journal tells; null if it does not.</summary>
        public string Outcome
        {
            get { return history.Outcome; }
        }

        /// <summary>"OK", or the code of what went wrong.</summary>
        public string Status
        {
            get { return history.Status; }
        }

        /// <summary>UTC, by the clock of the machine that wrote the journal.</summary>
        public DateTime? Begun
        {
            get { return history.Begun; }
        }

        /// <summary>UTC, by the same clock.</summary>
        public DateTime? Ended
        {
            get { return history.Ended; }
        }

        /// <summary>UTC: since when the guest has been pending, or when it redeemed.</summary>
        public DateTime? Since { get; private set; }

        /// <summary>Null unless pending.</summary>
        public TimeSpan? PendingFor { get; private set; }

        /// <summary>UTC.</summary>
        public DateTime? RedeemedAt
        {
            get { return State == Redeemed ? Since : null; }
        }

        /// <summary>UTC: when the last mail went out, or may have.</summary>
        public DateTime? LastMail
        {
            get { return history.LastMail; }
        }

        public int Reminders
        {
            get { return history.Reminders; }
        }

        /// <summary>The service's ids of the requests that changed something.</summary>
        public IList<string> RequestIds
        {
            get { return history.RequestIds; }
        }

        /// <summary>The row of the run's input, as its tag.</summary>
        public long Row
        {
            get { return history.Row; }
        }

        /// <summary>The latest that tells of the guest.</summary>
        public Journal Journal
        {
            get { return journals[journals.Count - 1]; }
        }

        /// <summary>All that tell of it.</summary>
        public IList<Journal> Journals
        {
            get { return journals; }
        }

        /// <summary>UTC: when the tenant was asked; null if it was not.</summary>
        public DateTime? LookedAt { get; private set; }

        /// <summary>The account that asked it.</summary>
        public string LookedAtBy { get; private set; }

        public override string ToString()
        {
            return (DisplayName ?? UserPrincipalName ?? UserId ?? GivenAs) + ": " + State;
        }

        internal DateTime? Latest
        {
            get { return Ended > Begun || Begun == null ? Ended : Begun; }
        }

        /// <summary>Adds what an earlier journal tells of the same guest and address.</summary>
        internal void Follow(GuestStatus earlier)
        {
            history.Follow(earlier.history);
            journals.InsertRange(0, earlier.journals);
        }

        /// <summary>Takes in what the tenant shows; null if the guest is not there any more.</summary>
        internal void Look(Guest guest, DateTime now, string account)
        {
            LookedAt = now;
            LookedAtBy = account;
            if (guest == null)
            {
                State = Deleted;
                return;
            }
            DisplayName = guest.DisplayName;
            UserPrincipalName = guest.UserPrincipalName;
            State = Judge(guest);
            if (State == Redeemed || State == Pending) Since = IsOlder(guest) ? history.StateLeft : guest.StateChanged;
            if (State == Pending && Since != null) PendingFor = now > Since ? now - Since : TimeSpan.Zero;
        }

        /// <summary>Nothing was changed, and nobody needs to look.</summary>
        private bool IsUntouched
        {
            get { return IsRefusal && history.UserId == null; }
        }

        private bool IsRefusal
        {
            get { return Outcome == "refused" || Outcome == "failed" || Outcome == "undone"; }
        }

        private string Judge(Guest guest)
        {
            if (history.IsAccepted) return JudgeAccepted(guest);
            if (history.InDoubt) return JudgeDoubt(guest);
            if (IsRefusal) return NotReset;
            return Outcome == "address_changed_not_reset" ? AddressChangedNotReset : JudgeBegun(guest);
        }

        private string JudgeAccepted(Guest guest)
        {
            if (guest.State == PendingAcceptance || IsOlder(guest)) return Pending;
            if (guest.State != Accepted) return Unknown;
            // accepted without having been seen: a guest who redeemed before the reset looks like this until it shows
            return Outcome == "done" || HasMoved(guest) ? Redeemed : Unknown;
        }

        /// <summary>Only what can have come about by the reset proves it.</summary>
        private string JudgeDoubt(Guest guest)
        {
            if (!HasMoved(guest)) return Unknown;
            if (guest.State == PendingAcceptance) return Pending;
            // who was pending may have redeemed the invitation before
            return guest.State == Accepted && history.Before.State != PendingAcceptance ? Redeemed : Unknown;
        }

        /// <summary>The run ended before an invitation could be accepted.</summary>
        private string JudgeBegun(Guest guest)
        {
            if (history.Address == null) return history.Invited ? NotReset : Unknown;
            var mail = history.Address.Text("mail");
            var isThere = mail == null ? Holds(guest.OtherMails, Email) : Same(guest.Mail, mail);
            return history.Invited || isThere ? AddressChangedNotReset : Unknown;
        }

        /// <summary>A read that lags behind shows the guest as it was before the reset. Both times are the service's.</summary>
        private bool IsOlder(Guest guest)
        {
            return Outcome == "done" && guest.StateChanged < history.StateLeft;
        }

        private bool HasMoved(Guest guest)
        {
            var before = history.Before == null ? null : history.Before.Changed;
            return guest.StateChanged != null && (before == null || guest.StateChanged > before);
        }

        private static bool Holds(IEnumerable<string> addresses, string wanted)
        {
            foreach (var address in addresses)
            {
                if (Same(address, wanted)) return true;
            }
            return false;
        }

        private static bool Same(string a, string b)
        {
            return string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
        }
    }
}
