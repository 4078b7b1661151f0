$null = Connect-AzureAD
Get-AzureADUser -ObjectId '10000000-0000-4000-8000-00000000ffff'
"after it, `$? is $? and there is $($Error.Count) error"
$Error[0].CategoryInfo.Activity
<# requests:
GET /v1.0/users/{id}
GET /v1.0/directory/deletedItems/{id}
#>
<# prints:
error: Microsoft.Open.AzureAD16.Client.ApiException,Microsoft.Open.AzureAD16.PowerShell.GetUser
after it, $? is False and there is 1 error
Get-AzureADUser
#>
