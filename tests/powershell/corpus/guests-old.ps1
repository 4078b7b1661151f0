$null = Connect-AzureAD
$old = 0
foreach ($guest in Get-AzureADUser -All $true -Filter "UserType eq 'Guest'") {
    $created = $guest.ExtensionProperty.createdDateTime
    $age = ($created | New-TimeSpan).Days
    if ($age -gt 365) { $old++ }
}
"$old guests are older than a year"
<# requests:
GET /v1.0/users?$top=999&$filter=userType eq 'Guest'
#>
<# prints:
55 guests are older than a year
#>
