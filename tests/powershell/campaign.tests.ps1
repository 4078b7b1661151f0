# Campaigns: many guests with a journal, from a plan or the pipeline, to the end or to be gone on with.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
$PSDefaultParameterValues = @{ '*:WarningAction' = 'SilentlyContinue' }
$carla = '10000000-0000-4000-8000-000000000003'
$dmitri = '10000000-0000-4000-8000-000000000004'
$rolf = '10000000-0000-4000-8000-00000000000c'
$onWindows = [Environment]::OSVersion.Platform -eq 'Win32NT'
$denied = @{ respond = @{ status = 403; body = '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}' } }

function Use-Folder([scriptblock] $Body) {
    $folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
    try { & $Body $folder }
    finally { [IO.Directory]::Delete($folder, $true) }
}

function New-Plan([string] $Path, [string[]] $Guests) { $null = $Guests | Test-GuestRedemption -NewDomain adatum.com | Export-GuestRedemptionPlan $Path }

function Get-Journal([string] $Path) { [IO.File]::ReadAllLines($Path) | ForEach-Object { ConvertFrom-Json $_ } }

function Get-Outcome([string] $Path) { @(Get-Journal $Path | Where-Object kind -EQ 'outcome' | ForEach-Object outcome | Sort-Object) -join ' ' }

function Get-ResetCount { @((Get-SandboxState).requests | Where-Object { $_.method -eq 'POST' -and $_.path -match '/invitations' }).Count }

