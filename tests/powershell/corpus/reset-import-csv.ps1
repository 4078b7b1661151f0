<# file guests.csv:
Upn,Mail
alice_fabrikam.com#EXT#@contoso.onmicrosoft.com,alice@fabrikam.com
bob.brandt_gmail.com#EXT#@contoso.onmicrosoft.com,bob.brandt@gmail.com
#>
Connect-AzureAD | Out-Null
$guests = Import-Csv .\guests.csv
foreach ($guest in $guests) {
    $aadUser = Get-AzureADUser -ObjectId $guest.Upn
    $msUser = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $aadUser.ObjectId
    $invite = New-AzureADMSInvitation -InvitedUserEmailAddress $guest.Mail -SendInvitationMessage $False -InviteRedirectUrl 'http://myapps.microsoft.com' -InvitedUser $msUser -ResetRedemption $True
    "$($guest.Mail): $($invite.Status)"
}
<# requests:
GET /v1.0/users/alice_fabrikam.com#EXT#@contoso.onmicrosoft.com
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","sendInvitationMessage":false,"inviteRedirectUrl":"http://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
GET /v1.0/users/bob.brandt_gmail.com#EXT#@contoso.onmicrosoft.com
POST /v1.0/invitations {"invitedUserEmailAddress":"bob.brandt@gmail.com","sendInvitationMessage":false,"inviteRedirectUrl":"http://myapps.microsoft.com","invitedUser":{"id":"user-02"},"resetRedemption":true}
#>
<# prints:
alice@fabrikam.com: PendingAcceptance
bob.brandt@gmail.com: PendingAcceptance
#>
