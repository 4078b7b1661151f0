Connect-AzureAD | Out-Null
Get-AzureADUser -Filter "userType eq 'Guest' and startswith(surname,'Al')" | Set-AzureADUser -ShowInAddressList $true
Get-AzureADUser -ObjectId '10000000-0000-4000-8000-000000000001' | Select-Object DisplayName, ShowInAddressList
<# requests:
GET /v1.0/users?$top=100&$filter=userType eq 'Guest' and startsWith(surname,'Al')
PATCH /v1.0/users/user-01 {"showInAddressList":true}
PATCH /v1.0/users/{id} {"showInAddressList":true}
GET /v1.0/users/user-01
#>
<# prints:
DisplayName  ShowInAddressList
-----------  -----------------
Alice Alvarez  True
#>
