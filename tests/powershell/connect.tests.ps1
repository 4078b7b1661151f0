. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"

It 'variables set with $env: reach the library' {
    $token = Get-Token @{ kind = 'user' }
    Use-Environment @{} { $null = Assert-ErrorId 'NotSignedIn,Get-GuestRedemption' { Get-GuestRedemption $alice @args } }
    Use-Environment @{ GUEST_REDEMPTION_ACCESS_TOKEN = $token } { Assert-Equal 'Alice Alvarez' (Get-GuestRedemption $alice).DisplayName }
}

It 'tells to connect when not signed in' {
    Use-Environment @{} {
        $refused = Assert-ErrorId 'NotSignedIn,Reset-GuestRedemption' { Reset-GuestRedemption $alice -Force @args }
        Assert-Match 'Connect-GuestRedemption' $refused.ErrorDetails.RecommendedAction
        Assert-Match 'Connect-GuestRedemption' "$refused"
        $null = Assert-ErrorId 'NotSignedIn,Connect-GuestRedemption' { Connect-GuestRedemption @args }
    }
}

It 'connects with a token, as a string or a SecureString' {
    $token = Get-Token @{ kind = 'user' }
    Use-Environment @{} {
        $context = Connect-GuestRedemption -AccessToken $token
        Assert-Equal 'GuestRedemption.PowerShell.ConnectionContext' $context.GetType().FullName
        Assert-Equal 'user' $context.AccountType
        Assert-Match 'sandbox 127\.0\.0\.1' $context.Environment
        Assert-True ($context.Permissions -contains 'User.Invite.All') 'permissions are told'
        Assert-Equal 'Alice Alvarez' (Get-GuestRedemption $alice).DisplayName
        $secure = [Net.NetworkCredential]::new('', $token).SecurePassword
        Assert-Equal $context.Account (Connect-GuestRedemption -AccessToken $secure).Account
        Assert-NoMatch ([regex]::Escape($token)) (Get-GuestRedemptionContext | Format-List * | Out-String)
    }
}

It 'connects with a client secret' {
    $tenant, $client, $secret = $env:AZURE_TENANT_ID, $env:AZURE_CLIENT_ID, $env:AZURE_CLIENT_SECRET
    Use-Environment @{} {
        $context = Connect-GuestRedemption -TenantId $tenant -ClientId $client -ClientSecret $secret
        Assert-Equal 'app' $context.AccountType
        Assert-Equal $tenant $context.TenantId
        $refused = Assert-ErrorId 'CredentialRejected,Connect-GuestRedemption' { Connect-GuestRedemption -TenantId $tenant -ClientId $client -ClientSecret 'wrong-secret-value' @args }
        Assert-Equal 'AuthenticationError' "$($refused.CategoryInfo.Category)"
        Assert-NoMatch 'wrong-secret-value' ($refused | Format-List * -Force | Out-String)
        Assert-Equal $context.SessionId (Get-GuestRedemptionContext).SessionId 'a failed sign-in leaves the connection as it was'
    }
}

It 'connects from the environment' {
    Assert-Equal 'app' (Connect-GuestRedemption).AccountType
    Disconnect-GuestRedemption
    Assert-True ($null -eq (Get-GuestRedemptionContext)) 'no context after Disconnect-GuestRedemption'
    Disconnect-GuestRedemption
}

It 'has a list view and a table view of the connection' {
    $context = Connect-GuestRedemption
    Assert-Match '(?m)^Environment\s+: sandbox 127' ($context | Out-String)
    Assert-Match 'Account\s+AccountType\s+TenantId\s+Environment\s+ExpiresAt' ($context | Format-Table | Out-String -Width 200)
    Disconnect-GuestRedemption
}

It 'tells an expired token' {
    $token = Get-Token @{ kind = 'user'; expires_in = -60 }
    Use-Environment @{} { $null = Assert-ErrorId 'TokenExpired,Connect-GuestRedemption' { Connect-GuestRedemption -AccessToken $token @args } }
}

It 'starts a sandbox, connects to it and ends it' {
    if (-not $env:GUEST_REDEMPTION_TEST_SANDBOX) { return 'skipped: the program guest-redemption-sandbox was not built' }
    $context = Connect-GuestRedemption -Sandbox
    $process = Get-Process -Id $context.Sandbox.ProcessId
    Assert-True ($context.Sandbox.Url -ne $sandbox) 'it is one of its own'
    Assert-Equal $context.GraphUrl.TrimEnd('/') $context.Sandbox.Url
    Assert-True (@(Get-GuestRedemption).Count -ge 30) 'it holds guests'
    Disconnect-GuestRedemption
    Assert-True $process.WaitForExit(3000) 'the program ends'
}

It 'is one connection for all runspaces' {
    $context = Connect-GuestRedemption
    $seen = 1..2 | ForEach-Object -Parallel { Import-Module "$using:modules/GuestRedemption"; (Get-GuestRedemptionContext).SessionId }
    Assert-Equal "$($context.SessionId) $($context.SessionId)" "$seen"
    Disconnect-GuestRedemption
}

It 'ends the connection with the module' {
    $null = Connect-GuestRedemption
    Remove-Module GuestRedemption
    Assert-True ($null -eq [GuestRedemption.PowerShell.Connection]::Current) 'disconnected'
    Import-Module "$modules/GuestRedemption"
}

exit $failures
