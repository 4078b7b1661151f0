$null = Connect-AzureAD
$guests = Get-AzureADUser -Filter "UserType eq 'Guest'" -All 1
$guests.Count
$guests[0].mail, $guests[0].objectid -join ' '
<# requests:
GET /v1.0/users?$top=999&$filter=userType eq 'Guest'
#>
<# prints:
55
alice@fabrikam.com user-01
#>
