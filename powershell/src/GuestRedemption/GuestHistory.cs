using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>What the lines of one journal add up to for one guest and one address.</summary>
    internal sealed class GuestHistory
    {
        private static readonly HashSet<string> Accepting = new HashSet<string> { "done", "accepted_unverified" };

        private readonly List<string> requestIds = new List<string>();
        private Attempt attempt;
        private DateTime? reminder;

        internal string UserId;
        internal string Email;
        internal string GivenAs;
        internal long Row;
        internal DateTime? Begun;
        internal DateTime? Ended;
        internal DateTime? LastMail;
        internal int Reminders;

        /// <summary>Null while there is none.</summary>
        internal string Outcome;
        internal string Status;

        /// <summary>The change time as it was read last, after the service had accepted.</summary>
        internal DateTime? StateLeft;

        /// <summary>The first change of address that was begun: what it writes, and what was there.</summary>
        internal IDictionary<string, object> Address;

        /// <summary>The guest before the invitation, or before the first of those whose fate is not known.</summary>
        internal Attempt Before;

        /// <summary>Whether an invitation may have been accepted without the journal telling so.</summary>
        internal bool InDoubt;

        /// <summary>Whether no guest was found for a row at first, and one was later.</summary>
        internal bool IsFoundLater;

        /// <summary>Whether an invitation was intended, which comes after the change of address.</summary>
        internal bool Invited;

        internal IList<string> RequestIds
        {
            get { return requestIds; }
        }

        internal bool IsAccepted
        {
            get { return Outcome != null && Accepting.Contains(Outcome); }
        }

        internal void Intend(IDictionary<string, object> intent)
        {
            var time = intent.Time("time");
            Name(intent);
            Begun = Begun ?? time;
            // an outcome tells of the attempt before it
            if (!IsAccepted)
            {
                Outcome = Status = null;
                Ended = null;
            }
            if (intent.Text("step") == "address")
            {
                Address = Address ?? intent.Object("address");
            }
            else
            {
                Invited = true;
                attempt = new Attempt(intent, time);
            }
        }

        /// <summary>The service refused the latest attempt for the time being.</summary>
        internal void NotAccepted()
        {
            if (reminder != null) reminder = null;
            else attempt = null;
        }

        internal void End(IDictionary<string, object> ended)
        {
            requestIds.AddRange(ended.Texts("request_ids"));
            // what was accepted stays accepted
            if (!IsAccepted || Accepting.Contains(ended.Text("outcome"))) EndReset(ended);
        }

        internal void Remind(IDictionary<string, object> intent)
        {
            reminder = intent.Time("time");
        }

        internal void EndReminder(IDictionary<string, object> ended)
        {
            requestIds.AddRange(ended.Texts("request_ids"));
            var outcome = ended.Text("outcome");
            if (outcome == "reminded") Reminders++;
            if (outcome == "reminded" || outcome == "unknown") LastMail = reminder ?? LastMail;
            reminder = null;
        }

        /// <summary>The run ended here, so what became of the attempts under way will not be told.</summary>
        internal void Interrupt()
        {
            if (attempt != null) Doubt();
            LastMail = reminder ?? LastMail;
            attempt = null;
            reminder = null;
        }

        /// <summary>Adds what an earlier journal tells of the same guest and address.</summary>
        internal void Follow(GuestHistory earlier)
        {
            if (earlier.LastMail > (LastMail ?? DateTime.MinValue)) LastMail = earlier.LastMail;
            Reminders += earlier.Reminders;
            requestIds.InsertRange(0, earlier.requestIds);
        }

        private void EndReset(IDictionary<string, object> ended)
        {
            Name(ended);
            var outcome = ended.Text("outcome");
            Outcome = outcome;
            Status = ended.Text("status");
            Ended = ended.Time("time");
            if (IsAccepted)
            {
                StateLeft = ended.Time("state_changed");
                if (attempt != null)
                {
                    Mailed(attempt);
                    Before = InDoubt ? Before : attempt;
                }
                InDoubt = false;
            }
            else if (outcome == "unknown" && attempt != null)
            {
                Doubt();
            }
            else if (outcome == "undone")
            {
                Address = null;
            }
            attempt = null;
        }

        /// <summary>What was before the oldest of several attempts is what was before all of them.</summary>
        private void Doubt()
        {
            Before = InDoubt ? Before : attempt;
            InDoubt = true;
            Mailed(attempt);
        }

        private void Mailed(Attempt sent)
        {
            if (sent.Mail) LastMail = sent.Time;
        }

        private void Name(IDictionary<string, object> record)
        {
            UserId = record.Text("user_id") ?? UserId;
            Email = record.Text("email") ?? Email;
            GivenAs = record.Object("named").Text("user") ?? GivenAs;
            Row = record.Integer("tag") ?? Row;
        }

        /// <summary>An invitation that was about to be sent, and the guest as it was read before.</summary>
        internal sealed class Attempt
        {
            internal readonly DateTime? Time;
            internal readonly bool Mail;
            internal readonly string State;
            internal readonly DateTime? Changed;

            internal Attempt(IDictionary<string, object> intent, DateTime? time)
            {
                Time = time;
                Mail = intent.Flag("mail") == true;
                State = intent.Text("state_before");
                Changed = intent.Time("changed_before");
            }
        }
    }
}
