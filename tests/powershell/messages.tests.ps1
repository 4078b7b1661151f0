# The sentences of the modules: every one in its table, in every language, and chosen by $PSUICulture.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
Import-Module "$modules/GuestRedemption.AzureADPreview"
# loads the compiler that PowerShell brings
Add-Type -TypeDefinition 'public class LoadsTheCompiler { }'

$root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
$translations = 'de', 'fr', 'nl', 'sv', 'zh-Hans'
# the module of each project
$tables = [ordered]@{ 'GuestRedemption.PowerShell' = 'GuestRedemption'; 'GuestRedemption.AzureADPreview' = 'GuestRedemption.AzureADPreview' }

function Get-Table([string] $Module, [string] $Language) {
    ConvertFrom-Json ([IO.File]::ReadAllText("$modules/$Module/$Language/Messages.json")) -AsHashtable
}

function Get-Language([string] $Module) {
    Get-ChildItem "$modules/$Module" -Directory -Exclude 'en-US' | Where-Object { [IO.File]::Exists("$($_.FullName)/Messages.json") } | ForEach-Object Name | Sort-Object
}

# Every Messages.Text("key", values) of a project
function Get-Use([string] $Project) {
    foreach ($file in [IO.Directory]::GetFiles("$modules/src/$Project", '*.cs', 'AllDirectories') -notmatch '[\\/](bin|obj)[\\/]') {
        $unit = [Microsoft.CodeAnalysis.CSharp.SyntaxFactory]::ParseCompilationUnit([IO.File]::ReadAllText($file))
        foreach ($node in $unit.DescendantNodes()) {
            if ($node -isnot [Microsoft.CodeAnalysis.CSharp.Syntax.InvocationExpressionSyntax] -or "$($node.Expression)" -ne 'Messages.Text') { continue }
            $key = $node.ArgumentList.Arguments[0].Expression
            Assert-True ($key -is [Microsoft.CodeAnalysis.CSharp.Syntax.LiteralExpressionSyntax]) "the key $key in $file is a literal"
            [pscustomobject]@{ Key = $key.Token.ValueText; Values = $node.ArgumentList.Arguments.Count - 1 }
        }
    }
}

function Get-Placeholder([string] $Text) {
    $found = [regex]::Matches($Text, '\{(\d+)\}') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique
    Assert-NoMatch '[{}]' ($Text -replace '\{\d+\}')
    "$found"
}

# What the library says in English, by its codes: other languages have a sentence for each.
function Get-LibraryKey {
    $plan = [IO.File]::ReadAllText("$root/src/reset/plan.rs")
    $header = [IO.File]::ReadAllText("$root/include/guest_redemption.h")
    $result = (Get-Content "$root/include/result.schema.json" -Raw | ConvertFrom-Json -AsHashtable).'$defs'
    $match = { param($text, $pattern) [regex]::Matches($text, $pattern) | ForEach-Object { $_.Groups[1].Value } }
    $notChecked = & $match $plan '(?:cannot_tell\(|NotChecked \{ code:)\s*"([A-Z_]+)"'
    $warnings = & $match $plan '"([A-Z][A-Z_]+)"' | Where-Object { $notChecked -notcontains $_ }
    $refusals = & $match $plan 'refuse\(\s*Status::(\w+)' | ForEach-Object { ($_ -creplace '(?<=[a-z])(?=[A-Z])', '_').ToUpperInvariant() }
    $states = $result.StepState.oneOf | ForEach-Object { $_['enum'], $_['const'] } | ForEach-Object { $_ } | Where-Object { $_ }
    $keys = @{
        status     = & $match $header '(?m)^\s*REDEMPTION_([A-Z_0-9]+) = [1-9]\d*,'
        obstacle   = @($warnings) + $refusals
        notChecked = $notChecked
        step       = & $match $result.StepReport.properties.step.description '`(\w+)`'
        state      = $states
        answer     = $result.Answer.oneOf.const
        removal    = 'finish'
    }
    foreach ($kind in $keys.Keys) { $keys[$kind] | Sort-Object -Unique | ForEach-Object { "$kind.$_" } }
}

