$null = Connect-AzureAD
foreach ($address in 'bob.brandt@gmail.com', 'nora@fabrikam.com', 'nobody@fabrikam.com') {
    $user = Get-AzureADUser -Filter "mail eq '$address'"
    if (-not $user) { $user = Get-AzureADUser -Filter "OtherMails eq '$address'" }
    if (-not $user) { $user = Get-AzureADUser -Filter "proxyAddresses/any(c:c eq 'SMTP:$address')" }
    "$address`: $(if ($user) { $user.DisplayName } else { 'nobody' })"
}
<# requests:
GET /v1.0/users?$top=100&$filter=mail eq 'bob.brandt@gmail.com'
GET /v1.0/users?$top=100&$filter=mail eq 'nora@fabrikam.com'
GET /v1.0/users?$top=100&$filter=otherMails/any(x:x eq 'nora@fabrikam.com')
GET /v1.0/users?$top=100&$filter=mail eq 'nobody@fabrikam.com'
GET /v1.0/users?$top=100&$filter=otherMails/any(x:x eq 'nobody@fabrikam.com')
GET /v1.0/users?$top=100&$filter=proxyAddresses/any(c:c eq 'SMTP:nobody@fabrikam.com')
#>
<# prints:
bob.brandt@gmail.com: Bob Brandt
nora@fabrikam.com: Nora Nomail
nobody@fabrikam.com: nobody
#>
