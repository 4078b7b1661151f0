# Following a campaign: from journals and the tenant to the guests' state and the report.
. "$PSScriptRoot/harness.ps1"
. "$PSScriptRoot/journals.ps1"
Import-Module "$modules/GuestRedemption"

$folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
$tenant = $env:AZURE_TENANT_ID
$carla = '10000000-0000-4000-8000-000000000003'
$paul = '10000000-0000-4000-8000-00000000000e'
$dora = '10000000-0000-4000-8000-000000000011'

$closed = @{ kind = 'closed' }

# The directory's change time, as it writes it
function Get-Changed([string] $Id) { (Get-GuestRedemption $Id).StateChanged.ToString('yyyy-MM-dd\THH:mm:ss\Z') }

# The lines of a reset that is done now
function Invoke-Reset([string] $Id, [string] $Email, [hashtable] $More = @{}) {
    $before = Get-GuestRedemption $Id
    $null = Reset-GuestRedemption $Id $Email -Force -WarningAction SilentlyContinue
    $read = @{ state_before = $before.State; changed_before = $before.StateChanged.ToString('yyyy-MM-dd\THH:mm:ss\Z') }
    if ($before.Mail -ne $Email) { Get-AddressIntent $Id $Email $before.Mail }
    Get-Intent $Id $Email ($read + $More)
    Get-Outcome $Id $Email done @{ state_changed = Get-Changed $Id; request_ids = @('a-b') }
}
function Invoke-Redemption([string] $Id) { $null = Invoke-Control 'redeem' @{ user_id = $Id } }

It 'tells who has redeemed since, who is pending and who was not reset' {
    $records = @(Invoke-Reset $alice alice@tailspin.com @{ mail = $true }) + @(Invoke-Reset $bob bob.brandt@gmail.com) +
    @(Get-Outcome $carla carla@fabrikam.com refused @{ status = 'ADDRESS_IN_USE'; tag = 7 }) +
    @(Get-AddressIntent $paul paul@tailspin.com paul@fabrikam.com) + @(Get-Outcome $paul paul@tailspin.com address_changed_not_reset @{ status = 'ADDRESS_CHANGED_NOT_RESET'; request_ids = @('x-1', 'x-2') }) +
    @(Get-Outcome $null nobody@fabrikam.com failed @{ status = 'GUEST_NOT_FOUND'; named = @{ user = 'nobody@fabrikam.com'; email = $null } }) + @($closed)
    $journal = New-Journal "$folder/run.jsonl" $records
    Invoke-Redemption $bob
    $guests = @(Get-GuestRedemptionStatus $journal -WarningVariable warned -WarningAction SilentlyContinue)
    Assert-Equal 'Pending Redeemed NotReset AddressChangedNotReset NotReset' "$($guests.State)"
    Assert-Equal 0 $warned.Count 'warnings'
    $pending, $redeemed, $refused, $half, $unfound = $guests
    Assert-Equal 'GuestRedemption.GuestStatus' $pending.GetType().FullName
    Assert-Equal "$tenant $alice Alice Alvarez alice@tailspin.com alice@fabrikam.com True" "$($pending.TenantId) $($pending.UserId) $($pending.DisplayName) $($pending.Email) $($pending.OldEmail) $($pending.AddressChanged)"
    Assert-Equal 'done OK a-b 0' "$($pending.Outcome) $($pending.Status) $($pending.RequestIds) $($pending.Reminders)"
    Assert-Equal (Get-GuestRedemption $alice).StateChanged $pending.Since
    Assert-True ($pending.PendingFor -is [TimeSpan] -and $pending.PendingFor -ge [TimeSpan]::Zero) 'pending for a time'
    Assert-Equal '2026-11-21 17:00:00Z' $pending.LastMail.ToString('u')
    Assert-Equal $null $redeemed.LastMail 'no mail was asked for'
    Assert-Equal (Get-GuestRedemption $bob).StateChanged $redeemed.RedeemedAt
    Assert-Equal False $redeemed.AddressChanged
    Assert-Equal 'refused ADDRESS_IN_USE 7' "$($refused.Outcome) $($refused.Status) $($refused.Row)"
    Assert-Equal 'x-1 x-2' "$($half.RequestIds)"
    Assert-Equal ' nobody@fabrikam.com GUEST_NOT_FOUND' "$($unfound.UserId) $($unfound.GivenAs) $($unfound.Status)"
    Assert-Match '[\\/]run\.jsonl$' "$($half.Journal)"
    Assert-Equal $alice (Get-GuestRedemptionStatus $journal -State pending).UserId
    Assert-Equal 5 @(Get-ChildItem $folder -Filter run.jsonl | Get-GuestRedemptionStatus).Count 'files from the pipeline'
}