# What a person sees of a script that runs to its end, whatever that is.
function Get-Told([string] $Script) {
    $started = Start-Shell "Import-Module '$modules/GuestRedemption'; $Script"
    try { $null = $started.Shell.EndInvoke($started.Running) } catch { }
    "$($started.Host.Told)`n$($started.Shell.Streams.Warning -join "`n")"
}

It 'runs a plan that was edited as a table: guests left out, added back and given other addresses' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.csv" $alice, $bob, $carla, $rolf
        $rows = Import-Csv "$folder/plan.csv"
        Assert-Equal 'true true true false' "$($rows.Go)"
        $rows[1].Go = 'FALSE'
        $rows[2].NewEmail = 'carla@tailspin.com'
        $rows | Export-Csv "$folder/edited.csv" -NoTypeInformation -Delimiter ';'
        $results = @(Reset-GuestRedemption -Plan "$folder/edited.csv" -Journal "$folder/run.jsonl" -Force)
        Assert-Equal 'done done' "$($results.Outcome)"
        Assert-Equal "$alice $carla" "$($results.UserId | Sort-Object)"
        Assert-Equal 'alice@adatum.com' (Get-GuestRedemption $alice).Mail
        Assert-Equal 'carla@tailspin.com' (Get-GuestRedemption $carla).Mail
        Assert-Equal 'bob.brandt@gmail.com' (Get-GuestRedemption $bob).Mail
        Assert-Equal 2 (Get-ResetCount) 'resets'
        $header, $lines = Get-Journal "$folder/run.jsonl"
        Assert-Equal "header $env:AZURE_TENANT_ID" "$($header.kind) $($header.tenant_id)"
        Assert-Equal 'closed' $lines[-1].kind
        # a guest is known by its line in the plan
        Assert-Equal '2 4' "$($lines | Where-Object kind -EQ 'outcome' | ForEach-Object tag | Sort-Object)"
    }
}

It 'runs a guest that was no-go when somebody has decided so, and the service still refuses it' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.csv" $rolf
        $rows = Import-Csv "$folder/plan.csv"
        $rows[0].Go = 'true'
        $rows | Export-Csv "$folder/plan.csv" -NoTypeInformation
        $null = Assert-ErrorId 'GuestHoldsRole,Reset-GuestRedemption' { Reset-GuestRedemption -Plan "$folder/plan.csv" -Journal "$folder/run.jsonl" -Force @args }
        Assert-Equal 0 (Get-SandboxState).writes 'writes'
    }
}

It 'refuses a guest that has changed since it was planned, tells its line, and goes on' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob
        $null = Reset-GuestRedemption $alice alice@tailspin.com -Force
        $before = Get-ResetCount
        $results = @(Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -Force -ErrorAction SilentlyContinue -ErrorVariable failures)
        Assert-Equal "$bob done" "$($results.UserId) $($results.Outcome)"
        Assert-Equal 'GuestChanged,Reset-GuestRedemption' "$($failures.FullyQualifiedErrorId)"
        Assert-Equal $alice "$($failures.TargetObject)"
        Assert-Match '^Line 1: ' $failures[0].ErrorDetails.Message
        Assert-Equal 'alice@tailspin.com' (Get-GuestRedemption $alice).Mail
        Assert-Equal ($before + 1) (Get-ResetCount) 'resets'
    }
}

It 'takes the options of the plan' {
    Use-Folder {
        param($folder)
        $null = $bob | Test-GuestRedemption -SendInvitationMessage -MessageLanguage nl-NL -Verify None | Export-GuestRedemptionPlan "$folder/plan.jsonl"
        $result = Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -Force
        Assert-Equal 'accepted_unverified' $result.Outcome
        $mails = @((Get-SandboxState).mails)
        Assert-Equal '1 nl-NL' "$($mails.Count) $($mails[0].language)"
    }
}

It 'does the same wish for a guest once, and takes two wishes for a conflict' {
    Use-Folder {
        param($folder)
        $rows = foreach ($row in "$alice alice@adatum.com", 'alice@fabrikam.com ALICE@adatum.com', "$bob bob@adatum.com", "$bob bob@tailspin.com") {
            $id, $email = $row.Split(' ')
            [pscustomobject]@{ UserId = $id; NewEmail = $email }
        }
        $results = @($rows | Reset-GuestRedemption -Journal "$folder/run.jsonl" -ThrottleLimit 1 -Force -ErrorAction SilentlyContinue -ErrorVariable failures)
        Assert-Equal 'done repeated done' "$($results.Outcome)"
        Assert-Equal 'BatchConflict,Reset-GuestRedemption' "$($failures.FullyQualifiedErrorId)"
        Assert-Match '^Guest 4: ' $failures[0].ErrorDetails.Message
        Assert-Equal 2 (Get-ResetCount) 'resets'
    }
}

It 'resets nobody twice whom a plan has twice' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice
        $line = [IO.File]::ReadAllText("$folder/plan.jsonl")
        [IO.File]::WriteAllText("$folder/plan.jsonl", $line + $line + $line.Replace('alice@adatum.com', 'alice@tailspin.com'))
        $null = Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -Force -ErrorAction SilentlyContinue
        Assert-Equal 1 (Get-ResetCount) 'resets'
    }
}

It 'takes guests from the pipeline, and keeps the links where only their owner reads them' {
    Use-Folder {
        param($folder)
        'UserId,NewEmail', 'alice@fabrikam.com,alice@tailspin.com', 'nobody@fabrikam.com,', "$bob," | Set-Content "$folder/guests.csv"
        $rows = Import-Csv "$folder/guests.csv" | ForEach-Object { if (-not $_.NewEmail) { $_.NewEmail = $null }; $_ }
        $results = @($rows | Reset-GuestRedemption -Journal "$folder/run.jsonl" -RedeemUrlPath "$folder/links.jsonl" -Force -ErrorAction SilentlyContinue -ErrorVariable failures)
        Assert-Equal "$alice $bob" "$($results.UserId | Sort-Object)"
        Assert-Equal 'GuestNotFound,Reset-GuestRedemption' "$($failures.FullyQualifiedErrorId)"
        Assert-Match '^Guest 2: ' $failures[0].ErrorDetails.Message
        $links = @(Get-Journal "$folder/links.jsonl")
        Assert-Equal "$alice $bob" "$($links.user_id | Sort-Object)"
        Assert-Equal "$($results.InviteRedeemUrl | Sort-Object)" "$($links.invite_redeem_url | Sort-Object)"
        Assert-NoMatch 'redeem\?|ticket' ([IO.File]::ReadAllText("$folder/run.jsonl"))
        if (-not $onWindows) { Assert-Equal 'UserRead, UserWrite' "$([IO.File]::GetUnixFileMode("$folder/links.jsonl"))".Replace('UserWrite, UserRead', 'UserRead, UserWrite') }
    }
}

It 'adds links to a file of its own, and refuses one that others can read before anything is sent' {
    Use-Folder {
        param($folder)
        foreach ($guest in $alice, $bob) { $null = $guest | Reset-GuestRedemption -Journal "$folder/$guest.jsonl" -RedeemUrlPath "$folder/links.jsonl" -Force }
        Assert-Equal "$alice $bob" "$((Get-Journal "$folder/links.jsonl").user_id)"
        [IO.File]::WriteAllText("$folder/open.jsonl", '')
        if (-not $onWindows) { [IO.File]::SetUnixFileMode("$folder/open.jsonl", 'UserRead, UserWrite, GroupRead') }
        $null = Assert-ErrorId 'RedeemUrlFileUnusable,Reset-GuestRedemption' {
            $carla | Reset-GuestRedemption -Journal "$folder/run.jsonl" -RedeemUrlPath "$folder/open.jsonl" -Force
        }
        Assert-Equal 2 (Get-ResetCount) 'resets'
        Assert-Equal 0 ([IO.FileInfo] "$folder/open.jsonl").Length 'length'
    }
}

It 'skips on resuming what is done, and does the rest' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob
        $lines = [IO.File]::ReadAllLines("$folder/plan.jsonl")
        [IO.File]::WriteAllText("$folder/first.jsonl", "$($lines[0])`n")
        $null = Reset-GuestRedemption -Plan "$folder/first.jsonl" -Journal "$folder/run.jsonl" -Force
        $null = Assert-ErrorId 'JournalUnusable,Reset-GuestRedemption' { Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -Force @args }
        $null = Assert-ErrorId 'JournalUnusable,Reset-GuestRedemption' { Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/none.jsonl" -Resume -Force @args }
        $results = @(Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -Resume -Force)
        Assert-Equal "$alice done_before,$bob done" (($results | Sort-Object UserId | ForEach-Object { "$($_.UserId) $($_.Outcome)" }) -join ',')
        Assert-Equal 2 (Get-ResetCount) 'resets'
        $null = $bob | Test-GuestRedemption -SendInvitationMessage | Export-GuestRedemptionPlan "$folder/other.jsonl"
        $null = Assert-ErrorId 'JournalMismatch,Reset-GuestRedemption' { Reset-GuestRedemption -Plan "$folder/other.jsonl" -Journal "$folder/run.jsonl" -Resume -Force @args }
        Assert-Equal 2 (Get-ResetCount) 'resets'
    }
}

