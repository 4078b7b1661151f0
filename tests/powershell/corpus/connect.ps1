Connect-AzureAD
<# requests:
#>
<# prints:
Account  Environment  TenantId  TenantDomain AccountType
-------  -----------  --------  ------------ -----------
ada@contoso.com sandbox {host} {id} contoso.com  User
#>
