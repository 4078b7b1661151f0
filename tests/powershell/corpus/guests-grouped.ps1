$null = Connect-AzureAD
Get-AzureADUser -All:$true | Group-Object UserType, UserState | Sort-Object Name | ForEach-Object { "$($_.Name): $($_.Count)" }
<# requests:
GET /v1.0/users?$top=999
#>
<# prints:
Guest: 2
Guest, Accepted: 41
Guest, PendingAcceptance: 12
Member: 2
Member, Accepted: 1
#>