# Parameters, commands, variables, properties, types and endings of files, which are the same in every language.
function Get-Name([string] $Text) {
    [regex]::Matches($Text, '(?<!\w)-[A-Z]\w+|\w+-[A-Z]\w+|\w+_\w+|\w*[a-z][A-Z]\w*|\w+(\.[A-Z]\w+)+|\.ps\w+') | ForEach-Object Value
}

# The kind of stop that a sentence ends with; nothing for a fragment.
function Get-Stop([string] $Text) {
    $last = "$($Text[-1])" -replace '。', '.' -replace '？', '?' -replace '：', ':'
    if ('.?:'.Contains($last)) { $last }
}

# What a language lacks, has too much, has left in English, or has with other placeholders, names or stops. An
# obstacle is told the guest's name, the new address and the objects; how much of it a sentence uses is its own affair.
function Get-Fault($English, $Language, [string[]] $LibraryKey) {
    foreach ($key in @($English.Keys) + $LibraryKey) { if (-not $Language.Contains($key)) { "lacks $key" } }
    foreach ($key in $Language.Keys) {
        $text = $Language[$key]
        $holds = Get-Placeholder $text
        if ($text -match '^\s|\s$|\s\s') { "needless space in $key" }
        if ($English.Contains($key)) {
            $differs = $holds -ne (Get-Placeholder $English[$key])
            $stop = Get-Stop $English[$key]
            if ($text -ceq $English[$key]) { "English in $key" }
            foreach ($name in Get-Name $English[$key]) { if (-not $text.Contains($name)) { "no $name in $key" } }
        }
        elseif ($LibraryKey -contains $key) { $differs = $holds -notmatch $(if ($key -like 'obstacle.*') { '^[0-2 ]*$' } else { '^$' }) }
        elseif ($LibraryKey -contains ($key -replace '^hint\.', 'status.')) { $differs = $holds -ne '' }
        else { "nobody uses $key"; continue }
        if (-not $English.Contains($key)) { $stop = if ($key -notmatch '^(step|state|answer)\.') { '.' } }
        if ($differs) { "other placeholders in $key" }
        if ((Get-Stop $text) -ne $stop) { "other stop in $key" }
    }
}

It 'every sentence in the code is in English, with as many placeholders as values, and no other is' {
    foreach ($project in $tables.Keys) {
        $english = Get-Table $tables[$project] 'en-US'
        $uses = @(Get-Use $project)
        Assert-True ($uses.Count -ge 5) "$project speaks"
        foreach ($use in $uses) {
            Assert-True $english.Contains($use.Key) "$($use.Key) is in the table"
            $expected = if ($use.Values) { "$(0..($use.Values - 1))" } else { '' }
            Assert-Equal $expected (Get-Placeholder $english[$use.Key]) "placeholders of $($use.Key)"
        }
        foreach ($key in $english.Keys) { Assert-True ($uses.Key -contains $key) "$key is used" }
    }
}

It 'no sentence stands in the code' {
    $old = "$modules/src/GuestRedemption.AzureADPreview"
    # a manifest, which StandIn writes, is the same in every language
    $files = "$modules/src/GuestRedemption.PowerShell", "$old/Migration", "$old/Compatibility" | ForEach-Object { [IO.Directory]::GetFiles($_, '*.cs') } | Where-Object { $_ -notlike '*StandIn.cs' }
    $literals = foreach ($file in $files) {
        $unit = [Microsoft.CodeAnalysis.CSharp.SyntaxFactory]::ParseCompilationUnit([IO.File]::ReadAllText($file))
        $unit.DescendantTokens() | Where-Object { $_.Value -is [string] } | ForEach-Object ValueText
    }
    Assert-True ($literals -ccontains 'PendingAcceptance') 'literals are seen'
    Assert-Equal '' "$($literals -cmatch '^\W?[A-Z].* .*\w[.?:]$|\w \w+ \w+ \w+[.?:]?$')"
}

