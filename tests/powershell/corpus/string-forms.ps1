$null = Connect-AzureAD
$user = Get-AzureADUser -ObjectId '10000000-0000-4000-8000-000000000002'
"Name: $($user.displayname), mail: $($user.MAIL), since $([datetime]$user.UserStateChangedOn -lt (Get-Date))"
$user.proxyAddresses -join ';'
$user.GetType().FullName
<# requests:
GET /v1.0/users/user-02
#>
<# prints:
Name: Bob Brandt, mail: bob.brandt@gmail.com, since True
SMTP:bob.brandt@gmail.com
Microsoft.Open.AzureAD.Model.User
#>
