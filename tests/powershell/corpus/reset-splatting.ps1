$null = Connect-AzureAD
$guest = Get-AzureADUser -SearchString 'Berta Blocked'
$parameters = @{
    InvitedUserEmailAddress = $guest.Mail
    InvitedUserDisplayName  = $guest.DisplayName
    InviteRedirectUrl       = 'https://myapps.microsoft.com'
    InvitedUser             = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $guest.ObjectId
    SendInvitationMessage   = $true
    ResetRedemption         = $true
}
New-AzureADMSInvitation @parameters | Select-Object InvitedUserDisplayName, SendInvitationMessage, Status
<# requests:
GET /v1.0/users?$top=100&$filter=startsWith(displayName,'Berta Blocked') or startsWith(userPrincipalName,'Berta Blocked')
POST /v1.0/invitations {"invitedUserDisplayName":"Berta Blocked","invitedUserEmailAddress":"berta@fabrikam.com","sendInvitationMessage":true,"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-0b"},"resetRedemption":true}
#>
<# prints:
InvitedUserDisplayName SendInvitationMessage Status
---------------------- --------------------- ------
Berta Blocked  True PendingAcceptance
#>
