using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>A cmdlet that takes guests one by one, by name or from objects of other commands and CSV files.</summary>
    public abstract class GuestCmdlet : RedemptionCmdlet
    {
        private static readonly string[] IdColumns = { "UserId", "Id", "ObjectId" };
        private const string NameColumn = "UserPrincipalName";

        private bool named;

        /// <summary>Object id, user principal name or address.</summary>
        public abstract string UserId { get; set; }

        /// <summary>The piped object itself, so that its columns can be told apart and compared.</summary>
        public abstract PSObject InputObject { get; set; }

        protected override void BeginProcessing()
        {
            named = MyInvocation.BoundParameters.ContainsKey("UserId");
        }

        /// <summary>Finds out which guest is meant; false when that was refused.</summary>
        protected bool FindUser()
        {
            if (InputObject == null || named) return true;
            if (IsInvitation(InputObject)) return Refuse("InvitationNotAccepted", Messages.Text("user.invitationPiped"));
            if (InputObject.BaseObject is string) return true;
            return TakeColumns();
        }

        protected bool Refuse(string id, string message)
        {
            WriteError(ErrorRecords.Refusal(id, message, (object)InputObject ?? UserId, CommandName));
            return false;
        }

        private bool TakeColumns()
        {
            string id = null;
            foreach (var column in IdColumns)
            {
                var value = Column(column);
                if (id != null && value != null && !Same(id, value))
                    return Refuse("ContradictoryInput", Messages.Text("user.columnsDiffer", id, value));
                id = id ?? value;
            }
            var name = Column(NameColumn);
            if (!IsBoundByScript()) UserId = id ?? name;
            if (UserId == null) return Refuse("NoUserColumn", Messages.Text("user.noColumn"));
            return id == null || name == null || Same(id, name) || InputObject.BaseObject is Guest || IsOneUser(id, name);
        }

        /// <summary>-UserId { $_.Column } wins over the columns that would be taken by themselves.</summary>
        private bool IsBoundByScript()
        {
            if (UserId == null || UserId == InputObject.ToString()) return false;
            foreach (var column in IdColumns)
            {
                if (UserId == Column(column)) return false;
            }
            return UserId != Column(NameColumn);
        }

        /// <summary>A row whose id and name belong to different people is a mistake; which one is right cannot be known.</summary>
        private bool IsOneUser(string id, string name)
        {
            var request = new Dictionary<string, object>
            {
                { "op", "user.get" }, { "user_id", id }, { "select", new[] { "id", "userPrincipalName" } },
            };
            var answer = Invoke(request);
            if (!answer.IsOk)
            {
                WriteFailure(answer, id);
                return false;
            }
            var found = answer.Result.Object("user").Text("userPrincipalName");
            return Same(found, name) || Refuse("ContradictoryInput", Messages.Text("user.nameDiffers", id, found, name));
        }

        /// <summary>A property of the piped object as text; null when it is missing or empty.</summary>
        protected string Column(string name)
        {
            var property = InputObject.Properties[name];
            var value = property == null || property.Value == null ? null : property.Value.ToString();
            return string.IsNullOrEmpty(value) ? null : value;
        }

        private static bool IsInvitation(PSObject piped)
        {
            return piped.Properties["InviteRedeemUrl"] != null || piped.Properties["InvitedUser"] != null || piped.Properties["InvitedUserEmailAddress"] != null;
        }

        private static bool Same(string a, string b)
        {
            return string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
        }
    }
}
