$null = Connect-AzureAD
Get-AzureADUser -Filter "userType eq 'Guest' and startswith(displayName,'S')" -All $true |
    Select-Object ObjectId, UserPrincipalName, Mail, AccountEnabled, CreationType, UserState, UserStateChangedOn | Export-Csv .\guests.csv -NoTypeInformation
Get-Content .\guests.csv
<# requests:
GET /v1.0/users?$top=999&$filter=userType eq 'Guest' and startsWith(displayName,'S')
#>
<# prints:
"ObjectId","UserPrincipalName","Mail","AccountEnabled","CreationType","UserState","UserStateChangedOn"
"user-05","sam.smith_fabrikam.com#EXT#@contoso.onmicrosoft.com","sam.smith@fabrikam.com","True","Invitation","Accepted","{time}"
"user-06","sam.smith_northwind.com#EXT#@contoso.onmicrosoft.com","sam.smith@northwind.com","True","Invitation","Accepted","{time}"
"{id}","sven.svensson_northwind.com#EXT#@contoso.onmicrosoft.com","sven.svensson@northwind.com","True","Invitation","Accepted","{time}"
#>
