$null = Connect-AzureAD
$alice = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList (Get-AzureADUser -SearchString 'Alice').ObjectId
New-AzureADMSInvitation -InvitedUserEmailAddress alice@fabrikam.com -InviteRedirectUrl https://myapps.microsoft.com -InvitedUser $alice -ResetRedemption $true |
    Select-Object InvitedUser, Status | Format-List
<# requests:
GET /v1.0/users?$top=100&$filter=startsWith(displayName,'Alice') or startsWith(userPrincipalName,'Alice')
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
InvitedUser : class User {
                Id: user-01
                OdataType:
              }
Status  : PendingAcceptance
#>
