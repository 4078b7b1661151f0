Connect-AzureAD | Out-Null
Get-AzureADUser -Filter "userType eq 'Guest'" | Select-Object -First 3
<# requests:
GET /v1.0/users?$top=100&$filter=userType eq 'Guest'
#>
<# prints:
ObjectId  DisplayName  UserPrincipalName  UserType
--------  -----------  -----------------  --------
user-01 Alice Alvarez  alice_fabrikam.com#EXT#@contoso.onmicrosoft.com  Guest
user-02 Bob Brandt  bob.brandt_gmail.com#EXT#@contoso.onmicrosoft.com  Guest
user-03 Carla Conti  carla_fabrikam.com#EXT#@contoso.onmicrosoft.com  Guest
#>
