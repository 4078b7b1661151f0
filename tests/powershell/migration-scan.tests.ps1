# Find-AzureADScriptUsage: what it lists, with which status, and what it leaves alone.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
Import-Module "$modules/GuestRedemption.AzureADPreview"

$old = [IO.File]::ReadAllText("$modules/GuestRedemption.AzureADPreview/OldCommands.json") | ConvertFrom-Json
$folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName

function Set-Script([string] $Text, [string] $Name = 'script.ps1') {
    $file = "$folder/$Name"
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
    [IO.File]::WriteAllText($file, $Text)
    $file
}

# What is found in a script of this text.
function Find-In([string] $Text) { Find-AzureADScriptUsage (Set-Script $Text) }

# "Command Status, Command Status", to compare a whole script at once
function Format-Found($Found) { (@($Found) | ForEach-Object { "$($_.Command) $($_.Status)" }) -join ', ' }

function Assert-One([string] $Text, [string] $Status, [string] $Reason) {
    $found = @(Find-In $Text)
    Assert-Equal 1 $found.Count "usages in: $Text"
    Assert-Equal $Status $found[0].Status $Text
    if ($Reason) { Assert-Match $Reason $found[0].Reason }
    $found[0]
}

It 'tells where a call is, of which module, and what to write instead' {
    $found = @(Find-In "'x'`n  if (`$true) { New-AzureADMSInvitation -InvitedUserEmailAddress a -InviteRedirectUrl b -ResetRedemption `$True }")[0]
    Assert-True $found.Path.EndsWith('/script.ps1') $found.Path
    Assert-Equal '2:16' "$($found.Line):$($found.Column)"
    Assert-Equal 'Command New-AzureADMSInvitation AzureAD Runs' "$($found.Kind) $($found.Command) $($found.Module) $($found.Status)"
    Assert-Equal 'InvitedUserEmailAddress InviteRedirectUrl ResetRedemption' "$($found.Parameters)"
    Assert-Equal $null $found.Reason
    Assert-Equal 'Reset-GuestRedemption or New-MgInvitation or New-EntraInvitation' $found.Replacement
    Assert-True $found.Text.StartsWith('if ($true) {') $found.Text
    $first = @(Find-In 'New-AzureADMSInvitation -InvitedUserEmailAddress a -InviteRedirectUrl b')[0]
    Assert-Equal 'New-MgInvitation or New-EntraInvitation' $first.Replacement 'a first invitation is no reset'
}

It 'tells what is missing, of each old module' {
    $found = Find-In "Get-AzureADGroup -All `$true`nGet-AzureADMSPrivilegedRoleDefinition`nget-msoluser -UserPrincipalName x`nSet-MsolADFSContext"
    Assert-Equal 'Get-AzureADGroup Missing, Get-AzureADMSPrivilegedRoleDefinition Missing, Get-MsolUser Missing, Set-MsolADFSContext Missing' (Format-Found $found)
    Assert-Equal 'AzureAD AzureADPreview MSOnline MSOnline' "$($found.Module)"
    Assert-Equal 'Get-MgGroup or Get-EntraGroup' $found[0].Replacement
    Assert-Equal 'All' "$($found[0].Parameters)"
    Assert-Match 'has no Get-AzureADGroup' $found[0].Reason
    Assert-Equal $null $found[3].Replacement 'nothing has taken its place'
}

It 'knows the present cmdlets and their parameters by themselves' {
    $broken = 'Credential', 'AadAccessToken'
    $own = @(Get-Command -Module GuestRedemption.AzureADPreview | Where-Object { $old.PSObject.Properties[$_.Name] })
    Assert-True ($own.Count -ge 5) "$own"
    foreach ($command in $own) {
        $null = Assert-One $command.Name Runs
        foreach ($name in @($command.Parameters.Keys) + $command.Parameters.Values.Aliases | Where-Object { $broken -notcontains $_ }) {
            $null = Assert-One "$($command.Name) -$name x" Runs
        }
    }
}

It 'resolves parameters as PowerShell does' {
    Assert-Equal 'TenantId ErrorAction' "$((Assert-One 'Connect-AzureAD -Domain x -ea Stop' Runs).Parameters)"
    Assert-Equal 'TenantId' "$((Assert-One 'Connect-AzureAD -Tenant:x' Runs).Parameters)"
    Assert-Equal 'Nope' "$((Assert-One 'Get-AzureADUser -ObjectId x -Nope' Partly '-Nope is neither').Parameters[1])"
    $null = Assert-One 'Connect-AzureAD -A x' Partly '-A is neither'
}

