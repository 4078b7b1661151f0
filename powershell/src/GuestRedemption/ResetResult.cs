using System;
using System.Collections.Generic;

namespace GuestRedemption
{
    /// <summary>The report of one reset.</summary>
    public sealed class ResetResult
    {
        private readonly string wantedId;

        private ResetResult(CallResult answer, string wanted)
        {
            Guid id;
            wantedId = Guid.TryParse(wanted, out id) ? wanted : null;
            var report = answer.Result;
            Status = answer.Status;
            Message = answer.Message;
            Outcome = report.Text("outcome");
            Email = report.Text("email");
            GuestBefore = Guest.FromReport(report.Object("guest_before"));
            GuestAfter = Guest.FromReport(report.Object("guest_after"));
            Plan = new Plan(answer);
            Steps = report.Objects("steps", step => new ResetStep(step));
            InvitationId = report.Object("invitation").Text("id");
            InviteRedeemUrl = report.Text("invite_redeem_url");
            Undo = UndoValues.Read(report.Object("undo"));
            RemovedPartly = PartialRemoval.Read(report.Object("removed_partly"));
            var kept = report.Object("kept");
            Groups = Kept.Read(kept.Object("groups"));
            AppAssignments = Kept.Read(kept.Object("app_assignments"));
        }

        /// <summary>Null when no guest was found by another name than its object id.</summary>
        public string UserId
        {
            get { return GuestBefore == null ? wantedId : GuestBefore.Id; }
        }

        public string DisplayName
        {
            get { return GuestBefore == null ? null : GuestBefore.DisplayName; }
        }

        /// <summary>The guest's mail address before.</summary>
        public string OldEmail
        {
            get { return GuestBefore == null ? null : GuestBefore.Mail; }
        }

        /// <summary>The address that was invited.</summary>
        public string Email { get; private set; }

        /// <summary>
        /// done, accepted_unverified, unknown, planned, refused, failed, address_changed_not_reset or undone; in a batch
        /// also repeated (the same wish came earlier) and done_before (by an earlier run of its journal).
        /// </summary>
        public string Outcome { get; private set; }

        /// <summary>The guest's state as last read.</summary>
        public string State
        {
            get { return Latest == null ? null : Latest.State; }
        }

        /// <summary>UTC, as last read.</summary>
        public DateTime? StateChanged
        {
            get { return Latest == null ? null : Latest.StateChanged; }
        }

        /// <summary>Status of the call, such as "OK".</summary>
        public string Status { get; private set; }

        public string Message { get; private set; }

        public string TenantId
        {
            get { return Plan.TenantId; }
        }

        public string Environment
        {
            get { return Plan.Environment; }
        }

        public Guest GuestBefore { get; private set; }

        public Guest GuestAfter { get; private set; }

        public Plan Plan { get; private set; }

        public IList<ResetStep> Steps { get; private set; }

        public string InvitationId { get; private set; }

        /// <summary>A secret: whoever holds it can redeem the invitation.</summary>
        public string InviteRedeemUrl { get; private set; }

        /// <summary>Values that undo a change of address; null when there is nothing to undo.</summary>
        public UndoValues Undo { get; private set; }

        /// <summary>Null unless an old address could not be removed wholly.</summary>
        public PartialRemoval RemovedPartly { get; private set; }

        /// <summary>Assigned groups compared; null unless verified fully.</summary>
        public Kept Groups { get; private set; }

        /// <summary>App assignments compared; null unless verified fully.</summary>
        public Kept AppAssignments { get; private set; }

        private Guest Latest
        {
            get { return GuestAfter ?? GuestBefore; }
        }

        /// <summary>Null when the call did not get as far as a report. The guest is <paramref name="wanted"/> where the report names none.</summary>
        public static ResetResult From(CallResult answer, string wanted = null)
        {
            return answer.Result == null ? null : new ResetResult(answer, wanted);
        }
    }

    public sealed class ResetStep
    {
        internal ResetStep(IDictionary<string, object> json)
        {
            Step = json.Text("step");
            State = json.Text("state");
            Detail = json.Text("detail");
            RequestIds = json.Texts("request_ids");
            ElapsedMilliseconds = json.Integer("elapsed_ms");
        }

        /// <summary>find, plan, address, invite, verify or undo.</summary>
        public string Step { get; private set; }

        /// <summary>done, skipped, failed or unknown.</summary>
        public string State { get; private set; }

        public string Detail { get; private set; }

        public IList<string> RequestIds { get; private set; }

        public long? ElapsedMilliseconds { get; private set; }

        public override string ToString()
        {
            return Step + " " + State + (string.IsNullOrEmpty(Detail) ? "" : ": " + Detail);
        }
    }

    /// <summary>What to write back to undo a change of address.</summary>
    public sealed class UndoValues
    {
        /// <summary>Null if mail is not to be written.</summary>
        public string Mail { get; private set; }

        /// <summary>Null if otherMails is not to be written.</summary>
        public IList<string> OtherMails { get; private set; }

        internal static UndoValues Read(IDictionary<string, object> json)
        {
            if (json == null) return null;
            return new UndoValues { Mail = json.Text("mail"), OtherMails = json.Member("other_mails") == null ? null : json.Texts("other_mails") };
        }
    }

    /// <summary>An old address that Graph could not take away wholly.</summary>
    public sealed class PartialRemoval
    {
        public string Address { get; private set; }

        /// <summary>Properties that still hold it.</summary>
        public IList<string> StillIn { get; private set; }

        /// <summary>What finishes the removal.</summary>
        public string Finish { get; private set; }

        internal static PartialRemoval Read(IDictionary<string, object> json)
        {
            if (json == null) return null;
            return new PartialRemoval { Address = json.Text("address"), StillIn = json.Texts("still_in"), Finish = json.Text("finish") };
        }

        public override string ToString()
        {
            return Address + " is still in " + string.Join(", ", StillIn);
        }
    }

    /// <summary>Memberships or assignments before and after.</summary>
    public sealed class Kept
    {
        public IList<DirectoryObject> Before { get; private set; }

        public IList<DirectoryObject> After { get; private set; }

        public IList<DirectoryObject> Lost { get; private set; }

        public IList<DirectoryObject> Gained { get; private set; }

        internal static Kept Read(IDictionary<string, object> json)
        {
            if (json == null) return null;
            return new Kept { Before = Items(json, "before"), After = Items(json, "after"), Lost = Items(json, "lost"), Gained = Items(json, "gained") };
        }

        public override string ToString()
        {
            return Before.Count + " before, " + After.Count + " after, " + Lost.Count + " lost, " + Gained.Count + " gained";
        }

        private static DirectoryObject[] Items(IDictionary<string, object> json, string key)
        {
            return json.Objects(key, item => new DirectoryObject(item));
        }
    }
}
