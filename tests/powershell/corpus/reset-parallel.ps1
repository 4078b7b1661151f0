# requests in any order
$null = Connect-AzureAD
'alice@fabrikam.com', 'bob.brandt@gmail.com', 'berta@fabrikam.com' | ForEach-Object -Parallel {
    $guest = Get-AzureADUser -Filter "mail eq '$_'"
    $target = [Microsoft.Open.MSGraph.Model.User]@{ Id = $guest.ObjectId }
    $invitation = New-AzureADMSInvitation -InvitedUserEmailAddress $_ -InviteRedirectUrl 'https://myapps.microsoft.com' -InvitedUser $target -ResetRedemption $true
    "$($guest.DisplayName): $($invitation.Status)"
} -ThrottleLimit 3 | Sort-Object
<# requests:
GET /v1.0/users?$top=100&$filter=mail eq 'alice@fabrikam.com'
GET /v1.0/users?$top=100&$filter=mail eq 'berta@fabrikam.com'
GET /v1.0/users?$top=100&$filter=mail eq 'bob.brandt@gmail.com'
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
POST /v1.0/invitations {"invitedUserEmailAddress":"berta@fabrikam.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-0b"},"resetRedemption":true}
POST /v1.0/invitations {"invitedUserEmailAddress":"bob.brandt@gmail.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-02"},"resetRedemption":true}
#>
<# prints:
Alice Alvarez: PendingAcceptance
Berta Blocked: PendingAcceptance
Bob Brandt: PendingAcceptance
#>
