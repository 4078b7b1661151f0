$null = Connect-AzureAD
$members = (Get-AzureADUser -All $true | Where-Object { $_.UserPrincipalName -like 'sam*fabrikam.com*' }).UserPrincipalName
foreach ($member in $members) { Set-AzureADUser -ObjectId $member -CompanyName 'Fabrikam' -Department 'Partners' -TelephoneNumber '+31 10 555 0000' }
Get-AzureADUser -ObjectId $members | Select-Object CompanyName, Department, TelephoneNumber
<# requests:
GET /v1.0/users?$top=999
PATCH /v1.0/users/sam.smith_fabrikam.com#EXT#@contoso.onmicrosoft.com {"companyName":"Fabrikam","department":"Partners","businessPhones":["+31 10 555 0000"]}
GET /v1.0/users/sam.smith_fabrikam.com#EXT#@contoso.onmicrosoft.com
#>
<# prints:
CompanyName Department TelephoneNumber
----------- ---------- ---------------
Fabrikam  Partners  +31 10 555 0000
#>
