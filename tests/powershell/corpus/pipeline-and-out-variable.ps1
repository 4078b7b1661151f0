$null = Connect-AzureAD
Get-AzureADUser -Filter "userType eq 'Guest'" -Top 3 -PipelineVariable guest -OutVariable guests | ForEach-Object { "$($guest.UserPrincipalName) $($_.UserState)" }
$guests.Count
<# requests:
GET /v1.0/users?$top=3&$filter=userType eq 'Guest'
#>
<# prints:
alice_fabrikam.com#EXT#@contoso.onmicrosoft.com Accepted
bob.brandt_gmail.com#EXT#@contoso.onmicrosoft.com Accepted
carla_fabrikam.com#EXT#@contoso.onmicrosoft.com PendingAcceptance
3
#>