It 'takes a lagging read for what it is' {
    # the directory still shows the guest as it was before the reset
    $journal = New-Journal "$folder/lag.jsonl" @((Get-Intent $alice alice@fabrikam.com), (Get-Outcome $alice alice@fabrikam.com done @{ state_changed = '2098-01-01T00:00:00Z' }), $closed)
    $guest = Get-GuestRedemptionStatus $journal
    Assert-Equal 'Pending 2098' "$($guest.State) $($guest.Since.Year)"
    Assert-Equal ([TimeSpan]::Zero) $guest.PendingFor 'a clock that goes wrong'
}

It 'a guest that was pending before has redeemed only with a later change' {
    $null = Reset-GuestRedemption $paul -Force -WarningAction SilentlyContinue
    # his change time does not move
    $before = @{ state_before = 'PendingAcceptance'; changed_before = Get-Changed $paul }
    $unverified = Get-Outcome $paul paul@fabrikam.com accepted_unverified @{ state_changed = Get-Changed $paul }
    $journal = New-Journal "$folder/paul.jsonl" @((Get-Intent $paul paul@fabrikam.com $before), $unverified, $closed)
    Assert-Equal Pending (Get-GuestRedemptionStatus $journal).State
    # accepted, but nothing shows it yet
    $same = @{ changed_before = Get-Changed $alice }
    $unseen = New-Journal "$folder/unseen.jsonl" @((Get-Intent $alice alice@fabrikam.com $same), (Get-Outcome $alice alice@fabrikam.com accepted_unverified), $closed)
    Assert-Equal Unknown (Get-GuestRedemptionStatus $unseen).State
}

It 'what a run has begun and not ended is told by the evidence' {
    $changed = @{ alice = Get-Changed $alice; carla = Get-Changed $carla }
    $intents = @(
        (Get-Intent $alice alice@fabrikam.com @{ changed_before = $changed.alice; mail = $true })
        (Get-Intent $carla carla@fabrikam.com @{ state_before = 'PendingAcceptance'; changed_before = $changed.carla })
        (Get-AddressIntent $bob bob@tailspin.com bob.brandt@gmail.com)
    )
    $journal = New-Journal "$folder/crashed.jsonl" $intents
    $state = { param($warning) "$((Get-GuestRedemptionStatus $journal -WarningVariable warned -WarningAction SilentlyContinue).State)"; if ($warning) { Assert-Match 'crashed\.jsonl: the run goes on, or something has ended it' "$warned" } }
    Assert-Equal 'Unknown Unknown Unknown' (& $state $true) 'nothing shows anything'
    $first = @(Get-GuestRedemptionStatus $journal -WarningAction SilentlyContinue)[0]
    Assert-True ($null -eq $first.Outcome -and $first.LastMail) 'a mail may have gone out'
    $null = Reset-GuestRedemption $alice -Force -WarningAction SilentlyContinue
    $null = Reset-GuestRedemption $bob bob@tailspin.com -Force -WarningAction SilentlyContinue
    Assert-Equal 'Pending Unknown AddressChangedNotReset' (& $state) 'the change time has moved, the address is there'
    Invoke-Redemption $alice
    Invoke-Redemption $carla
    Assert-Equal 'Redeemed Unknown AddressChangedNotReset' (& $state) 'who was pending may have redeemed the invitation before'
    # a later run of the same journal has told the ends
    $resumed = $intents + @(@{ kind = 'resumed'; library = '0.1.0' }, (Get-Outcome $alice alice@fabrikam.com done @{ state_changed = $changed.alice }), (Get-Outcome $carla carla@fabrikam.com failed @{ status = 'ACCESS_DENIED' }), (Get-Outcome $bob bob@tailspin.com undone @{ status = 'ACCESS_DENIED' }), $closed)
    $journal = New-Journal "$folder/crashed.jsonl" $resumed
    Assert-Equal 'Redeemed Unknown NotReset' (& $state) 'an earlier attempt is in doubt although a later one failed'
}

It 'what was accepted stays accepted, whatever another row of the guest ends with' {
    $conflict = Get-Outcome $alice alice@fabrikam.com refused @{ status = 'BATCH_CONFLICT' }
    $guest = Get-GuestRedemptionStatus (New-Journal "$folder/conflict.jsonl" @((Invoke-Reset $alice alice@fabrikam.com) + @($conflict, $closed)))
    Assert-Equal 'done Pending' "$($guest.Outcome) $($guest.State)"
}

