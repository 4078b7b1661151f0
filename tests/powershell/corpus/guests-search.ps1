$null = Connect-AzureAD
Get-AzureADUser -SearchString 'sam'
<# requests:
GET /v1.0/users?$top=100&$filter=startsWith(displayName,'sam') or startsWith(userPrincipalName,'sam')
#>
<# prints:
ObjectId  DisplayName  UserPrincipalName  UserType
--------  -----------  -----------------  --------
user-05 Sam Smith  sam.smith_fabrikam.com#EXT#@contoso.onmicrosoft.com  Guest
user-06 Sam Smith  sam.smith_northwind.com#EXT#@contoso.onmicrosoft.com  Guest
#>
