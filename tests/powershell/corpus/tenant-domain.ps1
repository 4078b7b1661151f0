$null = Connect-AzureAD
$initial = (Get-AzureADTenantDetail).VerifiedDomains | Where-Object Initial -eq $true
$upn = 'alice@fabrikam.com'.Replace('@', '_') + '#EXT#@' + $initial.Name
(Get-AzureADUser -ObjectId $upn).DisplayName
((Get-AzureADTenantDetail).VerifiedDomains | Where-Object { $_._Default }).Name
((Get-AzureAdTenantDetail).VerifiedDomains)[0].Name
<# requests:
GET /v1.0/organization
GET /v1.0/users/alice_fabrikam.com#EXT#@contoso.onmicrosoft.com
GET /v1.0/organization
GET /v1.0/organization
#>
<# prints:
Alice Alvarez
contoso.com
contoso.onmicrosoft.com
#>
