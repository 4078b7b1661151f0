try { $null = Get-AzureADCurrentSessionInfo -ErrorAction Stop }
catch { $null = Connect-AzureAD }
(Get-AzureADCurrentSessionInfo).TenantDomain
<# requests:
#>
<# prints:
contoso.com
#>
