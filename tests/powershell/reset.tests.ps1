. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
$PSDefaultParameterValues = @{ '*:WarningAction' = 'SilentlyContinue' }

It 'resets a guest to a new address and keeps the object' {
    $result = Reset-GuestRedemption alice@fabrikam.com alice@tailspin.com -Verify Full -Force
    Assert-Equal 'GuestRedemption.ResetResult' $result.GetType().FullName
    Assert-Equal 'done' $result.Outcome
    Assert-Equal $alice $result.UserId
    Assert-Equal 'alice@fabrikam.com' $result.OldEmail
    Assert-Equal 'alice@tailspin.com' $result.GuestAfter.Mail
    Assert-Equal 'PendingAcceptance' $result.State
    Assert-Equal 0 $result.Groups.Lost.Count 'groups lost'
    Assert-Equal 0 $result.AppAssignments.Lost.Count 'app assignments lost'
    Assert-Match '^http' $result.InviteRedeemUrl
    Assert-Equal 0 @((Get-SandboxState).mails).Count 'mails'
}

It 'sends one mail when asked to, with the text, language and recipient' {
    $result = Reset-GuestRedemption $bob -SendInvitationMessage -MessageLanguage nl-NL -CcRecipient boss@contoso.com -Force
    Assert-Equal 'done' $result.Outcome
    $mails = @((Get-SandboxState).mails)
    Assert-Equal 1 $mails.Count 'mails'
    Assert-Equal 'bob.brandt@gmail.com' $mails[0].to
    Assert-Equal 'nl-NL' $mails[0].language
}

It 'keeps the redeem URL out of every view' {
    $result = Reset-GuestRedemption $bob -Force
    foreach ($view in ($result | Out-String), ($result | Format-List | Out-String), ((Get-GuestRedemption $bob), $result | Out-String)) {
        Assert-Match 'bob.brandt@gmail.com' $view
        Assert-NoMatch 'redeem\?|InviteRedeemUrl' $view
    }
}

It '-WhatIf sends nothing that writes' {
    $null = Reset-GuestRedemption $alice alice@tailspin.com -SendInvitationMessage -WhatIf
    $null = Reset-GuestRedemption $alice alice@tailspin.com -Force -WhatIf
    $null = & { $WhatIfPreference = $true; Reset-GuestRedemption $alice -Force }
    $state = Get-SandboxState
    Assert-Equal 0 $state.writes 'writes'
    Assert-Equal 0 @($state.requests | Where-Object { $_.method -ne 'GET' -and $_.path -notmatch 'token' }).Count 'requests other than GET'
}

It 'asks before it writes, naming tenant, guest, addresses and mail' {
    $script = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$modules/GuestRedemption'; Reset-GuestRedemption $alice alice@tailspin.com -SendInvitationMessage"
    $shown = 'N' | & pwsh -NoProfile -Command $script 2>&1 | Out-String
    foreach ($part in 'Alice Alvarez', 'alice_fabrikam\.com#EXT#', $alice, 'alice@fabrikam\.com -> alice@tailspin\.com', 'invitation mail is sent', 'c0ffee00', 'sandbox 127\.0\.0\.1') {
        Assert-Match $part ($shown -replace '\s*\r?\n\s*', ' ')
    }
    Assert-Equal 0 (Get-SandboxState).writes 'writes'
    $null = 'Y' | & pwsh -NoProfile -Command $script 2>&1
    Assert-Equal 1 @((Get-SandboxState).mails).Count 'mails'
}

It 'asks once for all when told so' {
    $script = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$modules/GuestRedemption'; '$alice', '$bob' | Reset-GuestRedemption | ForEach-Object Outcome"
    $shown = 'A' | & pwsh -NoProfile -Command $script 2>&1 | Out-String
    Assert-Equal 1 ([regex]::Matches($shown, 'Continue\?').Count) 'prompts'
    Assert-Equal 2 @((Get-SandboxState).requests | Where-Object { $_.method -eq 'POST' -and $_.path -match '/invitations' }).Count 'resets'
}

It 'shows how far it is when several guests are piped, and closes that' {
    $shell = [PowerShell]::Create().AddScript("Import-Module '$modules/GuestRedemption'; '$alice', 'nobody@fabrikam.com', '$bob' | Reset-GuestRedemption -Force")
    $null = $shell.Invoke()
    $shown = $shell.Streams.Progress | ForEach-Object { "$($_.StatusDescription) $($_.RecordType)" }
    Assert-Equal "Guest 2: nobody@fabrikam.com Processing|Guest 3: $bob Processing|Guest 3: $bob Completed" ($shown -join '|')
    $shell = [PowerShell]::Create().AddScript("Import-Module '$modules/GuestRedemption'; '$bob' | Reset-GuestRedemption -Force")
    $null = $shell.Invoke()
    Assert-Equal 0 $shell.Streams.Progress.Count 'one guest'
}

