$null = Connect-AzureAD
Get-AzureADUser -Filter "UserState eq 'PendingAcceptance'" | Select-Object -First 2 | Format-List -Property DisplayName, UserPrincipalName, UserState, UserStateChangedOn
<# requests:
GET /v1.0/users?$top=100&$filter=externalUserState eq 'PendingAcceptance'
#>
<# prints:
DisplayName  : Carla Conti
UserPrincipalName  : carla_fabrikam.com#EXT#@contoso.onmicrosoft.com
UserState  : PendingAcceptance
UserStateChangedOn : {time}
DisplayName  : Paul Pending
UserPrincipalName  : paul_fabrikam.com#EXT#@contoso.onmicrosoft.com
UserState  : PendingAcceptance
UserStateChangedOn : {time}
#>