It 'counts reminders, and tells when the last mail went out' {
    $remind = { param($id, $at) @{ kind = 'reminder'; user_id = $id; email = "$id@b.example"; tag = 1; time = $at } }
    $reminded = { param($id, $outcome) (Get-Outcome $id "$id@b.example" $outcome @{ kind = 'reminded'; request_ids = @("r-$outcome") }) }
    $records = foreach ($id in 'a', 'b', 'c', 'd', 'e') { Get-Intent $id "$id@b.example" @{ mail = $true }; Get-Outcome $id "$id@b.example" done }
    $records += @($closed, @{ kind = 'resumed'; library = '0.1.0' }, (& $remind a '2026-11-22T00:00:00Z'), (& $reminded a reminded), (& $reminded b redeemed), (& $remind c '2026-11-23T00:00:00Z'), (& $reminded c failed)) +
    @((& $remind d '2026-11-24T00:00:00Z'), (& $reminded d unknown), (& $remind e '2026-11-25T00:00:00Z'))
    $guests = Get-GuestRedemptionStatus (New-Journal "$folder/reminders.jsonl" $records -Tenant other) -WarningAction SilentlyContinue
    Assert-Equal '1 0 0 0 0' "$($guests.Reminders)"
    Assert-Equal '22 21 21 24 25' "$($guests.LastMail.Day)" 'those that may have gone out count'
    Assert-Equal 'done done done done done' "$($guests.Outcome)" 'what was accepted stays accepted'
    Assert-Equal 'r-failed' "$($guests[2].RequestIds)"
}

It 'guests that are gone are Deleted' {
    $journal = New-Journal "$folder/gone.jsonl" @((Get-Outcome $dora dora@fabrikam.com done), (Get-Outcome ([Guid]::NewGuid().ToString()) a@b.example done), $closed)
    Assert-Equal 'Deleted Deleted' "$((Get-GuestRedemptionStatus $journal).State)"
}

It 'tells of guests of another tenant by the journal alone' {
    $null = New-Journal "$folder/other1.jsonl" @((Get-Intent $bob bob@x.example @{ mail = $true }), (Get-Outcome $bob bob@x.example done), $closed) -Tenant 'aaaaaaaa-0000-4000-8000-000000000001'
    $null = New-Journal "$folder/other2.jsonl" @((Get-Outcome $alice alice@fabrikam.com failed), $closed)
    Push-Location $folder
    try { $guests = @(Get-GuestRedemptionStatus other?.jsonl -WarningVariable warned -WarningAction SilentlyContinue) }
    finally { Pop-Location }
    Assert-Equal 'NotLookedAt NotReset' "$($guests.State)"
    Assert-Match 'not looked at: aaaaaaaa-0000' "$warned"
    Assert-Equal 'bob@x.example done' "$($guests[0].Email) $($guests[0].Outcome)"
    Assert-Match '[\\/]other1\.jsonl$' "$($guests[0].Journal)"
    Assert-Equal 0 @((Get-SandboxState).requests | Where-Object path -Match $bob).Count 'questions about the other tenant''s guest'
}

It 'the later of several journals counts, and a row that failed at first is one guest' {
    $first = New-Journal "$folder/a1.jsonl" @((Get-Intent $alice alice@fabrikam.com @{ mail = $true }), (Get-Outcome $alice alice@fabrikam.com failed @{ request_ids = @('1') }), $closed) -Time '2026-11-01T00:00:00Z' -Id a1
    $second = New-Journal "$folder/a0.jsonl" @((Get-Outcome $alice ALICE@fabrikam.com done @{ request_ids = @('2') }), $closed) -Time '2026-11-02T00:00:00Z' -Id a0
    foreach ($order in @($first, $second), @($second, $first)) {
        $guest = @(Get-GuestRedemptionStatus $order)
        Assert-Equal '1 done 1 2' "$($guest.Count) $($guest.Outcome) $($guest.RequestIds)"
        Assert-Equal 'a1 a0' "$($guest.Journals.Id)"
    }
    $named = @{ user = 'bob.brandt@gmail.com'; email = $null }
    $found = New-Journal "$folder/found.jsonl" @((Get-Outcome $null $null failed @{ named = $named }), @{ kind = 'resumed'; library = '0.1.0' }, (Get-Outcome $bob bob.brandt@gmail.com done @{ named = $named }), $closed)
    Assert-Equal "done $bob" "$((Get-GuestRedemptionStatus $found | ForEach-Object { $_.Outcome; $_.UserId }))"
}

