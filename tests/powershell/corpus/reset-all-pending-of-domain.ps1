Connect-AzureAD | Out-Null
$pending = Get-AzureADUser -All $true -Filter "UserState eq 'PendingAcceptance'" | Where-Object { $_.Mail -like '*@fabrikam.com' }
foreach ($guest in $pending) {
    $msUser = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $guest.ObjectId
    $null = New-AzureADMSInvitation -InvitedUserEmailAddress $guest.Mail -InviteRedirectUrl 'https://myapps.microsoft.com' -InvitedUser $msUser -ResetRedemption $true -SendInvitationMessage $true
    "Sent again to $($guest.DisplayName)"
}
<# requests:
GET /v1.0/users?$top=999&$filter=externalUserState eq 'PendingAcceptance'
POST /v1.0/invitations {"invitedUserEmailAddress":"carla@fabrikam.com","sendInvitationMessage":true,"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-03"},"resetRedemption":true}
POST /v1.0/invitations {"invitedUserEmailAddress":"paul@fabrikam.com","sendInvitationMessage":true,"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-0e"},"resetRedemption":true}
#>
<# prints:
Sent again to Carla Conti
Sent again to Paul Pending
#>
