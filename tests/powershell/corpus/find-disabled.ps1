$null = Connect-AzureAD
Get-AzureADUser -Filter "accountEnabled eq false and not startswith(displayName,'Z')" | Select-Object DisplayName, AccountEnabled
Get-AzureADUser -Filter "userType ne 'Guest'" | Select-Object -ExpandProperty UserPrincipalName
<# requests:
GET /v1.0/users?$top=100&$filter=accountEnabled eq false and not (startsWith(displayName,'Z'))&$count=true
GET /v1.0/users?$top=100&$filter=userType ne 'Guest'&$count=true
#>
<# prints:
DisplayName  AccountEnabled
-----------  --------------
Berta Blocked  False
ines@contoso.com
xenia_fabrikam.com#EXT#@contoso.onmicrosoft.com
ada@contoso.com
#>
