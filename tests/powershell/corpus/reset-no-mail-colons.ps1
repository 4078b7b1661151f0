$null = Connect-AzureAD
$user = New-Object -TypeName Microsoft.Open.MSGraph.Model.User
$user.Id = '10000000-0000-4000-8000-000000000002'
$result = New-AzureADMSInvitation -InvitedUserEmailAddress 'bob.brandt@gmail.com' -InviteRedirectUrl 'https://myapps.microsoft.com' `
    -InvitedUser $user -ResetRedemption:$true -SendInvitationMessage:$false
$result.Status
<# requests:
POST /v1.0/invitations {"invitedUserEmailAddress":"bob.brandt@gmail.com","sendInvitationMessage":false,"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-02"},"resetRedemption":true}
#>
<# prints:
PendingAcceptance
#>