It 'every language is there and complete' {
    foreach ($module in $tables.Values) {
        Assert-Equal "$translations" "$(Get-Language $module)" "languages of $module"
        $english = Get-Table $module 'en-US'
        $library = @(if ($module -eq 'GuestRedemption') { Get-LibraryKey })
        foreach ($language in $translations) {
            Assert-Equal 0x7b ([IO.File]::ReadAllBytes("$modules/$module/$language/Messages.json")[0]) "first byte of $module in $language"
            $faults = @(Get-Fault $english (Get-Table $module $language) $library)
            Assert-Equal '' ($faults -join '; ') "$module in $language"
        }
        # hints are optional, but for all languages
        $hints = $translations | ForEach-Object { "$((Get-Table $module $_).Keys -like 'hint.*' | Sort-Object)" } | Sort-Object -Unique
        Assert-Equal 1 @($hints).Count "sets of hints in $module"
    }
}

It 'the look at a language sees what is wrong with it' {
    $library = @(Get-LibraryKey)
    foreach ($key in 'status.GUEST_NOT_FOUND', 'obstacle.INTERNAL_USER', 'obstacle.DYNAMIC_GROUP', 'notChecked.ADDRESS_OWNERS', 'notChecked.RESTRICTED_UNIT', 'step.undo', 'state.unknown', 'answer.cannot_tell') {
        Assert-True ($library -ccontains $key) "$key is known"
    }
    Assert-True ($library -notcontains 'status.OK') 'success needs no sentence'
    $english = @{ 'a' = 'x {0} {1}'; 'b' = 'y'; 'n' = 'Run Get-It -Force on .ps1 in Az.Accounts, A_B and otherMails.' }
    $whole = @{ 'a' = '{1} x {0}'; 'b' = 'z'; 'n' = 'A_B、otherMails、Az.Accounts -Force .ps1 Get-It。' }
    foreach ($key in $library) { $whole[$key] = if ($key -match '^(step|state|answer)\.') { 'text' } else { 'text.' } }
    $whole['obstacle.ADDRESS_IN_USE'] = '{1} is not free: {2}.'
    $whole['hint.GUEST_NOT_FOUND'] = 'look.'
    Assert-Equal '' "$(Get-Fault $english $whole $library)"
    $changes = @(
        @{ 'a' = '{0}' }, @{ 'status.PANIC' = '{0}.' }, @{ 'obstacle.NO_ADDRESS' = '{3}.' }, @{ 'hint.NONSENSE' = 'x' }, @{ 'c' = 'x' }
        @{ 'b' = 'y' }, @{ 'b' = 'z.' }, @{ 'b' = 'z ' }, @{ 'b' = 'z  z' }, @{ 'status.PANIC' = 'x' }, @{ 'step.find' = 'x.' }
        'A_B', 'otherMails', 'Az.Accounts', '-Force', '.ps1', 'Get-It' | ForEach-Object { @{ 'n' = $whole['n'].Replace($_, 'x') } }
    )
    foreach ($change in $changes) {
        $broken = $whole.Clone()
        foreach ($key in $change.Keys) { $broken[$key] = $change[$key] }
        Assert-Equal 1 @(Get-Fault $english $broken $library).Count "$($change.Keys) $($change.Values)"
    }
    $broken = $whole.Clone()
    $broken.Remove('step.find')
    Assert-Equal 'lacks step.find' "$(Get-Fault $english $broken $library)"
}

# A built copy of the modules with English and these languages: tables by language, or the text of a file.
function Use-Language([hashtable] $Languages, [scriptblock] $Body) {
    $copy = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
    $null = New-Item -ItemType Directory $copy
    Copy-Item "$modules/GuestRedemption", "$modules/GuestRedemption.AzureADPreview" $copy -Recurse
    foreach ($module in $tables.Values) { foreach ($name in $translations) { Remove-Item "$copy/$module/$name" -Recurse } }
    foreach ($name in $Languages.Keys) { Save-Language "$copy/GuestRedemption/$name" $Languages[$name] }
    try { & $Body $copy }
    finally { Remove-Item $copy -Recurse -Force }
}

