$null = Connect-AzureAD
$target = New-Object Microsoft.Open.MSGraph.Model.User -Property @{ Id = '10000000-0000-4000-8000-000000000001' }
"$target"
(New-AzureADMSInvitation -InvitedUserEmailAddress alice@fabrikam.com -InviteRedirectUrl https://myapps.microsoft.com -InvitedUser $target -ResetRedemption $true).InvitedUser
<# requests:
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
class User {
  Id: user-01
  OdataType:
}
Id  OdataType
--  ---------
user-01
#>
