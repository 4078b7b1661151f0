$null = Connect-AzureAD
$since = (Get-Date).AddDays(-30)
$guests = Get-AzureADUser -Top 5 | Select-Object DisplayName, @{ N = 'Created'; E = { $_.ExtensionProperty["createdDateTime"] } }
@($guests | Where-Object { [datetime]$_.Created -gt $since }).Count
$guests | Format-Table
<# requests:
GET /v1.0/users?$top=5
#>
<# prints:
0
DisplayName  Created
-----------  -------
Alice Alvarez  {time}
Bob Brandt  {time}
Carla Conti  {time}
Dmitri O'Brien {time}
Sam Smith  {time}
#>
