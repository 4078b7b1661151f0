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
    $null = Assert-ErrorId 'ConflictingOptions,Get-GuestRedemption' { Get-GuestRedemption -Stale 30 -State accepted @args }
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

# "address: why" for each address that will open the account
function Get-Opening([hashtable] $With) { (Test-GuestRedemption @With).WillOpen | ForEach-Object { "$($_.Email): $($_.Why)" } }

It 'tells who will be able to open the account afterwards, and why' {
    $to = @{ UserId = $alice; NewEmail = 'alice@tailspin.com' }
    $plan = Test-GuestRedemption @to
    Assert-Equal 'GuestRedemption.Opener' $plan.WillOpen[0].GetType().FullName
    Assert-Equal "$($plan.Opens)" "$($plan.WillOpen.Email)"
    Assert-Equal 'alice@tailspin.com: NewMail|alice@fabrikam.com: ProxyAddresses' ((Get-Opening $to) -join '|')
    Assert-Equal 'alice@tailspin.com: NewMail|alice@fabrikam.com: OldMailKept ProxyAddresses' ((Get-Opening ($to + @{ OldAddress = 'Keep' })) -join '|')
    Assert-Equal 'alice@tailspin.com: NewMail|alice@fabrikam.com: ProxyAddresses' ((Get-Opening ($to + @{ OldAddress = 'Remove' })) -join '|')
    Assert-Equal 'alice@tailspin.com: NewOtherMail|alice@fabrikam.com: Mail ProxyAddresses' ((Get-Opening ($to + @{ Address = 'OtherMails' })) -join '|')
    Assert-Equal 'alice@tailspin.com: Invitation|alice@fabrikam.com: Mail ProxyAddresses' ((Get-Opening ($to + @{ Address = 'None' })) -join '|')
    Assert-Equal 'alice@fabrikam.com: Mail ProxyAddresses' ((Get-Opening @{ UserId = $alice }) -join '|')
    Assert-Equal 'ALICE@fabrikam.com: Mail ProxyAddresses' ((Get-Opening @{ UserId = $alice; NewEmail = 'ALICE@fabrikam.com' }) -join '|')
    $sam = '10000000-0000-4000-8000-000000000005'
    Assert-Equal 'sam.smith@fabrikam.com: Mail ProxyAddresses|sam.shared@fabrikam.com: OtherMails' ((Get-Opening @{ UserId = $sam }) -join '|')
    # its own other address takes the place of mail, where the old one is to go
    $null = Reset-GuestRedemption @to -Address OtherMails -Force -WarningAction SilentlyContinue
    Assert-Equal 'alice@tailspin.com: OtherMails|alice@fabrikam.com: Mail ProxyAddresses' ((Get-Opening $to) -join '|')
    Assert-Equal 'alice@tailspin.com: NewMail OtherMails|alice@fabrikam.com: ProxyAddresses' ((Get-Opening ($to + @{ OldAddress = 'Remove' })) -join '|')
}

It 'what a plan foretells is what the guest then holds' {
    foreach ($with in @{}, @{ OldAddress = 'Keep' }, @{ OldAddress = 'Remove' }, @{ Address = 'OtherMails' }, @{ Address = 'OtherMails'; OldAddress = 'Remove' }) {
        Restore-Sandbox
        $foretold = (Test-GuestRedemption $alice alice@tailspin.com @with).WillOpen
        $guest = (Reset-GuestRedemption $alice alice@tailspin.com @with -Force -WarningAction SilentlyContinue).GuestAfter
        foreach ($opener in $foretold) {
            Assert-Equal (($opener.Why -match '^(NewMail|Mail)$').Count -gt 0) ($guest.Mail -eq $opener.Email) "mail, $($with.Values), $opener"
            Assert-Equal (($opener.Why -match '^(NewOtherMail|OldMailKept|OtherMails)$').Count -gt 0) ($guest.OtherMails -contains $opener.Email) "otherMails, $($with.Values), $opener"
        }
        $held = @($guest.Mail) + $guest.OtherMails + ($guest.ProxyAddresses -replace '^smtp:') | Sort-Object -Unique
        Assert-Equal "$held" "$($foretold.Email | Sort-Object)" "$($with.Values)"
    }
}

It 'tells which dynamic groups may let go' {
    $groups = (Test-GuestRedemption $alice alice@tailspin.com).DynamicGroups
    Assert-Equal 'Fabrikam People' "$($groups.DisplayName)"
    Assert-Equal 0 (Test-GuestRedemption $alice).DynamicGroups.Count 'nothing changes'
    Assert-Equal 0 (Test-GuestRedemption $bob bob@tailspin.com).DynamicGroups.Count 'no rule reads it'
}

It 'has table and list views' {
    Assert-Match 'DisplayName\s+Mail\s+State\s+Since' (Get-GuestRedemption $alice | Out-String -Width 200)
    Assert-Match '(?m)^SignsInWith\s+: ExternalAzureAD' (Get-GuestRedemption $alice | Format-List | Out-String)
    Assert-Match 'DisplayName\s+OldEmail\s+NewEmail\s+CanReset' (Test-GuestRedemption $bob | Out-String -Width 200)
}

It 'shows all of a plan in its list, a line for each thing' {
    $shown = Test-GuestRedemption $alice alice@tailspin.com | Format-List | Out-String -Width 300
    foreach ($line in @(
            'Steps\s+: address: set mail to alice@tailspin\.com\r?\n\s+invite: .*\r?\n\s+verify: '
            "Warnings\s+: DYNAMIC_GROUP: the rule .*: group 'Fabrikam People' \(30.*\)\. Adapt the rule"
            "WillOpen\s+: alice@tailspin\.com: becomes the guest's mail\r?\n\s+alice@fabrikam\.com: is in proxyAddresses, which"
            'DynamicGroups\s+: Fabrikam People \('
            'Rights\s+: address: yes \(.*\)\r?\n\s+invite: yes'
            'NotChecked\s+: in a multitenant organization .*\r?\n\s+with automatic'
        )) { Assert-Match "(?m)^$line" $shown }
    Assert-NoMatch '(?m)^Obstacles' $shown
    $refused = Test-GuestRedemption $ines | Format-List | Out-String -Width 300
    Assert-Match '(?m)^Obstacles\s+: INTERNAL_USER: ines@contoso\.com .* external one\. Check that the right user is named' $refused
    Assert-NoMatch '(?m)^(Warnings|DynamicGroups|NotChecked)' $refused
}

exit $failures