function Save-Language([string] $Folder, $Table) {
    $null = New-Item -ItemType Directory $Folder -Force
    [IO.File]::WriteAllText("$Folder/Messages.json", $(if ($Table -is [string]) { $Table } else { ConvertTo-Json $Table }))
}

# What a script says in a session of its own, each line as written.
function Invoke-Session([string] $Script) { (& pwsh -NoProfile -Command "`$ProgressPreference = 'SilentlyContinue'; `$ErrorActionPreference = 'Stop'; $Script" 2>&1 | ForEach-Object { "$_" }) -join "`n" }

It 'speaks the language of $PSUICulture, sentence by sentence' {
    $languages = @{
        'nl'      = @{ 'connect.none' = 'niet verbonden'; 'get.staleIsPending' = 'alleen wachtende' }
        'nl-BE'   = @{ 'connect.none' = 'geen verbinding' }
        'zh-Hans' = @{ 'connect.none' = '未连接' }
        'de'      = @{ 'connect.none' = 'nicht verbunden' }
    }
    Use-Language $languages {
        param($copy)
        $shown = Invoke-Session @"
Import-Module '$copy/GuestRedemption'
foreach (`$culture in 'nl-BE', 'nl-NL', 'nl', 'zh-CN', 'zh-TW', 'de-AT', 'sv-SE', 'en-GB', '') {
    [Globalization.CultureInfo]::CurrentUICulture = `$culture
    `$none = Get-GuestRedemptionContext -Verbose 4>&1
    `$stale = try { Get-GuestRedemption -Stale 1 -State Accepted } catch { "`$_" }
    "<`${culture}> <`$PSUICulture> <`$none> <`$stale>"
}
"@
        $english = Get-Table 'GuestRedemption' 'en-US'
        $none, $stale = $english['connect.none'], $english['get.staleIsPending']
        $expected = @(
            '<nl-BE> <nl-BE> <geen verbinding> <alleen wachtende>'
            '<nl-NL> <nl-NL> <niet verbonden> <alleen wachtende>'
            '<nl> <nl> <niet verbonden> <alleen wachtende>'
            "<zh-CN> <zh-CN> <未连接> <$stale>"
            "<zh-TW> <zh-TW> <$none> <$stale>"
            "<de-AT> <de-AT> <nicht verbunden> <$stale>"
            "<sv-SE> <sv-SE> <$none> <$stale>"
            "<en-GB> <en-GB> <$none> <$stale>"
            "<> <> <$none> <$stale>"
        )
        Assert-Equal ($expected -join "`n") $shown
    }
}

It 'takes the culture of the host that runs it' {
    $started = Start-Shell "Import-Module '$modules/GuestRedemption'; `$VerbosePreference = 'Continue'; Get-GuestRedemptionContext"
    $null = $started.Shell.EndInvoke($started.Running)
    Assert-Equal (Get-Table 'GuestRedemption' 'en-US')['connect.none'] "$($started.Shell.Streams.Verbose)"
}

It 'opens no table before it has something to say' {
    Use-Language @{ 'nl' = @{ 'connect.none' = 'vroeg' } } {
        param($copy)
        $shown = Invoke-Session @"
[Globalization.CultureInfo]::CurrentUICulture = 'nl-NL'
Import-Module '$copy/GuestRedemption'
`$null = Get-GuestRedemption $alice
`$null = Get-Command -Module GuestRedemption
[IO.File]::WriteAllText('$copy/GuestRedemption/nl/Messages.json', '{"connect.none":"laat"}')
"`$(Get-GuestRedemptionContext -Verbose 4>&1)"
"@
        Assert-Equal 'laat' ($shown -split "`n" | Select-Object -Last 1)
    }
}