It '-WhatIf plans, and writes nothing anywhere' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob
        $null = Reset-GuestRedemption $bob -Force
        $before = Get-SandboxState
        $files = "$((Get-ChildItem $folder).Name)"
        $told = Get-Told "Reset-GuestRedemption -Plan '$folder/plan.jsonl' -Journal '$folder/run.jsonl' -RedeemUrlPath '$folder/links.jsonl' -Force -WhatIf -ErrorVariable failures; `$Host.UI.WriteLine(""<`$(`$failures.FullyQualifiedErrorId)>"")"
        foreach ($part in 'of 2 guests in tenant', 'alice@fabrikam\.com -> alice@adatum\.com', '<GuestChanged,Reset-GuestRedemption>', 'dynamic group') { Assert-Match $part $told }
        Assert-NoMatch 'bob\.brandt@gmail\.com ->' $told
        $told = Get-Told "'$alice', '$bob' | Reset-GuestRedemption -NewDomain adatum.com -Journal '$folder/run.jsonl' -WhatIf"
        foreach ($part in 'every guest that is piped in', 'alice@adatum\.com', 'bob\.brandt@adatum\.com') { Assert-Match $part $told }
        $after = Get-SandboxState
        Assert-Equal $before.writes $after.writes 'writes'
        Assert-Equal $files "$((Get-ChildItem $folder).Name)" 'files'
    }
}

