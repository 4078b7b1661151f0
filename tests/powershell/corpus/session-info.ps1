$null = Connect-AzureAD
Get-AzureADCurrentSessionInfo
$info = Get-AzureADCurrentSessionInfo
if ($info.Account.Id -like '*@contoso.com') { "$($info.Account.Id) of $($info.TenantDomain)" }
<# requests:
#>
<# prints:
Account  Environment  TenantId  TenantDomain AccountType
-------  -----------  --------  ------------ -----------
ada@contoso.com sandbox {host} {id} contoso.com  User
ada@contoso.com of contoso.com
#>
