# Plans of many guests: made at once, written as lines or as a table, and looked at as a whole before they are run.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
$PSDefaultParameterValues = @{ '*:WarningAction' = 'SilentlyContinue' }
$carla = '10000000-0000-4000-8000-000000000003'
$rolf = '10000000-0000-4000-8000-00000000000c'
$tenant = $env:AZURE_TENANT_ID

function Use-Folder([scriptblock] $Body) {
    $folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
    try { & $Body $folder }
    finally { [IO.Directory]::Delete($folder, $true) }
}

# What no cmdlet of this module writes.
function Set-User([string] $Id, [hashtable] $Change) {
    $with = @{ Authorization = "Bearer $(Get-Token @{ kind = 'user' })" }
    $null = Invoke-RestMethod "$sandbox/v1.0/users/$Id" -Method Patch -Headers $with -ContentType 'application/json' -Body (ConvertTo-Json $Change)
}

# A plan of alice, bob and rolf, who cannot be reset, as a file.
function New-Plan([string] $Path) { $alice, $bob, $rolf | Test-GuestRedemption -NewDomain adatum.com | Export-GuestRedemptionPlan $Path }

# The lines of a plan that are refused, as the error tells them.
function Get-PlanFault([string] $Path) {
    $refused = Assert-ErrorId 'PlanUnusable,Reset-GuestRedemption' { Reset-GuestRedemption -Plan $Path -Journal "$Path.journal" -Force @args }
    Assert-Equal 0 (Get-SandboxState).writes 'writes'
    Assert-True (-not [IO.File]::Exists("$Path.journal")) 'no journal is begun'
    "$refused" -replace '\s*\r?\n\s*', '|'
}

It 'plans many guests in their order, and goes on after one that is not there' {
    # the first is the last to be answered
    Set-Fault GET "/users/$carla" @{ delay_ms = 700 }
    $plans = @($carla, 'nobody@fabrikam.com', $ines, 'alice@fabrikam.com' | Test-GuestRedemption -ThrottleLimit 3 -ErrorAction SilentlyContinue -ErrorVariable failures)
    Assert-Equal "$carla $ines $alice" "$($plans.UserId)"
    Assert-Equal 'True False True' "$($plans.CanReset)"
    Assert-Equal 'GuestNotFound,Test-GuestRedemption' "$($failures.FullyQualifiedErrorId)"
    Assert-Equal 'nobody@fabrikam.com' "$($failures.TargetObject)"
}

It 'has as many plans under way as it may' {
    Set-Fault GET /users @{ delay_ms = 20000 } -Times 3
    $shell = [PowerShell]::Create().AddScript("Import-Module '$modules/GuestRedemption'; 'alice@fabrikam.com', 'carla@fabrikam.com', 'olaf@fabrikam.com', 'paul@fabrikam.com' | Test-GuestRedemption -ThrottleLimit 3")
    $running = $shell.BeginInvoke()
    do { Start-Sleep -Milliseconds 50 } until ($running.IsCompleted -or @((Get-SandboxState).requests | Where-Object path -Match '/users').Count -ge 3)
    Assert-Equal 3 @((Get-SandboxState).requests | Where-Object path -Match '/users').Count 'requests that wait'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $shell.Stop()
    Assert-True ($watch.Elapsed.TotalSeconds -lt 10) 'Ctrl+C ends them all'
    Assert-Equal 'Stopped' "$($shell.InvocationStateInfo.State)"
}

It 'asks no second time for the name of a guest that the directory has named' {
    $guest = Get-GuestRedemption $alice
    $before = @((Get-SandboxState).requests).Count
    $null = $guest | Test-GuestRedemption
    $asked = @((Get-SandboxState).requests | Select-Object -Skip $before | Where-Object { $_.path -match "/users/$alice\?" })
    Assert-Equal 1 $asked.Count 'reads of the guest'
}

