$null = Connect-AzureAD
$target = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList '10000000-0000-4000-8000-000000000001'
try {
    New-AzureADMSInvitation -InvitedUserEmailAddress 'alice@elsewhere.com' -InvitedUser $target -InviteRedirectUrl 'https://myapps.microsoft.com' -ResetRedemption $true
}
catch {
    if ($_.Exception.Message -match 'Code: BadRequest') { 'Add the address to the user object first.' } else { throw }
}
<# requests:
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@elsewhere.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
Add the address to the user object first.
#>
