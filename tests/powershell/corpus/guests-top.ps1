$null = Connect-AzureAD
Get-AzureADUser -Top 2
<# requests:
GET /v1.0/users?$top=2
#>
<# prints:
ObjectId  DisplayName  UserPrincipalName  UserType
--------  -----------  -----------------  --------
user-01 Alice Alvarez  alice_fabrikam.com#EXT#@contoso.onmicrosoft.com  Guest
user-02 Bob Brandt  bob.brandt_gmail.com#EXT#@contoso.onmicrosoft.com  Guest
#>