It 'asks once for all of it, with what matters' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob, $rolf
        $ask = { param($answer, $command) ($answer | & pwsh -NoProfile -Command "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$modules/GuestRedemption'; $command" 2>&1 | Out-String) -replace '\s*\r?\n\s*', ' ' }
        $command = "Reset-GuestRedemption -Plan '$folder/plan.jsonl' -Journal '$folder/run.jsonl'"
        $shown = & $ask 'N' $command
        foreach ($part in 'of 2 guests in tenant c0ffee00', 'sandbox 127\.0\.0\.1', 'changes for 2 of them', 'No mail', '0:00:01', 'left out: 1', 'Continue\?') { Assert-Match $part $shown }
        Assert-True (-not [IO.File]::Exists("$folder/run.jsonl")) 'no journal'
        $shown = & $ask 'N' "'$alice', '$bob' | Reset-GuestRedemption -SendInvitationMessage -Journal '$folder/run.jsonl'"
        Assert-Equal 1 ([regex]::Matches($shown, 'Continue\?').Count) 'prompts'
        Assert-Match 'every guest that is piped in.*invitation mail' $shown
        Assert-Equal 0 (Get-SandboxState).writes 'writes'
        $shown = & $ask 'Y' $command
        Assert-Equal 1 ([regex]::Matches($shown, 'Continue\?').Count) 'prompts'
        Assert-Equal 2 (Get-ResetCount) 'resets'
    }
}

It 'tells at the end how it went, what must not happen now, and how to follow' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob, $carla, $rolf
        $null = Reset-GuestRedemption $carla -Force
        $told = Get-Told "Reset-GuestRedemption -Plan '$folder/plan.jsonl' -Journal '$folder/run.jsonl' -Force -ErrorAction SilentlyContinue"
        foreach ($part in 'Guests: 3 in 0:00:\d\d', 'done 2, refused 1', 'GUEST_CHANGED 1', 'Get-GuestRedemptionStatus -Journal .*run\.jsonl', 'Guests now pending: 2', 'access reviews') { Assert-Match $part $told }
        Assert-NoMatch 'redeem\?|ticket' $told
    }
}

It 'tells scripts the same as an object' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $rolf
        $null = Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -Force -InformationVariable told
        # an engine that runs on another system than its own has no information records
        if (-not $told) { return 'skipped: this PowerShell cannot write to its information stream' }
        $summary = $told[0].MessageData
        Assert-Equal 'GuestRedemption.CampaignSummary' $summary.GetType().FullName
        Assert-Equal '1 1 0 0 1' "$($summary.Guests) $($summary.Done) $($summary.Failed) $($summary.Refused) $($summary.LeftOut)"
        Assert-Match 'DoneBefore +: 0' ($summary | Format-List | Out-String)
    }
}

It 'shows how far it is, of how many' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob
        # long enough to be told of
        Set-Fault GET /users @{ delay_ms = 1500 } -Times 4
        $shell = [PowerShell]::Create().AddScript("Import-Module '$modules/GuestRedemption'; Reset-GuestRedemption -Plan '$folder/plan.jsonl' -Journal '$folder/run.jsonl' -Force")
        $null = $shell.Invoke()
        $shown = @($shell.Streams.Progress | Where-Object Activity -Match 'Resetting')
        Assert-True ($shown.Count -ge 2) 'it is shown'
        Assert-Match '^0 of 2, 0 a second, 0 in trouble$' $shown[0].StatusDescription
        Assert-Equal 0 $shown[0].PercentComplete
        Assert-Equal 'Completed' "$($shown[-1].RecordType)"
    }
}

