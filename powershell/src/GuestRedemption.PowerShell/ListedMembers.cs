using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>
    /// What PowerShell lists of a result where it leaves the views aside, as it does with objects of several types in
    /// one list: everything but InviteRedeemUrl. Each result carries it, since a file of types costs every import more.
    /// </summary>
    internal static class ListedMembers
    {
        private static readonly PSMemberSet Members = new PSMemberSet("PSStandardMembers", new PSMemberInfo[]
        {
            new PSPropertySet("DefaultDisplayPropertySet", new[]
            {
                "UserId", "DisplayName", "OldEmail", "Email", "Outcome", "Message", "State", "StateChanged", "TenantId", "Environment",
            }),
        });

        internal static PSObject Of(ResetResult result)
        {
            var listed = new PSObject(result);
            listed.Members.Add(Members);
            return listed;
        }
    }
}
