<# file invitations.csv:
Name,InvitedUserEmailAddress
Nina New,nina@tailspin.com
Omar Other,omar@adatum.com
#>
$null = Connect-AzureAD
$invitations = import-csv .\invitations.csv
$messageInfo = New-Object Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo
$messageInfo.customizedMessageBody = "You are invited."
foreach ($email in $invitations) {
    New-AzureADMSInvitation `
        -InvitedUserEmailAddress $email.InvitedUserEmailAddress `
        -InvitedUserDisplayName $email.Name `
        -InviteRedirectUrl https://myapps.microsoft.com `
        -InvitedUserMessageInfo $messageInfo `
        -SendInvitationMessage $true | Select-Object InvitedUserDisplayName, Status
}
<# requests:
POST /v1.0/invitations {"invitedUserDisplayName":"Nina New","invitedUserEmailAddress":"nina@tailspin.com","sendInvitationMessage":true,"invitedUserMessageInfo":{"customizedMessageBody":"You are invited."},"inviteRedirectUrl":"https://myapps.microsoft.com"}
POST /v1.0/invitations {"invitedUserDisplayName":"Omar Other","invitedUserEmailAddress":"omar@adatum.com","sendInvitationMessage":true,"invitedUserMessageInfo":{"customizedMessageBody":"You are invited."},"inviteRedirectUrl":"https://myapps.microsoft.com"}
#>
<# prints:
InvitedUserDisplayName Status
---------------------- ------
Nina New  PendingAcceptance
Omar Other  PendingAcceptance
#>