# A pipeline that ends before all is done leaves a whole journal, and the same command with -Resume does the rest.
function Assert-GoesOn([string] $Folder, [string] $Told) {
    Assert-Match 'run the same command with -Resume' $Told
    $lines = @(Get-Journal "$Folder/run.jsonl")
    Assert-Equal 'closed' $lines[-1].kind
    $done = @($lines | Where-Object { $_.kind -eq 'outcome' -and $_.outcome -eq 'done' }).Count
    Assert-True ($done -lt 4) 'something is left'
    $results = @(Reset-GuestRedemption -Plan "$Folder/plan.jsonl" -Journal "$Folder/run.jsonl" -Resume -Force)
    Assert-Equal 4 $results.Count 'results'
    Assert-Equal $done @($results | Where-Object Outcome -EQ 'done_before').Count 'done before'
    Assert-Equal 0 @($results | Where-Object Outcome -NotIn 'done', 'done_before').Count 'not done'
    Assert-Equal 4 (Get-ResetCount) 'resets'
}

It 'ends whole with -ErrorAction Stop, and goes on' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob, $carla, $dmitri
        Set-Fault PATCH "/users/$alice" $denied
        $caught = $null
        try { $null = Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -ThrottleLimit 1 -Force -ErrorAction Stop -WarningVariable warned } catch { $caught = $_ }
        Assert-Equal 'AccessDenied,Reset-GuestRedemption' $caught.FullyQualifiedErrorId
        Assert-GoesOn $folder "$warned"
    }
}

It 'ends whole when the pipeline wants no more, and goes on' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob, $carla, $dmitri
        # the first is done while the others wait
        Set-Fault GET "/users/$bob" @{ delay_ms = 20000 }
        $first = Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -ThrottleLimit 2 -Force -WarningVariable warned | Select-Object -First 1
        Assert-Equal $alice $first.UserId
        Assert-GoesOn $folder "$warned"
    }
}

It 'ends whole when the pipeline ends between two guests, and goes on' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob, $carla, $dmitri
        Set-Fault GET "/users/$alice" @{ delay_ms = 20000 }
        $told = Get-Told "& { '$alice'; throw 'the end' } | Reset-GuestRedemption -NewDomain adatum.com -Journal '$folder/run.jsonl' -Force"
        Assert-GoesOn $folder $told
    }
}

It 'ends whole after Ctrl+C, and goes on' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob, $carla, $dmitri
        Set-Fault PATCH "/users/$bob" @{ delay_ms = 20000 }
        $started = Start-Shell "Import-Module '$modules/GuestRedemption'; Reset-GuestRedemption -Plan '$folder/plan.jsonl' -Journal '$folder/run.jsonl' -ThrottleLimit 1 -Force"
        do { Start-Sleep -Milliseconds 50 } until ($started.Running.IsCompleted -or @((Get-SandboxState).requests | Where-Object { $_.method -eq 'PATCH' -and $_.path -match $bob }).Count)
        Assert-True (-not $started.Running.IsCompleted) 'it is under way'
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $started.Shell.Stop()
        Assert-True ($watch.Elapsed.TotalSeconds -lt 10) 'it waits for no answer that does not come'
        Assert-Equal 'Stopped' "$($started.Shell.InvocationStateInfo.State)"
        Assert-GoesOn $folder $started.Host.Told
    }
}

It 'ends when the sign-in is refused on the way, and goes on' {
    Use-Folder {
        param($folder)
        New-Plan "$folder/plan.jsonl" $alice, $bob, $carla, $dmitri
        $null = Connect-GuestRedemption -AccessToken (Get-Token @{ kind = 'user' })
        try {
            Set-Fault GET "/users/$alice" @{ respond = @{ status = 401; body = '{"error":{"code":"InvalidAuthenticationToken","message":"Access token has expired or is not yet valid."}}' } } -Times 2
            $caught = $null
            try { $null = Reset-GuestRedemption -Plan "$folder/plan.jsonl" -Journal "$folder/run.jsonl" -ThrottleLimit 1 -Force -ErrorAction SilentlyContinue -WarningVariable warned } catch { $caught = $_ }
            Assert-Match '^Token(Expired|Rejected),Reset-GuestRedemption$' $caught.FullyQualifiedErrorId
        }
        finally { Disconnect-GuestRedemption }
        Assert-GoesOn $folder "$warned"
    }
}

exit $failures
