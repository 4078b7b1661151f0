using System.Collections.Generic;
using System.Linq;

namespace GuestRedemption
{
    /// <summary>What a reset will do, and what stands in its way.</summary>
    public sealed class Plan
    {
        internal Plan(CallResult answer, IDictionary<string, object> options = null)
        {
            var report = answer.Result;
            var context = answer.Context;
            var plan = report.Object("plan");
            Guest = Guest.FromReport(report.Object("guest_before"));
            Outcome = report.Text("outcome");
            NewEmail = report.Text("email");
            Options = options ?? new Dictionary<string, object>();
            TenantId = context.Text("tenant_id");
            Cloud = context.Text("cloud");
            Environment = context.Text("environment");
            Steps = plan.Objects("steps", step => new PlannedStep(step));
            Obstacles = plan.Objects("obstacles", obstacle => new Obstacle(obstacle));
            NotChecked = plan.Objects("not_checked", check => new Unchecked(check));
            WillOpen = plan.Objects("opens", opener => new Opener(opener));
            Rights = plan.Objects("rights", right => new Right(right));
            DynamicGroups = FindDynamicGroups();
        }

        /// <summary>Null when the guest could not be read.</summary>
        public Guest Guest { get; private set; }

        public string UserId
        {
            get { return Guest == null ? null : Guest.Id; }
        }

        public string DisplayName
        {
            get { return Guest == null ? null : Guest.DisplayName; }
        }

        public string OldEmail
        {
            get { return Guest == null ? null : Guest.Mail; }
        }

        /// <summary>The address that will be invited.</summary>
        public string NewEmail { get; private set; }

        /// <summary>"planned" or "refused".</summary>
        public string Outcome { get; private set; }

        /// <summary>No obstacle refuses.</summary>
        public bool CanReset
        {
            get { return Outcome == "planned"; }
        }

        /// <summary>The options it was made with, in the library's words.</summary>
        public IDictionary<string, object> Options { get; private set; }

        public string TenantId { get; private set; }

        /// <summary>The library's word for the cloud, or "custom".</summary>
        public string Cloud { get; private set; }

        /// <summary>The cloud, or the host when it is none of the known clouds.</summary>
        public string Environment { get; private set; }

        public IList<PlannedStep> Steps { get; private set; }

        public IList<Obstacle> Obstacles { get; private set; }

        /// <summary>What could not be looked at with these rights.</summary>
        public IList<Unchecked> NotChecked { get; private set; }

        /// <summary>Addresses whose holders may open the account afterwards.</summary>
        public IList<string> Opens
        {
            get { return WillOpen.Select(opener => opener.Email).ToList(); }
        }

        /// <summary>The same, with why.</summary>
        public IList<Opener> WillOpen { get; private set; }

        /// <summary>Dynamic groups whose rules read addresses, and which may let go of the guest.</summary>
        public IList<DirectoryObject> DynamicGroups { get; private set; }

        /// <summary>Whether the sign-in's rights suffice, per step.</summary>
        public IList<Right> Rights { get; private set; }

        /// <summary>Null when the call did not get as far as a plan.</summary>
        public static Plan From(CallResult answer, IDictionary<string, object> options = null)
        {
            return answer.Result == null ? null : new Plan(answer, options);
        }

        private IList<DirectoryObject> FindDynamicGroups()
        {
            foreach (var obstacle in Obstacles)
            {
                if (obstacle.Code == "DYNAMIC_GROUP") return obstacle.Objects;
            }
            return new DirectoryObject[0];
        }
    }

    public sealed class PlannedStep
    {
        internal PlannedStep(IDictionary<string, object> json)
        {
            Step = json.Text("step");
            Action = json.Text("action");
        }

        public string Step { get; private set; }

        public string Action { get; private set; }

        public override string ToString()
        {
            return Step + ": " + Action;
        }
    }

    public sealed class Obstacle
    {
        internal Obstacle(IDictionary<string, object> json)
        {
            Code = json.Text("code");
            Refuses = json.Text("effect") != "warns";
            Message = json.Text("message");
            Remedy = json.Text("remedy");
            Objects = json.Objects("objects", item => new DirectoryObject(item));
        }

        public string Code { get; private set; }

        /// <summary>False: it only warns.</summary>
        public bool Refuses { get; private set; }

        public string Message { get; private set; }

        public string Remedy { get; private set; }

        public IList<DirectoryObject> Objects { get; private set; }

        public override string ToString()
        {
            return Message;
        }
    }

    public sealed class Unchecked
    {
        internal Unchecked(IDictionary<string, object> json)
        {
            Code = json.Text("code");
            Message = json.Text("message");
        }

        public string Code { get; private set; }

        public string Message { get; private set; }

        public override string ToString()
        {
            return Message;
        }
    }

    public sealed class Right
    {
        internal Right(IDictionary<string, object> json)
        {
            Step = json.Text("step");
            Answer = json.Text("answer");
            Least = json.Text("least");
        }

        public string Step { get; private set; }

        /// <summary>"yes", "no" or "cannot_tell".</summary>
        public string Answer { get; private set; }

        /// <summary>The least right that suffices.</summary>
        public string Least { get; private set; }

        public override string ToString()
        {
            return Step + ": " + Answer + " (" + Least + ")";
        }
    }
}
