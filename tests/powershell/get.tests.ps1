. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"

It 'lists guests with state and how they sign in' {
    $guests = @(Get-GuestRedemption)
    Assert-True ($guests.Count -ge 40) "at least 40 guests, got $($guests.Count)"
    Assert-Equal 'GuestRedemption.Guest' $guests[0].GetType().FullName
    $byId = @{}
    foreach ($guest in $guests) { $byId[$guest.Id] = $guest }
    Assert-Equal 'ExternalAzureAD' $byId[$alice].SignsInWith
    Assert-Equal 'google.com' $byId[$bob].SignsInWith
    Assert-True (-not $byId.ContainsKey($ines)) 'internal users are not listed'
    Assert-True ($byId[$alice].StateChanged.Kind -eq 'Utc') 'times are UTC'
}

It 'filters by state, domain and age' {
    $pending = @(Get-GuestRedemption -State PendingAcceptance)
    Assert-Equal 'PendingAcceptance' "$($pending.State | Select-Object -Unique)"
    foreach ($guest in Get-GuestRedemption -Domain fabrikam.com) {
        Assert-Match '@fabrikam\.com' "$($guest.Mail) $($guest.OtherMails)"
    }
    Assert-True (@(Get-GuestRedemption -Domain '@FABRIKAM.com').Count -gt 3) 'a domain in capitals and with @'
    Assert-Equal 0 @(Get-GuestRedemption -Domain brikam.com).Count 'part of a domain'
    Assert-Equal $pending.Count @(Get-GuestRedemption -Stale 1).Count 'pending for more than a day'
    Assert-Equal 0 @(Get-GuestRedemption -Stale 3650).Count 'pending for ten years'
    Assert-Equal $pending.Count @(Get-GuestRedemption -Stale ([TimeSpan]::FromHours(1))).Count
    $null = Assert-ErrorId 'ConflictingOptions,Get-GuestRedemption' { Get-GuestRedemption -Stale 30 -State Accepted @args }
}

It 'finds one guest by id, name, address and odd name' {
    foreach ($name in $alice, 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com', 'alice@fabrikam.com', 'ALICE@fabrikam.com') {
        Assert-Equal $alice (Get-GuestRedemption $name).Id $name
    }
    Assert-Equal "Dmitri O'Brien" (Get-GuestRedemption "d.o'brien@fabrikam.com").DisplayName
    Assert-Equal "Dmitri O'Brien" (Get-GuestRedemption "d.o'brien_fabrikam.com#EXT#@contoso.onmicrosoft.com").DisplayName
    $null = Assert-ErrorId 'GuestNotFound,Get-GuestRedemption' { Get-GuestRedemption nobody@fabrikam.com @args }
    $null = Assert-ErrorId 'SeveralMatches,Get-GuestRedemption' { Get-GuestRedemption sam.shared@fabrikam.com @args }
}

It 'plans without changing anything' {
    $plan = Test-GuestRedemption $alice alice@tailspin.com
    Assert-Equal 'GuestRedemption.Plan' $plan.GetType().FullName
    Assert-True $plan.CanReset 'the plan can be done'
    Assert-Equal 'address invite verify' "$($plan.Steps.Step)"
    Assert-True ($plan.Opens -contains 'alice@tailspin.com') 'the new address opens the account'
    Assert-Equal 0 (Get-SandboxState).writes 'writes'
}

It 'tells obstacles in the plan, not as errors' {
    $plan = Test-GuestRedemption $ines
    Assert-Equal $false $plan.CanReset
    Assert-Equal 'INTERNAL_USER' $plan.Obstacles[0].Code
    Assert-True $plan.Obstacles[0].Remedy 'a remedy'
    $taken = Test-GuestRedemption $alice kontakt@tailspin.com
    Assert-Equal 'ADDRESS_IN_USE' @($taken.Obstacles | Where-Object Refuses)[0].Code
    $null = Assert-ErrorId 'GuestNotFound,Test-GuestRedemption' { Test-GuestRedemption nobody@fabrikam.com @args }
}

It 'fails when the plan could not be made' {
    Set-Fault GET /users @{ respond = @{ status = 503; body = '' } } -Times 99
    $null = Assert-ErrorId 'ServiceFault,Test-GuestRedemption' { Test-GuestRedemption $alice @args }
}

It 'has table and list views' {
    Assert-Match 'DisplayName\s+Mail\s+State\s+Since' (Get-GuestRedemption $alice | Out-String -Width 200)
    Assert-Match 'DisplayName\s+OldEmail\s+NewEmail\s+CanReset' (Test-GuestRedemption $bob | Out-String -Width 200)
    Assert-Match '(?s)Steps\s+:.*Opens\s+:' (Test-GuestRedemption $bob | Format-List | Out-String)
}

exit $failures