It 'does not warn that nothing was seen where nothing was looked for' {
    $result = Reset-GuestRedemption $bob -Verify none -Force -WarningVariable warned
    Assert-Equal 'accepted_unverified' $result.Outcome
    Assert-Equal 0 $warned.Count 'warnings'
}

It 'warns of what is left of a removed address' {
    $result = Reset-GuestRedemption $bob bob@tailspin.com -OldAddress Remove -Force -WarningVariable warned
    Assert-Equal 'proxyAddresses' "$($result.RemovedPartly.StillIn)"
    Assert-Match 'Bob Brandt: bob\.brandt@gmail\.com is still in proxyAddresses.*Exchange Online' "$warned"
}

It 'does not ask with -Confirm:$false' {
    Assert-Equal 'done' (Reset-GuestRedemption $bob -Confirm:$false).Outcome
}

It 'gives each bad input its own error, and writes nothing' {
    $null = Assert-ErrorId 'InvalidUserId,Reset-GuestRedemption' { Reset-GuestRedemption 'Alice Alvarez' -Force @args }
    $null = Assert-ErrorId 'EmptyAddress,Reset-GuestRedemption' { Reset-GuestRedemption $alice '' -Force @args }
    $null = Assert-ErrorId 'MalformedAddress,Reset-GuestRedemption' { Reset-GuestRedemption $alice 'alice@' -Force @args }
    $null = Assert-ErrorId 'MessageTooLong,Reset-GuestRedemption' { Reset-GuestRedemption $alice -SendInvitationMessage -CustomizedMessageBody ('x' * 20000) -Force @args }
    $null = Assert-ErrorId 'ConflictingOptions,Reset-GuestRedemption' { Reset-GuestRedemption $alice -SendInvitationMessage -CustomizedMessageBody 'Hi' -MessageLanguage nl-NL -Force @args }
    $null = Assert-ErrorId 'GuestNotFound,Reset-GuestRedemption' { Reset-GuestRedemption nobody@fabrikam.com -Force @args }
    $several = Assert-ErrorId 'SeveralMatches,Reset-GuestRedemption' { Reset-GuestRedemption sam.shared@fabrikam.com -Force @args }
    Assert-Equal 2 $several.Exception.Objects.Count 'objects'
    $null = Assert-ErrorId 'InternalUser,Reset-GuestRedemption' { Reset-GuestRedemption $ines -Force @args }
    $null = Assert-ErrorId 'InternalGuest,Reset-GuestRedemption' { Reset-GuestRedemption $gus -Force @args }
    $null = Assert-ErrorId 'ExternalUnclear,Reset-GuestRedemption' { Reset-GuestRedemption $uma -Force @args }
    $null = Assert-ErrorId 'AddressInUse,Reset-GuestRedemption' { Reset-GuestRedemption $alice kontakt@tailspin.com -Force @args }
    $null = Assert-ErrorId 'InvalidUserId,Reset-GuestRedemption' { Reset-GuestRedemption "alice@fabrikam.com`0" -Force @args }
    Assert-Equal 0 (Get-SandboxState).writes 'writes'
}

It 'fills in category, target and recommended action' {
    $refused = Assert-ErrorId 'GuestNotFound,Reset-GuestRedemption' { Reset-GuestRedemption nobody@fabrikam.com -Force @args }
    Assert-Equal 'ObjectNotFound' "$($refused.CategoryInfo.Category)"
    Assert-Equal 'nobody@fabrikam.com' $refused.TargetObject
    Assert-True $refused.ErrorDetails.RecommendedAction 'a recommended action'
    Assert-Equal 'GUEST_NOT_FOUND' $refused.Exception.Status
    Set-Fault POST /invitations @{ respond = @{ status = 403; body = '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}' } }
    $denied = Assert-ErrorId 'AccessDenied,Reset-GuestRedemption' { Reset-GuestRedemption $bob -Force @args }
    Assert-Equal 'PermissionDenied' "$($denied.CategoryInfo.Category)"
    Assert-Equal 403 $denied.Exception.HttpStatus
}

