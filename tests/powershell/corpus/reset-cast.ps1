$null = Connect-AzureAD
$guest = Get-AzureADUser -Filter "mail eq 'alice@fabrikam.com'"
$invitation = New-AzureADMSInvitation -InvitedUserEmailAddress $guest.Mail -InviteRedirectUrl 'https://myapps.microsoft.com' `
    -InvitedUser ([Microsoft.Open.MSGraph.Model.User]@{ Id = $guest.ObjectId }) -ResetRedemption $true -SendInvitationMessage $false
"$($invitation.InvitedUser.Id): $($invitation.Status)"
<# requests:
GET /v1.0/users?$top=100&$filter=mail eq 'alice@fabrikam.com'
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","sendInvitationMessage":false,"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
user-01: PendingAcceptance
#>
