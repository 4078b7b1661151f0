Connect-AzureAD -Tenant 'c0ffee00-0000-4000-8000-000000000000' | Select-Object TenantId, TenantDomain, AccountType
<# requests:
#>
<# prints:
TenantId  TenantDomain AccountType
--------  ------------ -----------
{id} contoso.com  User
#>