It 'goes on after an error of one item' {
    $errors = @()
    $results = @('nobody@fabrikam.com', $alice, $ines, $bob | Reset-GuestRedemption -Force -ErrorAction SilentlyContinue -ErrorVariable errors)
    Assert-Equal "$alice $bob" "$($results.UserId)"
    Assert-Equal 'GuestNotFound,Reset-GuestRedemption InternalUser,Reset-GuestRedemption' "$($errors.FullyQualifiedErrorId)"
}

It 'ends the pipeline when the sign-in is refused' {
    $null = Connect-GuestRedemption -AccessToken (Get-Token @{ kind = 'user' })
    try {
        Set-Fault GET /users @{ respond = @{ status = 401; body = '{"error":{"code":"InvalidAuthenticationToken","message":"Access token has expired or is not yet valid."}}' } } -Times 9
        $caught = $null
        try { $alice, $bob | Reset-GuestRedemption -Force -ErrorAction SilentlyContinue } catch { $caught = $_ }
        Assert-True $caught 'a terminating error'
        Assert-Equal 'AuthenticationError' "$($caught.CategoryInfo.Category)"
    }
    finally { Disconnect-GuestRedemption }
}

It 'takes guests by Id, ObjectId, UserId, UserPrincipalName and from CSV' {
    foreach ($column in 'Id', 'ObjectId', 'UserId') {
        Assert-Equal $bob ([pscustomobject]@{ $column = $bob; Mail = 'x@y.example' } | Test-GuestRedemption).UserId $column
        Assert-Equal $bob ([pscustomobject]@{ $column = [guid]$bob } | Test-GuestRedemption).UserId "$column as GUID"
    }
    Assert-Equal $alice ([pscustomobject]@{ UserPrincipalName = 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com' } | Test-GuestRedemption).UserId
    $rows = "UserId,NewEmail`n$alice,alice@tailspin.com`n$bob,bob@tailspin.com" | ConvertFrom-Csv
    $plans = @($rows | Test-GuestRedemption)
    Assert-Equal 'alice@tailspin.com bob@tailspin.com' "$($plans.NewEmail)"
    Assert-Equal $bob ([pscustomobject]@{ Guest = $bob } | Test-GuestRedemption -UserId { $_.Guest }).UserId 'delay-bound'
    Assert-Equal $bob (Get-GuestRedemption $bob | Test-GuestRedemption).UserId 'our own guest'
}

It 'takes no column but NewEmail for the new address' {
    $plan = [pscustomobject]@{ Id = $bob; Email = 'other@tailspin.com'; Mail = 'third@tailspin.com' } | Test-GuestRedemption
    Assert-Equal 'bob.brandt@gmail.com' $plan.NewEmail
}

It 'refuses contradictory columns, invitations and objects without a user' {
    $null = Assert-ErrorId 'ContradictoryInput,Reset-GuestRedemption' { [pscustomobject]@{ Id = $alice; ObjectId = $bob } | Reset-GuestRedemption -Force @args }
    $null = Assert-ErrorId 'ContradictoryInput,Reset-GuestRedemption' {
        [pscustomobject]@{ Id = $alice; UserPrincipalName = 'bob.brandt_gmail.com#EXT#@contoso.onmicrosoft.com' } | Reset-GuestRedemption -Force @args
    }
    $null = Assert-ErrorId 'InvitationNotAccepted,Reset-GuestRedemption' { [pscustomobject]@{ Id = $alice; InvitedUserEmailAddress = 'a@b.example'; InviteRedeemUrl = 'x' } | Reset-GuestRedemption -Force @args }
    $null = Assert-ErrorId 'NoUserColumn,Reset-GuestRedemption' { [pscustomobject]@{ Mail = 'alice@fabrikam.com' } | Reset-GuestRedemption -Force @args }
    Assert-Equal 0 (Get-SandboxState).writes 'writes'
}

It 'reports a changed address whose reset failed, with what undoes it' {
    Set-Fault POST /invitations @{ respond = @{ status = 403; body = '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}' } }
    $result = Reset-GuestRedemption $alice alice@tailspin.com -Force -ErrorAction SilentlyContinue -ErrorVariable failure
    Assert-Equal 'AddressChangedNotReset,Reset-GuestRedemption' $failure[0].FullyQualifiedErrorId
    Assert-Equal 'address_changed_not_reset' $result.Outcome
    Assert-Equal 'alice@fabrikam.com' $result.Undo.Mail
    Assert-Equal 'alice@fabrikam.com' $failure[0].Exception.Report.Undo.Mail
}

It 'undoes the address on request' {
    Set-Fault POST /invitations @{ respond = @{ status = 403; body = '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}' } }
    $null = Assert-ErrorId 'AccessDenied,Reset-GuestRedemption' { Reset-GuestRedemption $alice alice@tailspin.com -UndoOnFailure -Force @args }
    Assert-Equal 'alice@fabrikam.com' (Get-GuestRedemption $alice).Mail
}

It 'writes the address where -Address says and treats the old one as -OldAddress says' {
    $result = Reset-GuestRedemption $alice alice@tailspin.com -Address othermails -Force
    Assert-Equal 'alice@fabrikam.com' $result.GuestAfter.Mail
    Assert-True ($result.GuestAfter.OtherMails -contains 'alice@tailspin.com') 'the new address is in otherMails'
    $result = Reset-GuestRedemption $bob bob@tailspin.com -OldAddress Keep -Force
    Assert-True ($result.GuestAfter.OtherMails -contains 'bob.brandt@gmail.com') 'the old address is kept'
    $null = Assert-ErrorId 'AddressNotOnGuest,Reset-GuestRedemption' { Reset-GuestRedemption $bob bob@litware.com -Address None -Force @args }
}

It 'tells steps with -Verbose and requests with -Debug, and no secret' {
    $token = Get-Token @{ kind = 'user' }
    $null = Connect-GuestRedemption -AccessToken $token
    try {
        $all = Reset-GuestRedemption $alice alice@tailspin.com -Force -Verbose -Debug -WarningAction Continue *>&1
        $verbose = $all | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | Out-String
        $debug = $all | Where-Object { $_ -is [Management.Automation.DebugRecord] } | Out-String
        foreach ($step in 'find', 'plan', 'address', 'invite', 'verify') { Assert-Match "$step`: done" $verbose }
        Assert-Match 'POST /v1.0/invitations: 201, attempt 1' ($debug -replace '\s*\r?\n\s*', ' ')
        $url = ($all | Where-Object { $_ -is [GuestRedemption.ResetResult] }).InviteRedeemUrl
        foreach ($secret in $token, $url, 'redeem\?rd') {
            Assert-NoMatch ([regex]::Escape($secret)) ($verbose + $debug)
        }
        Set-Fault GET /users @{ respond = @{ status = 500; body = 'broken' } } -Times 9
        $failed = Reset-GuestRedemption $alice -Force -Verbose -Debug -WarningAction Continue -ErrorAction SilentlyContinue -ErrorVariable failure *>&1 | Out-String
        Assert-NoMatch ([regex]::Escape($token)) ($failed + ($failure | Format-List * -Force | Out-String))
    }
    finally { Disconnect-GuestRedemption }
}

It 'no password of a proxy is in any stream' {
    $hosts = @{ Environment = 'Custom'; GraphUrl = 'https://graph.example.com'; LoginUrl = 'https://login.example.com'; AccessToken = 'opaque-token' }
    $null = Connect-GuestRedemption @hosts -Proxy 'http://me:proxy-password@127.0.0.1:9'
    try {
        $shown = Get-GuestRedemption $alice -Verbose -Debug -ErrorAction SilentlyContinue -ErrorVariable failure *>&1 | Out-String
        $shown += $failure | Format-List * -Force | Out-String
    }
    finally { Disconnect-GuestRedemption }
    Assert-Match 'GET /v1\.0/users' $shown
    Assert-NoMatch 'proxy-password|opaque-token' $shown
}

It 'Ctrl+C ends a waiting call in under half a second' {
    Set-Fault GET /users @{ delay_ms = 20000 } -Times 3
    $shell = [PowerShell]::Create().AddScript("Import-Module '$modules/GuestRedemption'; Reset-GuestRedemption $alice -Force")
    $running = $shell.BeginInvoke()
    do { Start-Sleep -Milliseconds 100 } until ($running.IsCompleted -or @((Get-SandboxState).requests | Where-Object path -Match '/users').Count)
    Assert-True (-not $running.IsCompleted) 'the call is waiting'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $shell.Stop()
    Assert-True ($watch.ElapsedMilliseconds -lt 500) "ended in $($watch.ElapsedMilliseconds) ms"
    Assert-Equal 'Stopped' "$($shell.InvocationStateInfo.State)"
    Assert-Equal 0 (Get-SandboxState).writes 'writes'
}

exit $failures
