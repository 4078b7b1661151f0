$null = Connect-AzureAD
$invitation = New-AzureADMSInvitation -InvitedUserDisplayName 'New Guest' -InvitedUserEmailAddress 'new.guest@tailspin.com' -InviteRedirectUrl 'https://myapps.microsoft.com' -SendInvitationMessage $false -InvitedUserType Guest
$invitation | Get-Member -MemberType Property | ForEach-Object Name
$invitation.InviteRedeemUrl.Length -gt 20
<# requests:
POST /v1.0/invitations {"invitedUserDisplayName":"New Guest","invitedUserEmailAddress":"new.guest@tailspin.com","sendInvitationMessage":false,"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUserType":"Guest"}
#>
<# prints:
Id
InvitedUser
InvitedUserDisplayName
InvitedUserEmailAddress
InvitedUserMessageInfo
InvitedUserType
InviteRedeemUrl
InviteRedirectUrl
SendInvitationMessage
Status
True
#>