It 'a table that is missing or broken costs words, not commands' {
    Use-Language @{ 'nl' = 'not a table'; 'de' = '["not a table"]' } {
        param($copy)
        $say = "foreach (`$culture in 'nl-NL', 'de-DE') { [Globalization.CultureInfo]::CurrentUICulture = `$culture; `"`$(Get-GuestRedemptionContext -Verbose 4>&1)`" }"
        $none = (Get-Table 'GuestRedemption' 'en-US')['connect.none']
        Assert-Equal "$none`n$none" (Invoke-Session "Import-Module '$copy/GuestRedemption'; $say")
        Remove-Item "$copy/GuestRedemption/en-US/Messages.json"
        $refused = Invoke-Session "Import-Module '$copy/GuestRedemption'; try { [pscustomobject]@{ Id = 'a'; ObjectId = 'b' } | Get-GuestRedemption } catch { `"`$_`"; `$_.FullyQualifiedErrorId }"
        Assert-Equal "user.columnsDiffer a, b`nContradictoryInput,Get-GuestRedemption" $refused
    }
}

# A language that says each of its keys, in brackets of its own
function Get-EveryWord {
    $all = @{}
    foreach ($key in Get-LibraryKey) { $all[$key] = "($key)" }
    $english = Get-Table 'GuestRedemption' 'en-US'
    foreach ($key in $english.Keys) { $all[$key] = "($key$((Get-Placeholder $english[$key]) -replace '\d', ' {$0}' -replace '  ', ' '))" }
    $all['obstacle.DYNAMIC_GROUP'] = '(obstacle.DYNAMIC_GROUP {0}|{1}|{2})'
    $all['hint.ADDRESS_IN_USE'] = '(hint.ADDRESS_IN_USE)'
    $all
}

