$null = Connect-AzureAD
Disconnect-AzureAD
try { Get-AzureADUser -Top 1 }
catch { $_.FullyQualifiedErrorId }
Disconnect-AzureAD -Confirm:$false
<# requests:
#>
<# prints:
Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException,Microsoft.Open.AzureAD16.PowerShell.GetUser
#>
