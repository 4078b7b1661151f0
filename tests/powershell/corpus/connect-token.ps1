$token = $env:GUEST_REDEMPTION_ACCESS_TOKEN
$session = Connect-AzureAD -AadAccessToken $token -AccountId 'ada@contoso.com' -TenantId 'c0ffee00-0000-4000-8000-000000000000'
"{0} in {1}" -f $session.Account, $session.Tenant
"$($session.Account.Id), $($session.Account.Type), $($session.Tenant.Domain)"
<# requests:
#>
<# prints:
ada@contoso.com in {id}
ada@contoso.com, User, contoso.com
#>