It 'looks many guests up in the list, and asks for those that it does not show' {
    $all = @(Get-GuestRedemption) | Where-Object Mail
    Assert-True ($all.Count -gt 50) 'many'
    $records = foreach ($guest in $all) { Get-Outcome $guest.Id $guest.Mail done @{ state_changed = $guest.StateChanged.ToString('yyyy-MM-dd\THH:mm:ss\Z') } }
    $journal = New-Journal "$folder/many.jsonl" (@($records) + (Get-Outcome $dora dora@fabrikam.com done) + $closed)
    Restore-Sandbox
    $guests = @(Get-GuestRedemptionStatus $journal)
    Assert-Equal $all.Count @($guests | Where-Object State -In Redeemed, Pending).Count
    Assert-Equal 'Deleted' $guests[-1].State
    $asked = @((Get-SandboxState).requests | Where-Object path -Match '^/v1.0/users/')
    Assert-Equal $dora ("$($asked.path)" -replace '.*/users/' -replace '\?.*') 'asked for alone'
}

It 'a journal that cannot be read is an error, and the others are told of' {
    $good = New-Journal "$folder/good.jsonl" @((Get-Outcome $alice alice@fabrikam.com failed), $closed)
    $bad = New-Journal "$folder/bad.jsonl" @((Get-Outcome $bob bob@fabrikam.com failed), $closed)
    [IO.File]::WriteAllText($bad, [IO.File]::ReadAllText($bad).Replace('bob@', 'bop@'))
    $guests = Get-GuestRedemptionStatus $bad, $good -ErrorAction SilentlyContinue -ErrorVariable failure
    Assert-Equal $alice $guests.UserId
    Assert-Equal 'JournalDamaged,Get-GuestRedemptionStatus' $failure[0].FullyQualifiedErrorId
    Assert-Match 'line 2 of the journal .*bad\.jsonl' "$failure"
    $null = Assert-ErrorId 'JournalUnusable,Get-GuestRedemptionStatus' { Get-GuestRedemptionStatus "$folder/absent.jsonl" @args }
    $null = Assert-ErrorId 'JournalNotFound,Get-GuestRedemptionStatus' { Get-GuestRedemptionStatus "$folder/absent*.jsonl" @args }
    [IO.File]::AppendAllText($good, '{"seq":3,')
    $null = Get-GuestRedemptionStatus $good -WarningVariable warned -WarningAction SilentlyContinue
    Assert-Match 'good\.jsonl: line 4 is not whole \(9 bytes\)' "$warned"
}

It 'has table and list views' {
    $journal = New-Journal "$folder/view.jsonl" @((Invoke-Reset $alice alice@tailspin.com) + @($closed))
    $guest = Get-GuestRedemptionStatus $journal
    Assert-Match 'DisplayName\s+Email\s+State\s+Since \(UTC\)\s+Outcome\s+Status\s' ($guest | Out-String -Width 200)
    Assert-Match '(?m)^OldEmail\s+: alice@fabrikam\.com' ($guest | Format-List | Out-String)
}

# A campaign with something of everything, and names that would do harm
function New-Campaign {
    $records = @(Invoke-Reset $alice alice@tailspin.com @{ mail = $true }) + @(Invoke-Reset $bob bob.brandt@gmail.com) +
    @(Get-Outcome $carla carla@fabrikam.com failed @{ status = 'ACCESS_DENIED'; request_ids = @('r-1') }) +
    @(Get-Outcome $null '=cmd|x!A1' refused @{ status = 'GUEST_NOT_FOUND'; named = @{ user = '<script>alert(1)</script>"'; email = $null } }) + @($closed)
    Invoke-Redemption $bob
    New-Journal "$folder/report.jsonl" $records
}

