# Connect-AzureAD with all of its old parameter sets.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
Import-Module "$modules/GuestRedemption.AzureADPreview"

$tenant, $client = $env:AZURE_TENANT_ID, $env:AZURE_CLIENT_ID
$failed = 'Connect-AzureAD,Microsoft.Open.Azure.AD.CommonLibrary.ConnectAzureAD'

# Connects, looks at a guest with it, and disconnects.
function Connect-Once([hashtable] $With = @{}) {
    try {
        $session = Connect-AzureAD @With
        Assert-Equal $alice (Get-AzureADUser -ObjectId $alice).ObjectId
        $session
    }
    finally { Disconnect-AzureAD }
}

It 'the environment comes first' {
    $session = Connect-Once
    Assert-Equal 'ServicePrincipal' $session.AccountType
    Assert-Equal $tenant (Connect-Once @{ TenantDomain = 'contoso.com'; AccountId = 'ada@contoso.com' }).TenantId
}

It 'without one a browser opens, with tenant and account' {
    if (-not $browserIsScript) { return 'skipped' }
    Use-Environment @{} {
        Use-Browser {
            $started = Start-Shell "Import-Module '$modules/GuestRedemption.AzureADPreview'; Connect-AzureAD -Tenant contoso.com -AccountId ada@contoso.com"
            $session = $started.Shell.EndInvoke($started.Running)
            Assert-Equal '' "$($started.Shell.Streams.Error)"
            Assert-Equal 'ada@contoso.com' $session[0].Account.Id
            Assert-Equal 'User' $session[0].AccountType
            foreach ($word in 'Microsoft Graph Command Line Tools', 'sandbox 127', '/contoso.com/oauth2/', 'login_hint=ada') {
                Assert-True $started.Host.Told.Contains($word) "$word in $($started.Host.Told)"
            }
            Assert-Equal $alice (Get-AzureADUser -ObjectId $alice).ObjectId
        }
    }
}

It 'Ctrl+C ends the wait for the browser in under half a second' {
    if (-not $browserIsScript) { return 'skipped' }
    Use-Environment @{} {
        Use-Program 'xdg-open', 'open' 'exit 0' {
            $started = Start-Shell "Import-Module '$modules/GuestRedemption.AzureADPreview'; Connect-AzureAD"
            $null = Wait-Told $started 'http\S+'
            Start-Sleep -Milliseconds 300
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $started.Shell.Stop()
            Assert-True ($watch.ElapsedMilliseconds -lt 500) "ended in $($watch.ElapsedMilliseconds) ms"
            Assert-Equal 'Stopped' "$($started.Shell.InvocationStateInfo.State)"
        }
    }
}

It 'takes a certificate of the store' {
    $own = New-Certificate
    $null = Set-SignIn @{ certificate = $own.Public }
    $with = @{ TenantId = $tenant; ApplicationId = $client; CertificateThumbprint = $own.Certificate.Thumbprint }
    Use-Store $own.Certificate { Assert-Equal 'ServicePrincipal' (Connect-Once $with).AccountType }
    $missing = Assert-ErrorId $failed { Connect-AzureAD @with @args }
    Assert-Match '-CertificatePath' "$missing"
    Assert-Match 'thumbprint' "$missing"
}

It 'takes tokens as string or SecureString' {
    $token = Get-Token @{ kind = 'user' }
    Assert-Equal 'User' (Connect-Once @{ AadAccessToken = $token; AccountId = 'ada@contoso.com' }).AccountType
    Assert-Equal 'User' (Connect-Once @{ AadAccessToken = 'of the retired Azure AD Graph'; MsAccessToken = (Get-Secure $token); AccountId = 'x' }).AccountType
    $expired = Get-Token @{ kind = 'user'; expires_in = -60 }
    $refused = Assert-ErrorId $failed { Connect-AzureAD -AadAccessToken $expired -AccountId x @args }
    Assert-Match 'expired' "$refused"
    Assert-NoMatch ([regex]::Escape($expired)) ($refused | Format-List * -Force | Out-String)
}

It 'says why a password and the German cloud no longer work, and what does' {
    $password = [pscredential]::new('ada@contoso.com', (Get-Secure 'the-password'))
    $refused = Assert-ErrorId $failed { Connect-AzureAD -Credential $password @args }
    foreach ($word in 'multifactor', 'browser', 'Connect-GuestRedemption') { Assert-Match $word "$refused" }
    Assert-NoMatch 'the-password' ($refused | Format-List * -Force | Out-String)
    Assert-Match 'closed' (Assert-ErrorId $failed { Connect-AzureAD -AzureEnvironmentName AzureGermanyCloud @args })
}

It 'a sign-in of Connect-GuestRedemption serves the old cmdlets' {
    $token = Get-Token @{ kind = 'user' }
    $null = Connect-GuestRedemption -AccessToken $token
    Assert-Equal 'ada@contoso.com' (Get-AzureADCurrentSessionInfo).Account.Id
    Disconnect-AzureAD
}

exit $failures
