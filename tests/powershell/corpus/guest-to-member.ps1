$null = Connect-AzureAD
Get-AzureADUser -SearchString alice_fabrikam.com | Set-AzureADUser -UserType member
Get-AzureADUser -SearchString alice_fabrikam.com
<# requests:
GET /v1.0/users?$top=100&$filter=startsWith(displayName,'alice_fabrikam.com') or startsWith(userPrincipalName,'alice_fabrikam.com')
PATCH /v1.0/users/user-01 {"userType":"member"}
GET /v1.0/users?$top=100&$filter=startsWith(displayName,'alice_fabrikam.com') or startsWith(userPrincipalName,'alice_fabrikam.com')
#>
<# prints:
ObjectId  DisplayName  UserPrincipalName  UserType
--------  -----------  -----------------  --------
user-01 Alice Alvarez  alice_fabrikam.com#EXT#@contoso.onmicrosoft.com  member
#>
