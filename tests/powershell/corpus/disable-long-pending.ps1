$null = Connect-AzureAD
$limit = (Get-Date).ToUniversalTime().AddDays(-7).ToString('yyyy-MM-ddT00:00:00Z')
Get-AzureADUser -All $true -Filter "userState eq 'PendingAcceptance' and userStateChangedOn le datetime'$limit'" |
    Where-Object { $_.Mail -like 'c*' } | Set-AzureADUser -AccountEnabled $false
Get-AzureADUser -Filter "accountEnabled eq false" | ForEach-Object DisplayName
<# requests:
GET /v1.0/users?$top=999&$filter=externalUserState eq 'PendingAcceptance' and externalUserStateChangeDateTime le {time}
PATCH /v1.0/users/user-03 {"accountEnabled":false}
GET /v1.0/users?$top=100&$filter=accountEnabled eq false
#>
<# prints:
Carla Conti
Berta Blocked
#>