It '-NewDomain keeps the local part of the address that the guest has' {
    Assert-Equal "d.o'brien@adatum.com" (Get-GuestRedemption "d.o'brien@fabrikam.com" | Test-GuestRedemption -NewDomain adatum.com).NewEmail
    Assert-Equal 'alice@adatum.com' (Test-GuestRedemption alice@fabrikam.com -NewDomain '@adatum.com').NewEmail
    Assert-Equal 'bob.brandt@adatum.com' (Test-GuestRedemption $bob -NewDomain adatum.com).NewEmail
    Assert-Equal 'alice@adatum.com' (Test-GuestRedemption 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com' -NewDomain adatum.com).NewEmail
    $row = [pscustomobject]@{ UserId = $alice; Mail = 'sales@fabrikam.com' }
    Assert-Equal 'sales@adatum.com' ($row | Test-GuestRedemption -NewDomain adatum.com).NewEmail
    $null = Assert-ErrorId 'NoAddress,Test-GuestRedemption' { Test-GuestRedemption 10000000-0000-4000-8000-00000000000f -NewDomain adatum.com @args }
    $null = Assert-ErrorId 'ConflictingOptions,Test-GuestRedemption' { Test-GuestRedemption $alice alice@tailspin.com -NewDomain adatum.com @args }
    $null = Assert-ErrorId 'ConflictingOptions,Reset-GuestRedemption' { [pscustomobject]@{ Id = $alice; NewEmail = 'a@b.example' } | Reset-GuestRedemption -NewDomain adatum.com -Force @args }
    $null = Assert-ErrorId 'MalformedAddress,Test-GuestRedemption' { Test-GuestRedemption $alice -NewDomain 'ada tum' @args }
}

It 'resets to the new domain without a plan too' {
    Assert-Equal 'alice@adatum.com' (Reset-GuestRedemption $alice -NewDomain adatum.com -Force).GuestAfter.Mail
}

It '-NewDomain leaves guests alone whose mail is of another domain than the one that was asked for' {
    $plans = @(Get-GuestRedemption -Domain '@FABRIKAM.com' | Test-GuestRedemption -NewDomain adatum.com -ErrorAction SilentlyContinue -ErrorVariable failures)
    Assert-True ($plans.UserId -contains $alice) 'alice is planned'
    Assert-True ($plans.Count -gt 5 -and -not ($plans.OldEmail -notlike '*@fabrikam.com')) "$($plans.OldEmail)"
    $other = @($failures | Where-Object FullyQualifiedErrorId -EQ 'OtherDomain,Test-GuestRedemption')
    Assert-Equal '10000000-0000-4000-8000-000000000006' "$($other.TargetObject.Id)"
    Assert-Match 'is sam\.smith@northwind\.com and not of FABRIKAM\.com' "$other"
}

It 'tells where two guests would get one address, and does not run that' {
    Use-Folder {
        param($folder)
        $rows = $alice, $bob, $alice | ForEach-Object { [pscustomobject]@{ UserId = $_; NewEmail = 'sam@adatum.com' } }
        $null = $rows | Test-GuestRedemption | Export-GuestRedemptionPlan "$folder/plan.csv" -WarningVariable warnings
        Assert-Equal 1 @($warnings).Count 'warnings'
        Assert-Match '^Alice Alvarez <alice@fabrikam.com> and Bob Brandt <bob.brandt@gmail.com> would both get the address sam@adatum.com' "$warnings"
        Assert-Match 'Line 3: sam@adatum.com goes to the guest of line 2 already' (Get-PlanFault "$folder/plan.csv")
        $decided = Import-Csv "$folder/plan.csv"
        $decided[1].Go = 'false'
        $decided | Export-Csv "$folder/decided.csv" -NoTypeInformation
        $results = @(Reset-GuestRedemption -Plan "$folder/decided.csv" -Journal "$folder/run.jsonl" -Force)
        Assert-Equal 'done repeated' "$($results.Outcome | Sort-Object)"
        Assert-Equal "$alice $alice" "$($results.UserId)"
    }
}

It 'writes a line for each guest, with all that the run needs' {
    Use-Folder {
        param($folder)
        $options = @{ SendInvitationMessage = $true; MessageLanguage = 'nl-NL'; OldAddress = 'Keep'; Address = 'Mail' }
        $summary = $alice, $rolf | Test-GuestRedemption -NewDomain adatum.com @options | Export-GuestRedemptionPlan "$folder/plan.jsonl"
        $lines = [IO.File]::ReadAllLines("$folder/plan.jsonl")
        Assert-Equal 2 $lines.Count 'lines'
        $row = ConvertFrom-Json $lines[0] -AsHashtable
        Assert-Equal 'cloud display_name expected go new_email options reasons schema tenant_id user_id user_principal_name warnings' "$($row.Keys | Sort-Object)"
        Assert-Equal "1 $tenant custom $alice alice@adatum.com True" "$($row.schema) $($row.tenant_id) $($row.cloud) $($row.user_id) $($row.new_email) $($row.go)"
        Assert-Equal 'DYNAMIC_GROUP' "$($row.warnings)"
        $guest = Get-GuestRedemption $alice
        Assert-Equal "$($guest.Mail) $($guest.State)" "$($row.expected.mail) $($row.expected.external_user_state)"
        # as the service writes it, to the last digit
        Assert-True ($lines[0].Contains('"external_user_state_change_date_time":"' + $guest.StateChangedAsWritten() + '"')) 'the time as written'
        Assert-Equal 0 $row.expected.other_mails.Count
        Assert-Equal 'message_language=nl-NL old_address=keep send_invitation_message=True' "$($row.options.Keys | Sort-Object | ForEach-Object { "$_=$($row.options[$_])" })"
        $refused = ConvertFrom-Json $lines[1]
        Assert-Equal 'False GUEST_HOLDS_ROLE' "$($refused.go) $($refused.reasons)"
        Assert-Equal '2 1 1 1' "$($summary.Guests) $($summary.Go) $($summary.NoGo) $($summary.AddressChanges)"
        Assert-Equal 1 $summary.Reasons['GUEST_HOLDS_ROLE']
        Assert-Equal 2 $summary.Warnings['DYNAMIC_GROUP']
        Assert-Match 'GUEST_HOLDS_ROLE: 1' ($summary | Format-List | Out-String)
        Assert-Equal "$folder/plan.jsonl" ($summary.Path -replace '\\', '/' -replace '^C:')
    }
}

It 'counts a change of address only where one is written' {
    Use-Folder {
        param($folder)
        $sam = '10000000-0000-4000-8000-000000000005'
        $count = { param($with) (Test-GuestRedemption $sam @with | Export-GuestRedemptionPlan "$folder/plan.jsonl" -Force).AddressChanges }
        Assert-Equal 1 (& $count @{ NewEmail = 'sam@adatum.com' }) 'a new one'
        Assert-Equal 0 (& $count @{}) 'its own'
        Assert-Equal 0 (& $count @{ NewEmail = 'SAM.smith@fabrikam.com' }) 'its own, named'
        Assert-Equal 0 (& $count @{ NewEmail = 'sam.shared@fabrikam.com' }) 'one of otherMails'
        Assert-Equal 1 (& $count @{ NewEmail = 'sam.shared@fabrikam.com'; OldAddress = 'Remove' }) 'one of otherMails takes the place of mail'
        Assert-Equal 0 (& $count @{ NewEmail = 'sam.shared@fabrikam.com'; OldAddress = 'Remove'; Address = 'None' }) 'written by others'
    }
}

It 'tells how long it takes from the tighter of the limits' {
    $time = { param($guests, $changes) [GuestRedemption.PowerShell.ExportGuestRedemptionPlanCommand].Assembly.GetType('GuestRedemption.PowerShell.Pace').GetMethod('Time', [Reflection.BindingFlags] 'NonPublic, Static').Invoke($null, @([long] $guests, [long] $changes)).TotalSeconds }
    Assert-Equal 100 (& $time 2910 0) 'no changes'
    Assert-Equal 100 (& $time 1940 1940) 'changes alone'
    Assert-Equal 100 (& $time 2910 1000) 'few changes'
    Assert-Equal 150 (& $time 2911 2910) 'many changes'
}

It 'takes its name only when it is whole, and replaces nothing unasked' {
    Use-Folder {
        param($folder)
        $plan = Test-GuestRedemption $alice
        $null = $plan | Export-GuestRedemptionPlan "$folder/plan.csv"
        $first = [IO.File]::ReadAllText("$folder/plan.csv")
        $null = Assert-ErrorId 'FileExists,Export-GuestRedemptionPlan' { Test-GuestRedemption $bob | Export-GuestRedemptionPlan "$folder/plan.csv" @args }
        try { & { $plan; throw 'the end' } | Export-GuestRedemptionPlan "$folder/plan.csv" -Force } catch { Assert-Equal 'the end' "$_" }
        try { & { $plan; throw 'the end' } | Export-GuestRedemptionPlan "$folder/other.jsonl" } catch { Assert-Equal 'the end' "$_" }
        $null = $plan | Export-GuestRedemptionPlan "$folder/plan.csv" -Force -WhatIf
        $null = $plan | Export-GuestRedemptionPlan "$folder/other.jsonl" -WhatIf
        Assert-Equal $first ([IO.File]::ReadAllText("$folder/plan.csv")) 'the plan'
        Assert-Equal 'plan.csv' "$((Get-ChildItem $folder -Force).Name)" 'files'
        $null = Test-GuestRedemption $bob | Export-GuestRedemptionPlan "$folder/plan.csv" -Force
        Assert-Equal $bob (Import-Csv "$folder/plan.csv").UserId
        Assert-Equal 'plan.csv' "$((Get-ChildItem $folder -Force).Name)" 'files'
        $null = Assert-ErrorId 'UnknownFormat,Export-GuestRedemptionPlan' { $plan | Export-GuestRedemptionPlan "$folder/plan.xlsx" @args }
        $null = Assert-ErrorId 'PlanNotWritten,Export-GuestRedemptionPlan' { $plan | Export-GuestRedemptionPlan "$folder/nowhere/plan.csv" @args }
    }
}

It 'makes one file a tenant on request' {
    Use-Folder {
        param($folder)
        $summary = $alice, $bob | Test-GuestRedemption | Export-GuestRedemptionPlan "$folder/plans" -SplitByTenant
        Assert-Equal "$tenant.jsonl" "$((Get-ChildItem "$folder/plans" -Force).Name)"
        Assert-Equal 2 @([IO.File]::ReadAllLines("$folder/plans/$tenant.jsonl")).Count 'lines'
        Assert-Equal 2 $summary.Guests
        $null = Assert-ErrorId 'FileExists,Export-GuestRedemptionPlan' { Test-GuestRedemption $bob | Export-GuestRedemptionPlan "$folder/plans" -SplitByTenant @args }
        Assert-Equal 1 @(Get-ChildItem "$folder/plans" -Force).Count 'files'
    }
}

It 'writes no formula into a table, and reads back what it wrote' {
    Use-Folder {
        param($folder)
        $names = '=1+2', '+1', '-1', '@SUM(A1)', "'quoted'", "tab`tand, `"comma`" and ; more", "two`nlines"
        foreach ($name in $names) {
            Set-User $alice @{ displayName = $name }
            $null = Test-GuestRedemption $alice alice@adatum.com | Export-GuestRedemptionPlan "$folder/plan.csv" -Force
            $cell = (Import-Csv "$folder/plan.csv").DisplayName
            Assert-Equal $(if ($name -match '^[=+\-@'']') { "'$name" } else { $name }) $cell
        }
        # a mark by which spreadsheets know UTF-8
        Assert-Equal 'EF-BB-BF' ([BitConverter]::ToString([IO.File]::ReadAllBytes("$folder/plan.csv"), 0, 3))
    }
}

It 'reads back each cell of a table as it was, whatever delimits it' {
    $read = {
        param([string] $Text, [string[]] $Columns)
        $type = [GuestRedemption.PowerShell.ExportGuestRedemptionPlanCommand].Assembly.GetType('GuestRedemption.PowerShell.CsvText')
        $records = $type.GetMethod('Read', [Reflection.BindingFlags] 'NonPublic, Static').Invoke($null, @([IO.StringReader]::new($Text), $Columns))
        foreach ($record in $records) {
            $flags = [Reflection.BindingFlags] 'NonPublic, Instance'
            $cells = $record.GetType().GetMethod('ByColumn', $flags).Invoke($record, @())
            "$($record.GetType().GetProperty('Line', $flags).GetValue($record)): $($cells.Values -join '|')"
        }
    }
    # a quotation mark stands as a tilde here
    $cases = @(
        , ("a,b`r`n1,2`n~x, ~~y~~~,`r`n,z", '2: 1|2 3: x, ~y~| 4: |z')
        , ("b;a`n1;2,3`n~two;~;4`n;`n", '2: 1|2,3 3: two;|4')
        , ("a`tb`n1`t~x`ny~`n2`n", "2: 1|x`ny 4: 2|")
        , ("a,b`n'=1,''x`n", "2: =1|'x")
    )
    foreach ($case in $cases) { Assert-Equal $case[1].Replace('~', '"') "$(& $read $case[0].Replace('~', '"') 'a', 'b')" }
    Assert-Equal '2: 5' "$(& $read "a`n5" 'a')"
}

It 'names every line that cannot be run, and sends nothing' {
    Use-Folder {
        param($folder)
        $plan = "$folder/plan.jsonl"
        $null = New-Plan $plan
        $line = [IO.File]::ReadAllLines($plan)[0]
        $id = """user_id"":""$alice"""
        $lines = @(
            $line
            '{"schema":1,'
            '[]'
            $line.Replace('"schema":1', '"schema":2')
            $line.Replace($id, '"user_id":"alice@fabrikam.com"')
            $line.Replace($id, '"x":1')
            ''
            $line.Replace('"go":true', '"go":"maybe"')
            $line.Replace("""tenant_id"":""$tenant""", '"tenant_id":"c0ffee00-0000-4000-8000-00000000000f"')
            $line.Replace('"cloud":"custom"', '"cloud":"global"')
            $line.Replace('"options":{}', '"options":{"send_invitation_message":true}')
            $line.Replace('"options":{}', '"options":{"proxy":"http://elsewhere.example"}')
            $line.Replace('"new_email":"alice@adatum.com"', '"new_email":5')
            $line
        )
        [IO.File]::WriteAllLines($plan, [string[]] $lines)
        $fault = Get-PlanFault $plan
        Assert-Equal '2 3 4 5 6 8 9 10 11 12 13' "$([regex]::Matches($fault, 'Line (\d+)') | ForEach-Object { $_.Groups[1].Value })"
        foreach ($part in 'Line 2: Not JSON', 'Line 3: this is not a JSON object', 'Line 4: schema', 'Line 5: user_id', 'Line 8: go', 'Line 9: .*00f', 'Line 11: the options differ from those of line 1', 'Line 12: proxy is no option') { Assert-Match $part $fault }
        [IO.File]::WriteAllLines($plan, [string[]] (1..50 | ForEach-Object { 'x' }))
        Assert-Match '\.\.\. and 30 more' (Get-PlanFault $plan)
    }
}

It 'names every row of a table that cannot be run' {
    Use-Folder {
        param($folder)
        $plan = "$folder/plan.csv"
        $null = New-Plan $plan
        $header, $first, $second, $third = [IO.File]::ReadAllLines($plan)
        [IO.File]::WriteAllLines($plan, [string[]] ($header, $first.Replace(',true,', ',perhaps,'), "$second,x", $third.Replace($rolf, '')))
        $fault = Get-PlanFault $plan
        foreach ($part in 'Line 2: go is missing or cannot be read', 'Line 3: there are more cells than columns', 'Line 4: user_id is missing') { Assert-Match $part $fault }
        [IO.File]::WriteAllLines($plan, [string[]] ($header.Replace(',Go,', ',Goes,'), $first))
        Assert-Match 'The column Go is missing' (Get-PlanFault $plan)
        [IO.File]::WriteAllLines($plan, [string[]] ($header, ($first + '"'), ($second -replace '^', '"')))
        Assert-Match 'Line 3: a quotation mark is not closed' (Get-PlanFault $plan)
    }
}

It 'refuses what does not go together' {
    Use-Folder {
        param($folder)
        $plan = "$folder/plan.csv"
        $null = New-Plan $plan
        foreach ($with in @{ Resume = $true }, @{ ThrottleLimit = 9 }, @{ RedeemUrlPath = "$folder/links" }) {
            $null = Assert-ErrorId 'JournalNeeded,Reset-GuestRedemption' { Reset-GuestRedemption $alice @with -Force @args }
        }
        foreach ($with in @{ SendInvitationMessage = $true }, @{ NewDomain = 'x.example' }, @{ Verify = 'None' }) {
            $null = Assert-ErrorId 'AmbiguousParameterSet,GuestRedemption.PowerShell.ResetGuestRedemptionCommand' { Reset-GuestRedemption -Plan $plan -Journal "$folder/run.jsonl" @with -Force @args }
        }
        $null = Assert-ErrorId 'PlanRowNotAccepted,Reset-GuestRedemption' { Import-Csv $plan | Reset-GuestRedemption -Force @args }
        $null = Assert-ErrorId 'PlanNotRead,Reset-GuestRedemption' { Reset-GuestRedemption -Plan "$folder/none.csv" -Journal "$folder/run.jsonl" -Force @args }
        Assert-Equal 0 (Get-SandboxState).writes 'writes'
        Assert-Equal 'plan.csv' "$((Get-ChildItem $folder -Force).Name)" 'files'
    }
}

exit $failures