It 'knows what cannot work any more' {
    $null = Assert-One 'Connect-AzureAD -Cred $c' Partly 'password'
    $null = Assert-One 'Connect-AzureAD -AadAccessToken $t -AccountId a' Partly 'Microsoft Graph'
    $null = Assert-One 'Connect-AzureAD -AadAccessToken $t -MsAccessToken $t -AccountId a' Runs
    $null = Assert-One "Connect-AzureAD -AzureEnv 'AzureGermanyCloud'" Partly 'closed'
    $null = Assert-One 'Connect-AzureAD -AzureEnvironmentName AzureUSGovernment' Runs
}

It 'reads a splatted table that is written out, and says where it cannot' {
    $table = '$with = [ordered]@{ InvitedUserEmailAddress = $a; InviteRedirectUrl = $u }; $with.ResetRedemption = $true; $with["SendInvitationMessage"] = $true; $with.Add("InvitedUser", $i)'
    $found = Assert-One "$table; New-AzureADMSInvitation @with" Runs
    Assert-Equal 'InvitedUserEmailAddress InviteRedirectUrl ResetRedemption SendInvitationMessage InvitedUser' "$($found.Parameters)"
    $null = Assert-One '$with = @{ ObjectId = 1; Nope = 2 }; Get-AzureADUser @with' Partly '-Nope is neither'
    $unknown = @(
        'Get-AzureADUser @with'
        '$with = Get-It; Get-AzureADUser @with'
        '$with = @{ ObjectId = 1 }; $with = @{ Nope = 1 }; Get-AzureADUser @with'
        '$with = @{ ObjectId = 1 }; $with += $more; Get-AzureADUser @with'
        '$with = @{ ObjectId = 1 }; $with[$name] = 1; Get-AzureADUser @with'
        '$with = @{ ObjectId = 1 }; Add-More $with; Get-AzureADUser @with'
        '$with = @{ $name = 1 }; Get-AzureADUser @with'
        '$with = @{ ObjectId = 1 }; function f($with) { Get-AzureADUser @with }'
        'function f { Get-AzureADUser @PSBoundParameters }'
    )
    foreach ($text in $unknown) { $null = Assert-One $text Partly 'cannot tell' }
}

It 'finds calls by alias, by string and with the name of the module' {
    $found = Find-In "Set-Alias gu Get-AzureADUser`nNew-Alias -Value Get-MsolUser -Name gm -Force`ngu -ObjectId x`ngm"
    Assert-Equal 'Get-AzureADUser Runs, Get-MsolUser Missing, Get-AzureADUser Runs, Get-MsolUser Missing' (Format-Found $found)
    Assert-Equal '1 2 3 4' "$($found.Line)"
    Assert-Equal 'Get-AzureADUser' (Assert-One "& 'Get-AzureADUser' -ObjectId x" Runs).Command
    $named = Assert-One 'AzureADPreview\Get-AzureADUser -ObjectId x' Runs 'Enable-AzureADCompatibility -Name AzureADPreview'
    Assert-Equal 'AzureADPreview' $named.Module
    $null = Assert-One 'AzureAD\Get-AzureADUser -ObjectId x' Runs '-Name AzureAD,'
    $null = Assert-One 'MSOnline\Get-MsolUser' Missing
    $null = Assert-One 'AzureADPreview\Get-SomethingNobodyKnows' Missing
}

It 'leaves everything else alone' {
    $texts = @(
        'Get-AzADUser; Get-ADUser; Get-AzureADSyncCycle; Start-ADSyncSyncCycle; Get-MgUser; Get-AzureADAnything'
        'function Get-AzureADGroup { "own" }; Get-AzureADGroup'
        'function global:Get-MsolUser { }; Get-MsolUser'
        'Set-Alias Get-AzureADGroup Get-MgGroup; Get-AzureADGroup'
        'Get-Command Get-AzureADGroup; "Get-AzureADGroup"; # Get-AzureADGroup'
        'GuestRedemption.AzureADPreview\New-AzureADMSInvitation; Other\Get-AzureADUser'
        'Import-Module Az.Accounts, AzureADIncidentResponse; Get-Module *; Import-Module $name; [string]; New-Object Text.StringBuilder'
        '& $command; Get-Thing AzureAD'
    )
    foreach ($text in $texts) { Assert-Equal '' (Format-Found @(Find-In $text)) $text }
}

