$null = Connect-AzureAD
try { New-AzureADMSInvitation -InvitedUserEmailAddress 'x@contoso.com' -InviteRedirectUrl 'https://myapps.microsoft.com' -InvitedUserDisplayName 'X' }
catch [Microsoft.Open.MSGraphBeta.Client.ApiException] { "MS $($_.Exception.ErrorCode)" }
try { Get-AzureADUser -ObjectId 'nobody_fabrikam.com#EXT#@contoso.onmicrosoft.com' }
catch [Microsoft.Open.AzureAD16.Client.ApiException] {
    if ($_.Exception.ErrorCode -eq 404) { 'no such user' }
    $_.Exception.ErrorContent.Message.Value
}
<# requests:
POST /v1.0/invitations {"invitedUserDisplayName":"X","invitedUserEmailAddress":"x@contoso.com","inviteRedirectUrl":"https://myapps.microsoft.com"}
GET /v1.0/users/nobody_fabrikam.com#EXT#@contoso.onmicrosoft.com
#>
<# prints:
MS 400
no such user
Resource 'nobody_fabrikam.com#EXT#@contoso.onmicrosoft.com' does not exist or one of its queried reference-property objects are not present.
#>
