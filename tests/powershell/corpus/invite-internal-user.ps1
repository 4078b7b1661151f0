$null = Connect-AzureAD
$internal = Get-AzureADUser -Filter "startswith(UserPrincipalName,'gus.')"
$msGraphUser = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $internal.ObjectId
New-AzureADMSInvitation -InvitedUserEmailAddress $internal.Mail -SendInvitationMessage $False -InviteRedirectUrl 'http://myapps.microsoft.com' -InvitedUser $msGraphUser | Format-List InvitedUserEmailAddress, Status
(Get-AzureADUser -ObjectId $internal.ObjectId).UserState
<# requests:
GET /v1.0/users?$top=100&$filter=startsWith(userPrincipalName,'gus.')
POST /v1.0/invitations {"invitedUserEmailAddress":"gus@tailspin.com","sendInvitationMessage":false,"inviteRedirectUrl":"http://myapps.microsoft.com","invitedUser":{"id":"user-08"}}
GET /v1.0/users/user-08
#>
<# prints:
InvitedUserEmailAddress : gus@tailspin.com
Status  : PendingAcceptance
PendingAcceptance
#>