It 'finds types, and knows which are there' {
    $found = Find-In @'
param([Microsoft.Open.AzureAD.Model.PasswordProfile] $password)
New-Object -TypeName Microsoft.Open.MSGraph.Model.User -ArgumentList $id
New-Object 'System.Collections.Generic.List[microsoft.open.msgraph.model.recipient]'
try { } catch [Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException], [Microsoft.Open.AzureAD16.Client.ApiException] { }
[Microsoft.Open.Azure.AD.CommonLibrary.AzureSession]::AccessTokens
$x -as [System.Collections.Generic.List[Microsoft.Open.MSGraph.Model.EmailAddress]]
New-Object Microsoft.Online.Administration.StrongAuthenticationRequirement
'@
    $missing = '[Microsoft.Open.Azure.AD.CommonLibrary.AzureSession]', '[Microsoft.Online.Administration.StrongAuthenticationRequirement]'
    Assert-Equal ($missing -join ' ') "$(($found | Where-Object Status -EQ Missing).Command)"
    Assert-Equal 6 @($found | Where-Object Status -EQ Runs).Count
    Assert-Equal 'MSOnline' $found[-1].Module
    Assert-True (-not ($found | Where-Object Kind -NE Type)) 'all are types'
    $null = Assert-One 'using namespace Microsoft.Open.MSGraph.Model' Partly 'without their namespace'
    $null = Assert-One 'using namespace Microsoft.Open.MSGraph.Nowhere' Missing
}

It 'finds modules that are required, imported or installed' {
    $null = Assert-One '#Requires -Modules AzureADPreview' Runs 'Enable-AzureADCompatibility -Name AzureADPreview'
    $null = Assert-One '#requires -modules azuread' Runs '-Name AzureAD,'
    $null = Assert-One "#Requires -Modules @{ ModuleName = 'AzureADPreview'; ModuleVersion = '2.0.2.183' }" Runs
    $null = Assert-One "#Requires -Modules @{ ModuleName = 'AzureADPreview'; ModuleVersion = '2.0.3' }" Missing 'another version'
    $null = Assert-One "#Requires -Modules @{ ModuleName = 'AzureADPreview'; RequiredVersion = '2.0.2.149' }" Missing 'another version'
    $null = Assert-One "#Requires -Modules @{ ModuleName = 'AzureADPreview'; ModuleVersion = '2.0'; GUID = '$([Guid]::NewGuid())' }" Missing 'GUID'
    $null = Assert-One 'using module AzureADPreview' Runs
    $null = Assert-One "using module @{ ModuleName = 'AzureAD'; ModuleVersion = '3.0' }" Missing 'another version'
    $null = Assert-One 'Import-Module AzureADPreview -MinimumVersion 2.0.2.85 -Force' Runs
    $null = Assert-One 'ipmo AzureADPreview -RequiredVersion 2.0.2.85' Missing 'another version'
    $null = Assert-One 'Import-Module AzureADPreview -UseWindowsPowerShell' Partly 'UseWindowsPowerShell'
    $null = Assert-One 'Import-Module C:\modules\AzureADPreview\AzureADPreview.psd1' Missing 'file'
    $null = Assert-One 'Get-Module -ListAvailable -Name AzureAD*' Runs
    $null = Assert-One 'Install-Module AzureADPreview -Force' Partly 'Leave the line out'
    $null = Assert-One 'Get-InstalledModule -Name AzureAD' Partly 'gallery'
    $null = Assert-One 'Import-Module MSOnline' Missing 'no stand-in'
    $found = Find-In "#Requires -Version 5.1`n#Requires -Modules Az.Accounts, MSOnline`n#Requires -Modules AzureAD`nImport-Module 'AzureAD', 'MSOnline'"
    Assert-Equal '2 3 4 4' "$($found.Line)"
    Assert-Equal 'MSOnline AzureAD AzureAD MSOnline' "$($found.Module)"
}

It 'reads what a manifest requires' {
    $file = Set-Script "@{ ModuleVersion = '1.0'; Description = 'AzureAD'; RequiredModules = @('Az.Accounts', 'AzureAD', @{ ModuleName = 'AzureADPreview'; ModuleVersion = '9.0' }) }" 'own.psd1'
    Assert-Equal 'RequiredModules AzureAD Runs, RequiredModules AzureADPreview Missing' (Format-Found (Find-AzureADScriptUsage $file))
    [IO.File]::Delete($file)
}

It 'says where a file does not parse, and reads the others' {
    $null = Set-Script "'x'`nGet-AzureADUser <<here>>" 'many/a.ps1'
    $null = Set-Script 'Get-AzureADGroup' 'many/b.ps1'
    $null = Set-Script "using module NobodyHasThis`nclass A : Not.Here { }`nGet-AzureADGroup" 'many/c.ps1'
    $found = Find-AzureADScriptUsage "$folder/many" -ErrorVariable failures -ErrorAction SilentlyContinue
    Assert-Equal 'Get-AzureADGroup Missing, Get-AzureADGroup Missing' (Format-Found $found)
    Assert-Equal 1 $failures.Count
    Assert-Equal 'ScriptNotParsed,Find-AzureADScriptUsage' $failures[0].FullyQualifiedErrorId
    Assert-Match 'a\.ps1, line 2, column 18' "$($failures[0])"
    [IO.Directory]::Delete("$folder/many", $true)
}

