$null = Connect-AzureAD
Get-AzureADUser -ObjectId '10000000-0000-4000-8000-00000000ffff' -ErrorVariable trouble -ErrorAction SilentlyContinue
"$($trouble.Count) error, $(if ("$trouble" -match 'Code: Request_ResourceNotFound') { 'not found' } else { $trouble })"
<# requests:
GET /v1.0/users/{id}
GET /v1.0/directory/deletedItems/{id}
#>
<# prints:
error: Microsoft.Open.AzureAD16.Client.ApiException,Microsoft.Open.AzureAD16.PowerShell.GetUser
1 error, not found
#>