It 'in another language its sentence goes first and the library''s own words follow' {
    Use-Language @{ 'fr' = Get-EveryWord } {
        param($copy)
        $shown = Invoke-Session @"
[Globalization.CultureInfo]::CurrentUICulture = 'fr-CH'
Import-Module '$copy/GuestRedemption'
`$fail = { param(`$block) try { & `$block } catch { "`$_"; `$_.ErrorDetails.RecommendedAction; `$_.FullyQualifiedErrorId; `$_.Exception.Message } }
& `$fail { Test-GuestRedemption nobody@fabrikam.com }
& `$fail { Reset-GuestRedemption $alice kontakt@tailspin.com -Force }
`$plan = Test-GuestRedemption $alice alice@tailspin.com
"`$(`$plan.Outcome) `$(`$plan.Obstacles[0].Code) `$(`$plan.WillOpen[0].Why)"
`$plan.Obstacles[0].Message
`$plan | Format-List | Out-String -Width 1000
`$all = Reset-GuestRedemption $alice alice@tailspin.com -OldAddress Remove -Force -Verbose -Debug -WarningAction Continue *>&1
`$all | ForEach-Object { "`$(`$_.GetType().Name) `$_" }
`$all[-1].Outcome
`$all[-1].State
`$all[-1] | Format-List | Out-String -Width 1000
"@
        foreach ($line in @(
                '(status.GUEST_NOT_FOUND). [no user is named nobody@fabrikam.com or holds this address. Check the address and the tenant; a deleted user must be restored first.]'
                'GuestNotFound,Test-GuestRedemption'
                'no user is named nobody@fabrikam.com or holds this address'
                '(status.ADDRESS_IN_USE). (hint.ADDRESS_IN_USE). [kontakt@tailspin.com belongs to the contact'
                'AddressInUse,Reset-GuestRedemption'
                'planned DYNAMIC_GROUP NewMail'
                "(obstacle.DYNAMIC_GROUP Alice Alvarez|alice@tailspin.com|group 'Fabrikam People' (30000000-0000-4000-8000-000000000003)) [the rule of a dynamic group reads addresses, so the change may end the guest's membership: group 'Fabrikam People' (30000000-0000-4000-8000-000000000003). Adapt the rule, or keep the old address in otherMails.]"
                '(step.address) [address: set mail to alice@tailspin.com]'
                'alice@tailspin.com: (opens.newMail)'
                '(step.invite): (answer.yes) [invite: yes (User.ReadWrite.All'
                '(notChecked.CROSS_TENANT_SYNC) [cross-tenant synchronisation'
                'VerboseRecord (step.find): (state.done) [find: done - found 1'
                'WarningRecord Alice Alvarez: (obstacle.DYNAMIC_GROUP Alice Alvarez|'
                'DebugRecord GET /v1.0/users'
                'WarningRecord (reset.removedPartly Alice Alvarez alice@fabrikam.com proxyAddresses)'
                '(removal.finish) [Graph cannot take an address out'
                '(step.verify): (state.done) [verify done: the directory shows the reset]'
            )) { Assert-True $shown.Contains($line) "'$line' is in: $shown" }
        foreach ($line in "`n(hint.ADDRESS_IN_USE)`n", "`ndone`n", "`nPendingAcceptance`n", "`nthe rule of a dynamic group reads addresses, so") { Assert-True $shown.Contains($line) "a line of its own: $line" }
        Assert-NoMatch 'DebugRecord .*\((step|state)\.' $shown
    }
}

It 'asks in the language of the session' {
    Use-Language @{ 'fr' = Get-EveryWord } {
        param($copy)
        $script = "`$ProgressPreference = 'SilentlyContinue'; [Globalization.CultureInfo]::CurrentUICulture = 'fr'; Import-Module '$copy/GuestRedemption'; Reset-GuestRedemption $alice alice@tailspin.com"
        $shown = ('N' | & pwsh -NoProfile -Command $script 2>&1 | Out-String) -replace '\s*\r?\n\s*', ' '
        foreach ($part in '(reset.title)', "(reset.wish Alice Alvarez alice_fabrikam.com#EXT#@contoso.onmicrosoft.com $alice", '(reset.addressChanged alice@fabrikam.com alice@tailspin.com)', '(reset.noMail)', '(reset.continue)') {
            Assert-True $shown.Contains($part) "'$part' is in: $shown"
        }
    }
}

It 'the old cmdlets explain themselves in the language of the session' {
    Use-Language @{} {
        param($copy)
        Save-Language "$copy/GuestRedemption.AzureADPreview/fr" @{ 'connect.noGermany' = 'fermé en 2021' }
        $shown = Invoke-Session @"
[Globalization.CultureInfo]::CurrentUICulture = 'fr-FR'
Import-Module '$copy/GuestRedemption.AzureADPreview'
try { Connect-AzureAD -AzureEnvironmentName AzureGermanyCloud } catch { "`$_"; `$_.FullyQualifiedErrorId }
Get-AzureADCurrentSessionInfo -ErrorVariable none
"@
        Assert-Match 'fermé en 2021\nConnect-AzureAD,Microsoft.Open.Azure.AD.CommonLibrary.ConnectAzureAD' $shown
        Assert-Match 'You must call the Connect-AzureAD cmdlet' $shown
    }
}

# Cultures of sessions, and the language that each gets.
$cultures = [ordered]@{ 'de' = 'de'; 'zh-CN' = 'zh-Hans'; 'nl-BE' = 'nl'; 'sv-FI' = 'sv'; 'fr-CA' = 'fr' }

# What a script says in each of them, without breaks of lines.
function Invoke-Culture([string] $Script) {
    $names = "'$($cultures.Keys -join "', '")'"
    $shown = Invoke-Session "Import-Module '$modules/GuestRedemption', '$modules/GuestRedemption.AzureADPreview'; foreach (`$culture in $names) { [Globalization.CultureInfo]::CurrentUICulture = `$culture; `"<`$PSUICulture>`"; $Script }"
    $said = $shown -split '(?m)^<[\w-]+>\n'
    Assert-Equal ($cultures.Count + 1) $said.Count "cultures in: $shown"
    $at = 0
    foreach ($language in $cultures.Values) { [pscustomobject]@{ Language = $language; Text = $said[++$at] -replace '\n', ' ' } }
}

function Assert-Said($Shown, [string[]] $Parts) {
    foreach ($part in $Parts) { Assert-True $Shown.Text.Contains($part) "'$part' is in $($Shown.Language): $($Shown.Text)" }
}

It 'refuses and asks in five languages, and keeps ids, codes and outcomes' {
    $all = Invoke-Culture @"
try { Reset-GuestRedemption $ines -Force } catch { "`$_"; `$_.ErrorDetails.RecommendedAction; `$_.FullyQualifiedErrorId; `$_.Exception.Status }
Reset-GuestRedemption $alice alice@tailspin.com -WhatIf
`$plan = Test-GuestRedemption $alice alice@tailspin.com
`$plan.Outcome, `$plan.Obstacles[0].Code, `$plan.NotChecked[0].Code, `$plan.WillOpen[0].Why
`$plan | Format-List | Out-String -Width 1000
"@
    foreach ($shown in $all) {
        $table = Get-Table 'GuestRedemption' $shown.Language
        Assert-Said $shown @(
            "$($table['status.INTERNAL_USER']) $($table['hint.INTERNAL_USER']) ["
            "$($table['hint.INTERNAL_USER']) InternalUser,Reset-GuestRedemption INTERNAL_USER "
            $table['reset.wish'] -f 'Alice Alvarez', 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com', $alice, 'c0ffee00-0000-4000-8000-000000000000', "sandbox $(([uri]$sandbox).Authority)"
            $table['reset.addressChanged'] -f 'alice@fabrikam.com', 'alice@tailspin.com'
            $table['reset.noMail']
            ' planned DYNAMIC_GROUP MULTITENANT_ORGANIZATION NewMail '
            $table['obstacle.DYNAMIC_GROUP'] -f 'Alice Alvarez', 'alice@tailspin.com', "group 'Fabrikam People' (30000000-0000-4000-8000-000000000003)"
            "$($table['notChecked.AUTOMATIC_REDEMPTION']) ["
            "alice@tailspin.com: $($table['opens.newMail'])"
            "$($table['step.address']) ["
            "$($table['step.invite']): $($table['answer.yes']) ["
        )
    }
    Assert-Equal 0 (Get-SandboxState).writes 'writes'
}

It 'tells of old scripts in five languages, and keeps ids, statuses and names' {
    $folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
    [IO.File]::WriteAllText("$folder/old.ps1", 'Get-AzureADGroup')
    try {
        $all = Invoke-Culture @"
`$use = Find-AzureADScriptUsage '$folder/old.ps1'
"`$(`$use.Reason) `$(`$use.Status) `$(`$use.Replacement)"
try { Enable-AzureADCompatibility '$folder/old.ps1' -ModulePath '$folder' } catch { "`$_ `$(`$_.FullyQualifiedErrorId)".Replace(`$use.Path, 'old.ps1') }
"@
    }
    finally { [IO.Directory]::Delete($folder, $true) }
    foreach ($shown in $all) {
        $table = Get-Table 'GuestRedemption.AzureADPreview' $shown.Language
        Assert-Said $shown @(
            "$($table['scan.noCommand'] -f 'GuestRedemption.AzureADPreview', 'Get-AzureADGroup') Missing Get-MgGroup or Get-EntraGroup"
            "$($table['enable.missing'] -f 1, "Get-AzureADGroup (old.ps1:1)") CommandsMissing,Enable-AzureADCompatibility"
        )
    }
}

It 'finds the English help in a session of a language that has none' {
    $pages = { param($culture) Invoke-Session @"
[Globalization.CultureInfo]::CurrentUICulture = '$culture'
Import-Module '$modules/GuestRedemption', '$modules/GuestRedemption.AzureADPreview'
(Get-Command -Module GuestRedemption, GuestRedemption.AzureADPreview).Name + 'about_GuestRedemption', 'about_GuestRedemption.AzureADPreview', 'about_AzureADPreview_Migration' | ForEach-Object { Get-Help `$_ -Full | Out-String }
"@ }
    $english = & $pages 'en-US'
    foreach ($known in 'Reset-GuestRedemption alice@fabrikam.com', 'that calls Connect-AzureAD runs unchanged', 'WHAT CAN COME OUT', 'BETTER THAN BEFORE', 'WHAT CHANGED IN THE SERVICE') { Assert-True $english.Contains($known) $known }
    foreach ($culture in 'it', 'ja-JP') { Assert-True ((& $pages $culture) -ceq $english) "the help of $culture is the English one" }
}

exit $failures
