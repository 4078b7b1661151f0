$null = Connect-AzureAD
try { $found = Get-AzureADUser -Filter "substringof('#EXT#@',UserPrincipalName)" }
catch {
    $_.Exception.ErrorContent.Message.Value
    $found = Get-AzureADUser -All $true | Where-Object { $_.UserPrincipalName -like '*#EXT#@*' }
}
$found.Count
<# requests:
GET /v1.0/users?$top=999
#>
<# prints:
Microsoft Graph has no function substringof(...) for users; read more of them and filter with Where-Object (character 1 of -Filter). Nothing was sent.
54
#>