It 'takes files, folders and patterns, each file once' {
    $null = Set-Script 'Get-AzureADGroup' 'tree/a.ps1'
    $null = Set-Script 'Get-AzureADGroup' 'tree/b.psm1'
    $null = Set-Script 'Get-AzureADGroup' 'tree/c.txt'
    $null = Set-Script 'Get-AzureADGroup' 'tree/in [1]/d.ps1'
    $names = { param($found) ($found.Path | ForEach-Object { Split-Path $_ -Leaf }) -join ' ' }
    Assert-Equal 'a.ps1 b.psm1' (& $names (Find-AzureADScriptUsage "$folder/tree"))
    Assert-Equal 'a.ps1 b.psm1 d.ps1' (& $names (Find-AzureADScriptUsage -Path "$folder/tree" -Recurse))
    Assert-Equal 'b.psm1' (& $names (Find-AzureADScriptUsage "$folder/tree/b*"))
    Assert-Equal 'd.ps1' (& $names (Find-AzureADScriptUsage -LiteralPath "$folder/tree/in [1]/d.ps1"))
    Assert-Equal 'a.ps1 b.psm1 d.ps1' (& $names (Get-ChildItem "$folder/tree" -Recurse | Find-AzureADScriptUsage | Sort-Object { Split-Path $_.Path -Leaf }))
    Assert-Equal 'a.ps1' (& $names ([pscustomobject]@{ FullName = "$folder/tree/a.ps1" } | Find-AzureADScriptUsage))
    Assert-Equal 'a.ps1 b.psm1' (& $names ("$folder/tree/a.ps1", "$folder/tree/a.ps1", "$folder/tree" | Find-AzureADScriptUsage))
    $null = Find-AzureADScriptUsage "$folder/tree/c.txt" -WarningVariable told -WarningAction SilentlyContinue
    Assert-Match 'c\.txt was not looked at' "$told"
    $null = Assert-ErrorId 'ScriptNotFound,Find-AzureADScriptUsage' { Find-AzureADScriptUsage "$folder/nowhere.ps1" @args }
    $null = Assert-ErrorId 'ScriptNotFound,Find-AzureADScriptUsage' { Find-AzureADScriptUsage -LiteralPath "$folder/nowhere.ps1" @args }
    [IO.Directory]::Delete("$folder/tree", $true)
}

It 'runs nothing of what it reads' {
    $null = Find-In "[IO.File]::WriteAllText('$folder/ran', 'x'); Get-AzureADGroup"
    Assert-True (-not [IO.File]::Exists("$folder/ran")) 'it ran'
}

It 'shows a table by file, and everything in a list' {
    $found = Find-In 'Get-AzureADGroup; Connect-AzureAD -Credential $c'
    $table = $found | Out-String -Width 200
    Assert-Match 'Path: .*script\.ps1' $table
    Assert-Match '(?m)^ Line Status  Command +Replacement +Reason' $table
    Assert-Match '(?m)^ +1 Missing Get-AzureADGroup +Get-MgGroup or Get-EntraGroup ' $table
    $list = ($found | Format-List | Out-String) -replace "`r"
    $order = 'Path Line Column Kind Command Module Status Parameters Reason Replacement Text'
    Assert-Equal "$order $order" (([regex]::Matches($list, '(?m)^(\w+) +:') | ForEach-Object { $_.Groups[1].Value }) -join ' ')
    Assert-Equal 'GuestRedemption.AzureADPreview.AzureADScriptUsage' (Get-Command Find-AzureADScriptUsage).OutputType.Name
}

It 'has a table of old commands that is sound' {
    $names = $old.PSObject.Properties.Name
    Assert-True ($names.Count -gt 400) "$($names.Count) commands"
    Assert-Equal $names.Count @($names | Sort-Object -Unique).Count 'each once'
    foreach ($entry in $old.PSObject.Properties) {
        Assert-True ($entry.Value.module -cin 'AzureAD', 'AzureADPreview', 'MSOnline') "$($entry.Name): module"
        Assert-True (($entry.Value.module -eq 'MSOnline') -eq ($entry.Name -match '-Msol')) "$($entry.Name): $($entry.Value.module)"
        foreach ($member in $entry.Value.PSObject.Properties) {
            $form = @{ module = '.'; onlyWith = '^\w+$'; guestRedemption = '^\w+-GuestRedemption'; graph = '^[A-Z][a-z]+-Mg[A-Z]\w+$'; entra = '^[A-Z][a-z]+-Entra([A-Z]\w+)?$' }[$member.Name]
            foreach ($value in $member.Value) { Assert-True ($form -and $value -cmatch $form) "$($entry.Name): $($member.Name) $value" }
        }
        if ($entry.Value.PSObject.Properties['guestRedemption']) { $null = Get-Command -Module GuestRedemption $entry.Value.guestRedemption }
    }
}

[IO.Directory]::Delete($folder, $true)
exit $failures
