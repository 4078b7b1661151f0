$null = Connect-AzureAD
Get-AzureADUser -All $true | Where-Object { $_.UserType -eq 'Guest' -and $_.UserState -eq 'PendingAcceptance' } | Sort-Object DisplayName |
    Select-Object -First 3 -Property DisplayName, Mail, UserState | Format-Table -AutoSize
(Get-AzureADUser -All $true | ? { $_.CreationType -eq 'Invitation' }).Count
<# requests:
GET /v1.0/users?$top=999
GET /v1.0/users?$top=999
#>
<# prints:
DisplayName  Mail  UserState
-----------  ----  ---------
Bruno Bianchi bruno.bianchi@proseware.com PendingAcceptance
Carla Conti  carla@fabrikam.com  PendingAcceptance
David Dubois  david.dubois@proseware.com  PendingAcceptance
48
#>