It 'writes a report that stands alone and encodes everything' {
    $path = "$folder/report.html"
    Get-GuestRedemptionStatus (New-Campaign) | Export-GuestRedemptionReport $path
    $html = [IO.File]::ReadAllText($path)
    $xml = [xml]($html -replace '<!DOCTYPE html>' -replace '<meta ([^>]*)>', '<meta $1/>')
    Assert-Equal 'Redemption of guests' $xml.html.body.h1
    Assert-NoMatch '<script|https?://|<link|<img|url\(|@import' $html
    Assert-Match 'style-src ''unsafe-inline''' $html
    Assert-Match '&lt;script&gt;alert\(1\)&lt;/script&gt;&quot;' $html
    Assert-Match "Tenant $tenant" $html
    $tables = $xml.SelectNodes('//table')
    Assert-Equal 5 $tables.Count
    Assert-Equal 'Redeemed 1 25.0% Pending 1 25.0% Not reset 2 50.0% Guests 4' ((@($tables[0].SelectNodes('.//td|.//th')).InnerText -join ' ') -replace '\u00a0| (?=%)' -replace '\s+', ' ').Trim()
    Assert-Match '^Alice Alvarez alice@tailspin\.com' (@($tables[1].SelectNodes('.//tbody/tr/td')).InnerText -join ' ')
    $failures = @($tables[2].SelectNodes('.//tbody/tr') | ForEach-Object InnerText)
    Assert-Match 'Carla.*ACCESS_DENIED.*r-1' $failures[0]
    Assert-Equal 2 $failures.Count
    Assert-Equal 4 $tables[3].SelectNodes('.//tbody/tr').Count
    Assert-Match 'report\.jsonl.*j1.*2026-11-21 17:00.*0\.1\.0.*9.*closed in order' $tables[4].InnerText
    Assert-Match 'Made \d{4}-\d\d-\d\d \d\d:\d\d by \S.*, with guest-redemption \d' $html
    Assert-NoMatch 'redeem\?rd' $html
}

It 'writes the report in the language of the session' {
    $journal = New-Campaign
    $before = [Globalization.CultureInfo]::CurrentUICulture
    try {
        [Globalization.CultureInfo]::CurrentUICulture = 'de-AT'
        Get-GuestRedemptionStatus $journal | Export-GuestRedemptionReport "$folder/bericht.html"
    }
    finally { [Globalization.CultureInfo]::CurrentUICulture = $before }
    $html = [Net.WebUtility]::HtmlDecode([IO.File]::ReadAllText("$folder/bericht.html"))
    Assert-Match '(?s)<html lang="de">.*<title>Einlösung durch Gäste' $html
    Assert-Match 'ACCESS_DENIED: Die Rollen' $html
}

It 'writes CSV that nothing computes and every language reads' {
    $path = "$folder/report.csv"
    $before = [Globalization.CultureInfo]::CurrentCulture
    try {
        [Globalization.CultureInfo]::CurrentCulture = 'de-DE'
        Get-GuestRedemptionStatus (New-Campaign) | Export-GuestRedemptionReport $path
    }
    finally { [Globalization.CultureInfo]::CurrentCulture = $before }
    $rows = Import-Csv $path
    Assert-Equal 'Pending Redeemed NotReset NotReset' "$($rows.State)"
    Assert-Match '^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ 0\.0 2026-11-21T17:00:00Z True' "$($rows[0].Since) $($rows[0].PendingDays) $($rows[0].LastMail) $($rows[0].AddressChanged)"
    Assert-Equal "'=cmd|x!A1" $rows[3].Email
    Assert-Equal '<script>alert(1)</script>"' $rows[3].GivenAs
    Assert-Equal 'r-1 j1' "$($rows[2].RequestIds) $($rows[2].JournalId)"
    Assert-Equal '239 187 191' "$([IO.File]::ReadAllBytes($path)[0..2])"
}

It 'replaces a report only when told to, and leaves nothing half written' {
    $path = "$folder/kept.csv"
    [IO.File]::WriteAllText($path, 'mine')
    $guests = @(Get-GuestRedemptionStatus (New-Campaign))
    $null = Assert-ErrorId 'FileExists,Export-GuestRedemptionReport' { $guests | Export-GuestRedemptionReport $path @args }
    Assert-Equal 'mine' ([IO.File]::ReadAllText($path))
    $guests | Export-GuestRedemptionReport $path -Force -WhatIf
    Assert-Equal 'mine' ([IO.File]::ReadAllText($path))
    $guests | Export-GuestRedemptionReport $path -Force
    Assert-Equal 4 @(Import-Csv $path).Count
    $null = Assert-ErrorId 'UnknownFormat,Export-GuestRedemptionReport' { $guests | Export-GuestRedemptionReport "$folder/report.pdf" @args }
    $null = Assert-ErrorId 'ReportNotWritten,Export-GuestRedemptionReport' { $guests | Export-GuestRedemptionReport "$folder/absent/report.csv" @args }
    $late = "$folder/late.csv"
    $null = Assert-ErrorId 'ReportNotWritten,Export-GuestRedemptionReport' { $guests | ForEach-Object { [IO.File]::WriteAllText($late, 'theirs'); $_ } | Export-GuestRedemptionReport $late @args }
    Assert-Equal 'theirs' ([IO.File]::ReadAllText($late))
    Assert-Equal 0 @(Get-ChildItem $folder -Filter *.tmp).Count 'unfinished files'
}

[IO.Directory]::Delete($folder, $true)
exit $failures
