$null = Connect-AzureAD
$upn = "d.o'brien_fabrikam.com#EXT#@contoso.onmicrosoft.com"
(Get-AzureADUser -Filter "userPrincipalName eq '$($upn -replace "'", "''")'").DisplayName
(Get-AzureADUser -ObjectId $upn).ObjectId
<# requests:
GET /v1.0/users?$top=100&$filter=userPrincipalName eq 'd.o''brien_fabrikam.com#EXT#@contoso.onmicrosoft.com'
GET /v1.0/users/d.o'brien_fabrikam.com#EXT#@contoso.onmicrosoft.com
#>
<# prints:
Dmitri O'Brien
user-04
#>
