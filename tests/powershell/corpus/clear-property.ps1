$null = Connect-AzureAD
$id = '10000000-0000-4000-8000-000000000001'
Set-AzureADUser -ObjectId $id -Department 'Sales'
$properties = [Collections.Generic.Dictionary[[String], [String]]]::new()
$properties.Add('Department', [NullString]::Value)
Set-AzureADUser -ObjectId $id -ExtensionProperty $properties
$null -eq (Get-AzureADUser -ObjectId $id).Department
<# requests:
PATCH /v1.0/users/user-01 {"department":"Sales"}
PATCH /v1.0/users/user-01 {"department":null}
GET /v1.0/users/user-01
#>
<# prints:
True
#>
